"""Conditions that never hold, always hold, or hold only where an earlier one has already led elsewhere.

Decided by trying all combinations of answers the conditions can tell apart. Where that is too many, or an answer is used in
a way whose kinds aren't known, nothing is said.
"""

from collections.abc import Callable, Collection, Iterator

from markezy.flows import graph
from markezy.flows.checks.combinations import Presence, combinations
from markezy.flows.checks.finding import ERROR, WARNING, Finding
from markezy.flows.checks.pieces import Expression, Use, expressions
from markezy.flows.checks.reach import possibly_before
from markezy.flows.conditions import Condition
from markezy.flows.definition import FlowDefinition
from markezy.flows.expressions import read_expression

_NEVER = {
    Use.TRANSITION: ("so nobody is led this way", "Correct the condition, or remove the transition."),
    Use.VISIBILITY: ("so the question is never asked", "Correct the condition, or remove the question."),
    Use.RULE: ("so the rule does nothing for anybody", "Correct the condition, or remove the rule."),
    Use.SCORING: ("so nobody gets these points", "Correct the condition, or remove the points."),
}
_ALWAYS = {
    Use.TRANSITION: (
        "so the transitions behind it are never taken",
        "Correct the condition, or drop what follows.",
        ERROR,
    ),
    Use.RULE: ("so it takes every lead after the first answer", "Correct the condition, or remove the rule.", ERROR),
    Use.VISIBILITY: ("so the question is asked of everybody", "Correct the condition, or remove it.", WARNING),
    Use.SCORING: ("so everybody gets these points", "Correct the condition, or remove the points.", WARNING),
}


def never_or_always(definition: FlowDefinition, broken: Collection[str]) -> Iterator[Finding]:
    """For flows whose references exist, without circles; places that are `broken` already are left out."""
    known = _Known(definition)
    settled: set[str] = set()
    for expression in expressions(definition):
        if expression.use is Use.COMPUTED or expression.at in broken or not known.reaches(expression.owner):
            continue
        found = _alone(definition, expression, known.at(expression))
        if found is not None:
            settled.add(expression.at)
            yield found
    for id_ in definition.questions:
        if known.reaches(id_):
            yield from _overtaken(definition, id_, known, settled | set(broken))


class _Known:
    """Which answers there are at a place."""

    def __init__(self, definition: FlowDefinition) -> None:
        self._definition = definition
        self._always = graph.analyse(definition).always_before
        self._possibly = possibly_before(definition)

    def reaches(self, owner: str) -> bool:
        """Whether a lead gets to the question; what belongs to none is everywhere."""
        return not owner or owner in self._possibly

    def at(self, expression: Expression) -> Callable[[str], Presence]:
        """For a question, whether it has an answer where the expression is worked out."""
        owner = expression.owner

        def presence(id_: str) -> Presence:
            question = self._definition.questions[id_]
            here = expression.use is Use.TRANSITION and id_ == owner
            if owner and not here and id_ not in self._possibly[owner]:
                return Presence.NEVER
            if not owner and id_ not in self._possibly:
                return Presence.NEVER
            certain = here or id_ in self._always.get(owner, frozenset())
            return Presence.ALWAYS if certain and not question.optional and not question.when else Presence.MAYBE

        return presence


def _alone(definition: FlowDefinition, expression: Expression, presence: Callable[[str], Presence]) -> Finding | None:
    cases = combinations(definition, [expression.source], presence)
    if not cases.exact:
        return None
    condition = Condition(expression.source)
    results = {condition.holds(facts) for facts in cases.facts}
    if results == {False}:
        meaning, mend = _NEVER[expression.use]
        return Finding(expression.at, "never_holds", f"{_whatever(expression)} this never holds, {meaning}.", mend)
    if results == {True}:
        meaning, mend, severity = _ALWAYS[expression.use]
        message = f"{_whatever(expression)} this always holds, {meaning}."
        return Finding(expression.at, "always_holds", message, mend, severity)
    return None


def _whatever(expression: Expression) -> str:
    asked = sorted(read_expression(expression.source).named("answers"))
    return f"Whatever leads answer to {' and '.join(map(repr, asked))}," if asked else "Whatever is the case,"


def _overtaken(definition: FlowDefinition, id_: str, known: _Known, settled: Collection[str]) -> Iterator[Finding]:
    """Transitions that hold only when one before them does."""
    ways = [each for each in expressions(definition) if each.use is Use.TRANSITION and each.owner == id_]
    if len(ways) <= 1 or any(way.at in settled for way in ways):
        return
    cases = combinations(definition, [way.source for way in ways], known.at(ways[0]))
    if not cases.exact:
        return
    compiled = [Condition(way.source) for way in ways]
    taken = {
        next((place for place, condition in enumerate(compiled) if condition.holds(facts)), len(ways))
        for facts in cases.facts
    }
    for place, way in enumerate(ways):
        if place not in taken:
            yield Finding(
                way.at,
                "dead_transition",
                "Whenever this holds, a transition before it holds too and is taken instead.",
                "Move it up, or make the conditions before it narrower.",
            )
