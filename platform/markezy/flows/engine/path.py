"""The way through the flow that a set of answers makes, and the score on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markezy.flows.conditions import Condition, Facts
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.state import Answer, Origin


@dataclass(frozen=True)
class Path:
    """The answers on the way, and the question or end it arrives at."""

    answers: Mapping[str, Answer]
    arrives_at: str
    score: int
    calls: tuple[int, ...] = ()
    """The rules that call a person and held after one of the answers, by their place."""


def walk(flow: Flow, origin: Origin, known: Mapping[str, Answer]) -> Path:
    """Follow the transitions from the start for as long as answers are known.

    Each condition sees the answers before it only, so that the way depends on nothing but the answers on it. Questions
    that are not to be asked are passed over; a rule that holds leads to its end, or calls a person, at once.
    """
    passed: dict[str, Answer] = {}
    called: set[int] = set()
    place = flow.definition.start
    while place in flow.definition.questions:
        look = _Outlook(flow, origin, passed)
        if look.shows(place):
            if place not in known:
                break
            passed[place] = known[place]
            look = _Outlook(flow, origin, passed)
            called.update(look.calls())
            way_out = look.way_out()
            if way_out is not None:
                place = way_out
                break
        place = look.next_after(place)
    return Path(passed, place, score(flow, origin, passed), tuple(sorted(called)))


def score(flow: Flow, origin: Origin, answers: Mapping[str, Answer]) -> int:
    """The points of all rules that hold."""
    return sum(flow.scoring[place].points for place in scored(flow, origin, answers))


def scored(flow: Flow, origin: Origin, answers: Mapping[str, Answer]) -> tuple[int, ...]:
    """The scoring rules that hold, by their place."""
    return _Outlook(flow, origin, answers).scored if flow.scoring else ()


def computed_fields(flow: Flow, origin: Origin, answers: Mapping[str, Answer]) -> Mapping[str, Any]:
    """What the flow works out from these answers; a field that needs a missing answer is absent."""
    return _Outlook(flow, origin, answers).computed if flow.computed else {}


class _Outlook:
    """What the conditions see at one point of the way, converted for CEL only when one of them is asked."""

    def __init__(self, flow: Flow, origin: Origin, answers: Mapping[str, Answer]) -> None:
        self._flow = flow
        self._origin = origin
        self._answers = answers

    def shows(self, question: str) -> bool:
        condition = self._flow.visible.get(question)
        return condition is None or self._holds(condition)

    def way_out(self) -> str | None:
        return next((rule.to for rule in self._flow.ways_out if self._holds(rule.condition)), None)

    def calls(self) -> Iterator[int]:
        return (rule.place for rule in self._flow.calls if self._holds(rule.condition))

    def next_after(self, question: str) -> str:
        for branch in self._flow.branches[question]:
            if branch.condition is None or self._holds(branch.condition):
                return branch.to
        raise ValueError(f"the question {question!r} has no way on; the checks at publishing refuse such a flow")

    @cached_property
    def score(self) -> int:
        return sum(self._flow.scoring[place].points for place in self.scored)

    @cached_property
    def scored(self) -> tuple[int, ...]:
        return tuple(place for place, rule in enumerate(self._flow.scoring) if rule.condition.holds(self._scoreless))

    @cached_property
    def computed(self) -> Mapping[str, Any]:
        fields: dict[str, Any] = {}
        for id_, expression in self._flow.computed.items():
            value = expression.value(self._facts(fields, 0))
            if value is not None:
                fields[id_] = value
        return fields

    @cached_property
    def _scoreless(self) -> Facts:
        return self._facts(self.computed, 0)

    @cached_property
    def _scored(self) -> Facts:
        return self._facts(self.computed, self.score)

    def _holds(self, condition: Condition) -> bool:
        return condition.holds(self._scored if "score" in condition.variables else self._scoreless)

    def _facts(self, computed: Mapping[str, Any], points: int) -> Facts:
        given = {question: answer.value for question, answer in self._answers.items() if answer.value is not None}
        return Facts(
            {
                "answers": given,
                "computed": dict(computed),
                "hidden": dict(self._origin.hidden),
                "utm": dict(self._origin.utm),
                "channel": self._origin.channel,
                "locale": self._origin.locale,
                "score": points,
            }
        )
