"""The answers a flow's conditions can tell apart: a few values stand for all a lead may give.

A number compared with 300 and 5,000 has five kinds of values: below, at, between, at and above. Options no condition names are
one kind. So a handful of combinations decides what holds for every lead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations, pairwise
from typing import Any

from markezy.flows.definition import YES_OR_NO, FlowDefinition, Question, QuestionType
from markezy.flows.expressions import Comparison, read_expression

ABSENT = None
"""What stands for an answer that was skipped or a parameter the page's address lacks."""

_MOST_OPTIONS_COMBINED = 6
_ORDERED = frozenset({"<", "<=", ">", ">="})
_USUAL_FIGURES = (0, 2, 10, 100, 1_000, 5_000, 100_000)
"""Tried where an answer is calculated with, so that its thresholds can't be read off."""
_OTHER_TEXT = "something else"


@dataclass(frozen=True)
class Kinds:
    """Values of one fact, one of each kind."""

    values: tuple[Any, ...]
    exact: bool
    """Whether nothing a lead can say lies outside of these kinds."""


def with_computed(definition: FlowDefinition, sources: Iterable[str]) -> list[str]:
    """`sources` and the expressions of the computed fields they use, those that these use included."""
    wanted = list(dict.fromkeys(sources))
    for source in wanted:
        for name in sorted(read_expression(source).named("computed") & definition.computed.keys()):
            value = definition.computed[name].value
            if value not in wanted:
                wanted.append(value)
    return wanted


def kinds_of(definition: FlowDefinition, fact: str, sources: Iterable[str]) -> Kinds:
    """The kinds of values that the expressions `sources` can tell apart in `fact`, ABSENT not among them.

    `fact` is `answers.<question>`, `hidden.<name>`, `utm.<name>`, `channel` or `locale`.
    """
    readings = [read_expression(source) for source in sources]
    comparisons = [each for reading in readings for each in reading.comparisons if each.fact == fact]
    opaque = any(fact in reading.opaque or fact.partition(".")[0] in reading.opaque for reading in readings)
    if fact == "channel":
        return _merged([channel.value for channel in definition.channels], comparisons, opaque)
    if fact == "locale":
        return _merged(definition.locales, comparisons, opaque)
    question = definition.questions.get(fact.partition(".")[2]) if fact.startswith("answers.") else None
    if question is None:
        return _any_text(comparisons, opaque)
    return _of_question(question, comparisons, opaque)


def _of_question(question: Question, comparisons: list[Comparison], opaque: bool) -> Kinds:
    match question.type:
        case QuestionType.CHOICE:
            return _merged([option.value for option in question.options], comparisons, opaque)
        case QuestionType.MULTI_CHOICE:
            return _several(question, comparisons, opaque)
        case QuestionType.SCALE:
            low, high = int(question.validation.min or 0), int(question.validation.max or 0)
            return _merged(range(low, high + 1), comparisons, opaque)
        case QuestionType.NUMBER | QuestionType.MONEY:
            return _figures(question, comparisons, opaque)
        case QuestionType.DATE:
            return _dates(comparisons, opaque)
        case QuestionType.FILE:
            sent = {"file": "sample", "name": "sample.pdf", "size": 1, "media_type": "application/pdf"}
            return Kinds((sent,), not opaque)
        case _ if question.type in YES_OR_NO:
            return Kinds((True, False), exact=True)
        case _:
            return _any_text(comparisons, opaque)


def _merged(values: Iterable[Any], comparisons: list[Comparison], opaque: bool) -> Kinds:
    """All values there are, without those no comparison can tell from another one."""
    if opaque:
        return Kinds(tuple(values), exact=True)
    kinds: dict[tuple[Any, ...], Any] = {}
    for value in values:
        kinds.setdefault(tuple(_outcome(each, value) for each in comparisons), value)
    return Kinds(tuple(kinds.values()), exact=True)


def _outcome(comparison: Comparison, value: Any) -> bool | None:
    """What the comparison comes to, None when these two can't be compared."""
    try:
        match comparison.operator, comparison.literals:
            case "has", _:
                return True
            case "in", literals:
                return value in literals
            case "contains", (literal,):
                return literal in value
            case "==", (literal,):
                return bool(value == literal)
            case "!=", (literal,):
                return bool(value != literal)
            case "<", (literal,):
                return bool(value < literal)
            case "<=", (literal,):
                return bool(value <= literal)
            case ">", (literal,):
                return bool(value > literal)
            case _:
                return bool(value >= comparison.literals[0])
    except TypeError:
        return None


def _several(question: Question, comparisons: list[Comparison], opaque: bool) -> Kinds:
    options = [option.value for option in question.options]
    least, most = int(question.validation.min or 1), int(question.validation.max or len(options))
    named = {literal for each in comparisons for literal in each.literals}
    told_apart = [option for option in options if opaque or option in named]
    others = [option for option in options if option not in told_apart]
    exact = len(told_apart) <= _MOST_OPTIONS_COMBINED
    sizes = range(len(told_apart) + 1) if exact else (0, 1, 2, len(told_apart))
    chosen: list[list[str]] = []
    for part in chain.from_iterable(combinations(told_apart, size) for size in sizes):
        fill = others[: max(least, 1) - len(part)] if len(part) < max(least, 1) else []
        if max(least, 1) <= len(part) + len(fill) <= most:
            chosen.append([option for option in options if option in part or option in fill])
    return Kinds(tuple(chosen), exact)


def _figures(question: Question, comparisons: list[Comparison], opaque: bool) -> Kinds:
    rules = question.validation
    low = rules.min if rules.min is not None else (0 if question.type is QuestionType.MONEY else None)
    usual = _USUAL_FIGURES if opaque else ()
    limits = sorted(
        {float(literal) for each in comparisons for literal in each.literals if not isinstance(literal, str)}
        | {float(limit) for limit in (low, rules.max, *usual) if limit is not None}
    )
    figures = [(limits or [1.0])[0] - 1, *(limits or [1.0]), (limits or [1.0])[-1] + 1]
    figures += [_between(one, other, rules.integer) for one, other in pairwise(limits)]
    fitting = [
        figure
        for figure in sorted(set(figures))
        if (low is None or figure >= low)
        and (rules.max is None or figure <= rules.max)
        and not (rules.integer and figure % 1)
    ]
    whole = [int(figure) if figure % 1 == 0 else figure for figure in fitting]
    return Kinds(_merged(whole, comparisons, opaque).values, not opaque)


def _between(one: float, other: float, integer: bool) -> float:
    middle = (one + other) / 2
    floor = float(int(middle // 1))
    return floor if floor > one or integer else middle


def _dates(comparisons: list[Comparison], opaque: bool) -> Kinds:
    literals = [literal for each in comparisons for literal in each.literals if isinstance(literal, str)]
    try:
        named = [date.fromisoformat(literal) for literal in literals]
    except ValueError:
        named, opaque = [], True
    days = {date(2000, 1, 1), date(2100, 1, 1), *named}
    days |= {day + timedelta(days=shift) for day in named for shift in (-1, 1)}
    return Kinds(_merged([day.isoformat() for day in sorted(days)], comparisons, opaque).values, not opaque)


def _any_text(comparisons: list[Comparison], opaque: bool) -> Kinds:
    """The literals, and something that is none of them."""
    values = [*dict.fromkeys(literal for each in comparisons for literal in each.literals), _OTHER_TEXT]
    ordered = any(each.operator in _ORDERED or each.operator == "contains" for each in comparisons)
    return Kinds(_merged(values, comparisons, opaque).values, not opaque and not ordered)
