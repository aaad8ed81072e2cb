"""Typebot's conditions in CEL."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from markezy.flows.conditions import Condition, InvalidCondition
from markezy.flows.definition import Question, QuestionType

_FIGURES = frozenset({QuestionType.NUMBER, QuestionType.MONEY, QuestionType.SCALE})
_CHOICES = frozenset({QuestionType.CHOICE, QuestionType.MULTI_CHOICE})

Sources = Callable[[str], list[tuple[str, Question | None]]]
"""By variable id, the facts that hold it: `answers.<id>` with its question, or `hidden.<name>` with None."""


class Inexpressible(Exception):
    """The condition has no counterpart; the message says why."""


def condition_of(content: Mapping[str, Any], sources: Sources, locale: str) -> str:
    """The CEL expression for a condition's comparisons."""
    comparisons = [each for each in content.get("comparisons") or [] if isinstance(each, dict)]
    if not comparisons:
        raise Inexpressible("the condition compares nothing")
    parts = [_comparison(each, sources, locale) for each in comparisons]
    joined = (" || " if content.get("logicalOperator") == "OR" else " && ").join(parts)
    try:
        Condition(joined)
    except InvalidCondition:
        raise Inexpressible("the condition can't be written in CEL") from None
    return f"({joined})" if len(parts) > 1 else joined


def _comparison(comparison: Mapping[str, Any], sources: Sources, locale: str) -> str:
    found = sources(str(comparison.get("variableId") or ""))
    if not found:
        raise Inexpressible("it compares a variable no question fills")
    operator, value = str(comparison.get("comparisonOperator") or ""), str(comparison.get("value") or "")
    if "{{" in value:
        raise Inexpressible("it compares one variable with another")
    parts = [_on(fact, question, operator, value, locale) for fact, question in found]
    if len(parts) == 1:
        return parts[0]
    joiner = " && " if operator in ("Is empty", "Not equal", "Does not contain", "Does not match regex") else " || "
    return f"({joiner.join(parts)})"


def _on(fact: str, question: Question | None, operator: str, value: str, locale: str) -> str:
    several = question is not None and question.type is QuestionType.MULTI_CHOICE
    match operator:
        case "Is set":
            return f"has({fact})"
        case "Is empty":
            return f"!has({fact})"
        case "Greater than" | "Less than":
            return f"{fact} {'>' if operator == 'Greater than' else '<'} {_figure(question, value)}"
        case "Equal to" if not several:
            return f"{fact} == {_literal(question, value, locale)}"
        case "Not equal" if not several:
            return f"(!has({fact}) || {fact} != {_literal(question, value, locale)})"
        case "Contains" | "Equal to" if several:
            return f"{_literal(question, value, locale)} in {fact}"
        case "Does not contain" | "Not equal" if several:
            return f"(!has({fact}) || !({_literal(question, value, locale)} in {fact}))"
    return _on_text(fact, question, operator, value)


_TEXT_CALLS = {
    "Contains": "contains",
    "Does not contain": "contains",
    "Starts with": "startsWith",
    "Ends with": "endsWith",
    "Matches regex": "matches",
    "Does not match regex": "matches",
}


def _on_text(fact: str, question: Question | None, operator: str, value: str) -> str:
    call = _TEXT_CALLS.get(operator)
    if call is None:
        raise Inexpressible(f"there is no counterpart of “{operator or 'no operator'}”")
    if question is not None and question.type in _FIGURES | _CHOICES:
        raise Inexpressible(f"“{operator}” looks into a text, and the answer is none")
    if call == "matches" and value.startswith("/"):
        value, _, flags = value[1:].rpartition("/")
        value = f"(?{flags}){value}" if flags in ("i", "s", "m") else value
    expression = f"{fact}.{call}({json.dumps(value, ensure_ascii=False)})"
    return f"(!has({fact}) || !{expression})" if operator.startswith("Does not") else expression


def _figure(question: Question | None, value: str) -> str:
    if question is None or question.type not in _FIGURES:
        raise Inexpressible("it compares sizes, and the answer is no number")
    try:
        figure = float(value.replace(" ", "").replace(",", "."))
    except ValueError:
        raise Inexpressible(f"“{value}” is no number") from None
    return f"{figure:.0f}" if figure.is_integer() else repr(figure)


def _literal(question: Question | None, value: str, locale: str) -> str:
    if question is not None and question.type in _FIGURES:
        return _figure(question, value)
    if question is not None and question.options:
        for option in question.options:
            if value.strip().casefold() in (option.title[locale].casefold(), option.value):
                return json.dumps(option.value)
        raise Inexpressible(f"there is no choice “{value}”")
    return json.dumps(value, ensure_ascii=False)
