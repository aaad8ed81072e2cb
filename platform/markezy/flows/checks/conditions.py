"""Whether each expression is CEL, knows what it names, and can be worked out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from markezy.flows.checks.circles import circle_of_fields
from markezy.flows.checks.finding import ERROR, WARNING, Finding
from markezy.flows.checks.pieces import Expression, Use, expressions
from markezy.flows.checks.samples import sample_facts
from markezy.flows.conditions import VARIABLES, Condition, Facts, InvalidCondition
from markezy.flows.definition import YES_OR_NO, ChannelName, FlowDefinition, QuestionType
from markezy.flows.expressions import read_expression

_BOUND = re.compile(r"\.\s*(?:exists_one|exists|all|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_ONE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")
_IN_WORDS = re.compile(r"\b(?:and|or|not)\b", re.IGNORECASE)
_PLACE = re.compile(r"<input>:1:(\d+)")
_WITHOUT_SCORE = frozenset({Use.SCORING, Use.COMPUTED})
"""The score is worked out from these, so they can't use it."""
_UTM = ("source", "medium", "campaign", "term", "content", "id")
"""What advertisers mark links with; other names may be handed over too."""


def conditions(definition: FlowDefinition) -> Iterator[Finding]:
    """What is wrong with single expressions."""
    samples = [Facts(facts) for facts in sample_facts(definition)]
    in_circle = circle_of_fields(definition)
    for expression in expressions(definition):
        try:
            condition = Condition(expression.source)
        except InvalidCondition as error:
            yield Finding(
                expression.at,
                "invalid_condition",
                f"This is not a CEL expression{_from(error)}.",
                _rewritten(expression.source),
            )
            continue
        unknown = list(_unknown_names(definition, expression, condition))
        yield from unknown
        yield from _unknown_options(definition, expression)
        other_kind = list(_other_kind(definition, expression))
        yield from other_kind
        yield from _unknown_channels(definition, expression)
        yield from _unknown_parameters(definition, expression)
        if not unknown and not other_kind and not (expression.use is Use.COMPUTED and expression.owner in in_circle):
            yield from _unusable(expression, condition, samples)


def _from(error: InvalidCondition) -> str:
    place = _PLACE.search(str(error))
    return f": it can't be read from character {place[1]} on" if place else ""


def _rewritten(source: str) -> str:
    """What to write, after what people write instead."""
    if _ONE_EQUALS.search(_QUOTED.sub("", source)):
        return "Write `==` where two values are compared."
    if _IN_WORDS.search(_QUOTED.sub("", source)):
        return "Write `&&` for “and”, `||` for “or”, `!` for “not”."
    return 'Write it like `answers.budget >= 1000 && answers.goal == "sales"`.'


def _unknown_names(definition: FlowDefinition, expression: Expression, condition: Condition) -> Iterator[Finding]:
    known = VARIABLES | set(_BOUND.findall(expression.source))
    if expression.use in _WITHOUT_SCORE:
        known -= {"score"}
    options = {option.value for question in definition.questions.values() for option in question.options}
    for variable in sorted(condition.variables - known):
        yield Finding(
            expression.at,
            "unknown_variable",
            f"Expressions here know no {variable!r}.",
            f'Write "{variable}" with quotation marks if it is an option or a text.'
            if variable in options
            else f"Use one of: {', '.join(sorted(known & VARIABLES))}.",
        )
    reading = read_expression(expression.source)
    for missing in sorted((condition.questions | reading.named("answers")) - definition.questions.keys()):
        yield Finding(
            expression.at,
            "unknown_question",
            f"There is no question {missing!r}.{_nearest(missing, definition.questions)}",
            "Use the id of a question of this flow after `answers.`.",
        )
    for missing in sorted(reading.named("computed") - definition.computed.keys()):
        yield Finding(
            expression.at,
            "unknown_field",
            f"There is no computed field {missing!r}.{_nearest(missing, definition.computed)}",
            "Add it under `computed`, or use one that is there.",
        )


def _unknown_options(definition: FlowDefinition, expression: Expression) -> Iterator[Finding]:
    for comparison in read_expression(expression.source).comparisons:
        kind, _, id_ = comparison.fact.partition(".")
        question = definition.questions.get(id_) if kind == "answers" else None
        if question is None or not question.options:
            continue
        values = [option.value for option in question.options]
        for literal in comparison.literals:
            if isinstance(literal, str) and literal not in values:
                yield Finding(
                    expression.at,
                    "unknown_option",
                    f"The question {id_!r} has no option {literal!r}.{_nearest(literal, values)}",
                    f"Its options are: {', '.join(values)}.",
                )


def _other_kind(definition: FlowDefinition, expression: Expression) -> Iterator[Finding]:
    """Comparisons that mistake what kind of value an answer is."""
    for comparison in read_expression(expression.source).comparisons:
        kind, _, id_ = comparison.fact.partition(".")
        question = definition.questions.get(id_) if kind == "answers" else None
        literal = next((each for each in comparison.literals if isinstance(each, str)), None)
        if question is None or literal is None or comparison.operator not in ("==", "!="):
            continue
        if question.type in YES_OR_NO:
            message, instead = f"The answer to {id_!r} is true or false", f"answers.{id_} {comparison.operator} true"
        elif question.type is QuestionType.MULTI_CHOICE:
            message, instead = f"The answer to {id_!r} is a list of options", f'"{literal}" in answers.{id_}'
            instead = instead if comparison.operator == "==" else f"!({instead})"
        else:
            continue
        yield Finding(
            expression.at, "unusable_condition", f"{message}, never the text {literal!r}.", f"Write `{instead}`."
        )


def _unknown_channels(definition: FlowDefinition, expression: Expression) -> Iterator[Finding]:
    listed = [channel.value for channel in definition.channels]
    for comparison in read_expression(expression.source).comparisons:
        for literal in comparison.literals if comparison.fact == "channel" else ():
            if literal in listed:
                continue
            known = literal in list(ChannelName)
            yield Finding(
                expression.at,
                "unknown_channel",
                f"This flow is not offered on {literal!r}." if known else f"There is no channel {literal!r}.",
                f"List {literal!r} under `channels`, or compare with one listed there: {', '.join(listed)}."
                if known
                else f"Use one of those under `channels`: {', '.join(listed)}.",
            )


def _unknown_parameters(definition: FlowDefinition, expression: Expression) -> Iterator[Finding]:
    """What pages hand over under names that nobody knows of."""
    reading = read_expression(expression.source)
    for missing in sorted(reading.named("hidden") - set(definition.hidden)):
        listed = ", ".join(definition.hidden)
        yield Finding(
            expression.at,
            "unknown_hidden",
            f"No hidden field {missing!r} is declared.{_nearest(missing, definition.hidden)}",
            f"Add it under `hidden`, or use one that is there: {listed}."
            if listed
            else f"Write `hidden: [{missing}]` in the flow, with all names the page hands over, so that they are checked.",
            ERROR if listed else WARNING,
        )
    for missing in sorted(reading.named("utm") - set(_UTM)):
        yield Finding(
            expression.at,
            "unknown_utm",
            f"`utm_{missing}` is none of the parameters that links are marked with.{_nearest(missing, _UTM)}",
            f"Use one of: {', '.join(f'utm.{name}' for name in _UTM)}.",
            WARNING,
        )


def _nearest(missing: str, names: Iterable[str]) -> str:
    near = get_close_matches(missing, list(names), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _unusable(expression: Expression, condition: Condition, samples: list[Facts]) -> Iterator[Finding]:
    problem = next(filter(None, (_problem(expression, condition, facts) for facts in samples)), None)
    if problem is not None:
        yield Finding(
            expression.at,
            "unusable_condition",
            f"This can't be worked out: {problem}.",
            "Compare values of one kind, and write `double(answers.x)` where an answer is calculated with.",
        )


def _problem(expression: Expression, condition: Condition, facts: Facts) -> str | None:
    if expression.use is not Use.COMPUTED:
        return condition.trial(facts)
    if not (condition.variables & {"hidden", "utm"}) and condition.value(facts) is None:
        return "it comes to no text, number or yes-or-no for " + _shown(facts.variables["answers"], expression)
    return None


def _shown(answers: Mapping[str, Any], expression: Expression) -> str:
    named = sorted(read_expression(expression.source).named("answers") & answers.keys())
    return ", ".join(f"{id_} = {answers[id_]!r}" for id_ in named) or "any answers"
