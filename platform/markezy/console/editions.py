"""The lead page's strategies: each edition with where it stands, what happened to it, and what can be done next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.kernel.http import Call
from markezy.leads import api as leads
from markezy.strategies import api as strategies

RECORDABLE = ("meeting_booked", "won", "lost")
"""What staff can tell; that it was opened or downloaded, the lead's own doing tells."""

_AT_REST = {"held": "held", "set_aside": "set_aside", "rendered": "ready"}
_STATES = {
    strategies.Step.IMPROVING: "writing",
    strategies.Step.CHECKING: "checking",
    strategies.Step.RENDERING: "rendering",
}


@dataclass(frozen=True)
class Happened:
    """A line of an edition's history: `what` is a key of the catalogue, `who` the colleague who did it."""

    what: str
    at: datetime
    who: str = ""


@dataclass(frozen=True)
class Edition:
    """One strategy. `state` is `writing`, `checking`, `rendering`, `held`, `set_aside`, `ready` or `failed`; `told_by` says by outcome
    who told it, a colleague or the CRM."""

    strategy: strategies.StrategySummary
    state: str
    history: tuple[Happened, ...]
    told_by: Mapping[str, str]


@dataclass(frozen=True)
class Production:
    """What the card says about all of them: `steps` of the edition on its way with the current one, `failure` of the last try."""

    steps: tuple[str, ...] = ()
    current: str = ""
    failure: leads.FailedStrategy | None = None
    failed: bool = False
    may_ask: bool = False
    """Whether another edition can be asked for right here: there is none that will do, and none on its way."""


def editions_of(call: Call, lead_id: UUID, journey: leads.Journey) -> dict[str, Any]:
    """The lead's editions, the newest first, and how the one on its way gets on."""
    found = strategies.of_lead(call.connection, call.tenant_id, lead_id)
    standing = strategies.standing_of(call.connection, call.tenant_id, lead_id, {one.id: one.status for one in found})
    names = _names(call, journey)
    editions = []
    for one in found:
        told_by = _told_by(one, journey, names)
        history = _history(one, journey, names, told_by)
        editions.append(Edition(one, _state(one, standing), history, told_by))
    may_write = accounts.allows(call.principal.role, "strategies.write")
    return {
        "strategies": found,
        "editions": editions,
        "production": _production(editions, standing, journey, may_write),
        "document": next((str(one.id) for one in found if one.has_pdf), ""),
        "recordable": RECORDABLE,
    }


def _state(one: strategies.StrategySummary, standing: strategies.Standing) -> str:
    step = standing.steps.get(one.id)
    return _STATES.get(step, "") if step in _STATES else _AT_REST.get(one.status, "failed")


def _production(
    editions: list[Edition], standing: strategies.Standing, journey: leads.Journey, may_write: bool
) -> Production:
    newest = editions[0] if editions else None
    if standing.writing:
        return _steps(strategies.Step.WRITING, improved=False)
    if newest is not None and newest.strategy.id in standing.steps:
        return _steps(standing.steps[newest.strategy.id], improved=newest.strategy.model is not None)
    failure = _failure(newest, journey)
    failed = failure is not None or (newest is not None and newest.state == "failed")
    wanting = failed or (newest is not None and newest.state == "set_aside")
    return Production(failure=failure, failed=failed, may_ask=wanting and may_write)


def _steps(current: strategies.Step, *, improved: bool) -> Production:
    """Improving is only shown to those who have a model for it."""
    steps = [
        step for step in strategies.Step
        if step is not strategies.Step.IMPROVING or improved or step is current
    ]  # fmt: skip
    return Production(tuple(steps), current)


def _failure(newest: Edition | None, journey: leads.Journey) -> leads.FailedStrategy | None:
    """Why the last try came to nothing, if it did."""
    last = journey.strategy_failures[-1] if journey.strategy_failures else None
    if last is None or newest is None:
        return last
    if last.strategy_id is None:
        return last if last.at > newest.strategy.created_at else None
    return last if last.strategy_id == str(newest.strategy.id) and newest.state == "failed" else None


def _told_by(one: strategies.StrategySummary, journey: leads.Journey, names: dict[str, str]) -> dict[str, str]:
    tellers = {each.outcome: names.get(each.by, "") for each in journey.outcomes if each.strategy_id == str(one.id)}
    crm = strategies.OutcomeSource.CRM
    return {each.kind: "CRM" if each.source == crm else tellers.get(each.kind, "") for each in one.outcomes}


def _history(
    one: strategies.StrategySummary, journey: leads.Journey, names: dict[str, str], told_by: Mapping[str, str]
) -> tuple[Happened, ...]:
    written = next((each for each in journey.strategies if each.strategy_id == str(one.id)), None)
    if written is None:
        return ()
    lines = [
        Happened("history.written", written.generated_at),
        *_when("history.held", written.held_at),
        *_when("history.set_aside", written.set_aside_at),
        *_when("history.rendered", written.rendered_at),
    ]
    if written.decided is not None:
        decided = written.decided
        lines.append(Happened(f"history.{decided.verdict}", decided.at, names.get(decided.by, "")))
    lines += [
        Happened(f"history.failed.{each.step}", each.at)
        for each in journey.strategy_failures
        if each.strategy_id == str(one.id)
    ]
    lines += [Happened(f"outcome.{each.kind}", each.at, told_by[each.kind]) for each in one.outcomes]
    return tuple(sorted(lines, key=lambda line: line.at))


def _when(what: str, at: datetime | None) -> Iterable[Happened]:
    return () if at is None else (Happened(what, at),)


def _names(call: Call, journey: leads.Journey) -> dict[str, str]:
    """By actor the colleague's name, of those who decided about a strategy or told what became of it."""
    actors = {one.decided.by for one in journey.strategies if one.decided is not None}
    actors |= {one.by for one in journey.outcomes}
    ids = {UUID(actor.removeprefix("staff:")) for actor in actors if actor.startswith("staff:")}
    return {f"staff:{user.id}": user.name for user in accounts.users_of(call.connection, call.tenant_id, ids)}
