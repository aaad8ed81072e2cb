"""The way through the flow that a set of answers makes, and the score on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from markezy.flows.conditions import Facts
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.state import Answer, Origin


@dataclass(frozen=True)
class Path:
    """The answers on the way, and the question or end it arrives at."""

    answers: Mapping[str, Answer]
    arrives_at: str
    score: int


def walk(flow: Flow, origin: Origin, known: Mapping[str, Answer]) -> Path:
    """Follow the transitions from the start for as long as answers are known.

    Each condition sees the answers before it only, so that the way depends on nothing but the answers on it.
    """
    passed: dict[str, Answer] = {}
    place = flow.definition.start
    while place in known:
        passed[place] = known[place]
        place = _next(flow, origin, place, passed)
    return Path(passed, place, score(flow, origin, passed))


def score(flow: Flow, origin: Origin, answers: Mapping[str, Answer]) -> int:
    """The points of all rules that hold."""
    if not flow.scoring:
        return 0
    facts = _facts(origin, answers, 0)
    return sum(rule.points for rule in flow.scoring if rule.condition.holds(facts))


def _next(flow: Flow, origin: Origin, question: str, answers: Mapping[str, Answer]) -> str:
    facts: Facts | None = None
    for branch in flow.branches[question]:
        if branch.condition is None:
            return branch.to
        if facts is None:
            needs_score = any(
                b.condition is not None and "score" in b.condition.variables for b in flow.branches[question]
            )
            facts = _facts(origin, answers, score(flow, origin, answers) if needs_score else 0)
        if branch.condition.holds(facts):
            return branch.to
    raise ValueError(f"the question {question!r} has no way on; the checks at publishing refuse such a flow")


def _facts(origin: Origin, answers: Mapping[str, Answer], points: int) -> Facts:
    return Facts(
        {
            "answers": {question: answer.value for question, answer in answers.items() if answer.value is not None},
            "hidden": dict(origin.hidden),
            "utm": dict(origin.utm),
            "channel": origin.channel,
            "locale": origin.locale,
            "score": points,
        }
    )
