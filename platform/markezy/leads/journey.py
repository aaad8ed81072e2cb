"""What was done for and with a lead, from their own stream: strategies, deliveries, CRM syncs, people, the erasure. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from markezy.kernel.events import Event


@dataclass(frozen=True)
class Decided:
    """What somebody of the team decided about a strategy that was held: `verdict` is `approved` or `discarded`, `by` the actor."""

    verdict: str
    by: str
    at: datetime


@dataclass(frozen=True)
class WrittenStrategy:
    """A strategy; `rendered_at` is None until there is a PDF of it.

    `held_at`: the check found something, and the team had to decide. `set_aside_at`: it did, and another edition took its place.
    """

    strategy_id: str
    generated_at: datetime
    rendered_at: datetime | None = None
    held_at: datetime | None = None
    set_aside_at: datetime | None = None
    decided: Decided | None = None


@dataclass(frozen=True)
class FailedStrategy:
    """That an edition could not be made, at which step, and why; one that failed at being written has no id."""

    strategy_id: str | None
    step: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Delivered:
    """How a strategy last fared on its way to the lead: `channel` is `chat` or `email`, `status` `sent` or `failed`."""

    strategy_id: str
    channel: str
    status: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True)
class Became:
    """What became of a strategy: `outcome` is what happened, `source` who knows of it (`lead`, `staff`, `crm`), `by` the actor who told."""

    strategy_id: str
    outcome: str
    source: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Synced:
    """How a strategy last fared in a CRM: `status` is `synced` or `failed`."""

    strategy_id: str | None
    connection_id: str | None
    status: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True)
class Attended:
    """What somebody of the team last did with a handover: `status` is `taken`, `released` or `closed`, `by` the actor."""

    handover_id: str
    status: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Journey:
    """Everything behind the conversation, at one moment; each list in the order of the events that moved it last."""

    qualified_at: datetime | None = None
    strategies: tuple[WrittenStrategy, ...] = ()
    strategy_failures: tuple[FailedStrategy, ...] = ()
    deliveries: tuple[Delivered, ...] = ()
    outcomes: tuple[Became, ...] = ()
    crm: tuple[Synced, ...] = ()
    handovers: tuple[Attended, ...] = ()
    reviewed_at: datetime | None = None
    """When a person last looked at a refusal; what they decided is the lead's state."""
    erasure_requested_at: datetime | None = None


def fold(events: Iterable[Event]) -> Journey:
    """The journey that these events of the lead's own stream make; others change nothing."""
    journey = Journey()
    for event in events:
        change = _CHANGES.get(event.type)
        journey = journey if change is None else change(journey, event)
    return journey


def _qualify(journey: Journey, event: Event) -> Journey:
    return replace(journey, qualified_at=event.occurred_at)


def _write(journey: Journey, event: Event) -> Journey:
    written = WrittenStrategy(event.data["strategy_id"], event.occurred_at)
    return replace(journey, strategies=(*journey.strategies, written))


def _move(change: Callable[[WrittenStrategy, Event], WrittenStrategy]) -> Callable[[Journey, Event], Journey]:
    def move(journey: Journey, event: Event) -> Journey:
        strategies = (
            change(one, event) if one.strategy_id == event.data["strategy_id"] else one for one in journey.strategies
        )
        return replace(journey, strategies=tuple(strategies))

    return move


def _decide(verdict: str) -> Callable[[WrittenStrategy, Event], WrittenStrategy]:
    return lambda one, event: replace(one, decided=Decided(verdict, event.actor, event.occurred_at))


def _fail(journey: Journey, event: Event) -> Journey:
    data = event.data
    failed = FailedStrategy(data.get("strategy_id"), data["step"], data["reason"], event.occurred_at)
    return replace(journey, strategy_failures=(*journey.strategy_failures, failed))


def _deliver(channel: str, status: str) -> Callable[[Journey, Event], Journey]:
    def change(journey: Journey, event: Event) -> Journey:
        done = Delivered(event.data["strategy_id"], channel, status, event.occurred_at, event.data.get("reason"))
        others = (one for one in journey.deliveries if (one.strategy_id, one.channel) != (done.strategy_id, channel))
        return replace(journey, deliveries=(*others, done))

    return change


def _become(journey: Journey, event: Event) -> Journey:
    data = event.data
    now = Became(data["strategy_id"], data["outcome"], data["source"], event.actor, event.occurred_at)
    over = {now.outcome, _OPPOSITES.get(now.outcome)}
    others = (one for one in journey.outcomes if one.strategy_id != now.strategy_id or one.outcome not in over)
    return replace(journey, outcomes=(*others, now))


def _sync(status: str) -> Callable[[Journey, Event], Journey]:
    def change(journey: Journey, event: Event) -> Journey:
        data = event.data
        done = Synced(data.get("strategy_id"), data.get("connection_id"), status, event.occurred_at, data.get("reason"))
        place = (done.strategy_id, done.connection_id)
        others = (one for one in journey.crm if (one.strategy_id, one.connection_id) != place)
        return replace(journey, crm=(*others, done))

    return change


def _attend(status: str) -> Callable[[Journey, Event], Journey]:
    def change(journey: Journey, event: Event) -> Journey:
        done = Attended(event.data["handover_id"], status, event.actor, event.occurred_at)
        others = (one for one in journey.handovers if one.handover_id != done.handover_id)
        return replace(journey, handovers=(*others, done))

    return change


def _review(journey: Journey, event: Event) -> Journey:
    return replace(journey, reviewed_at=event.occurred_at)


def _ask_to_be_forgotten(journey: Journey, event: Event) -> Journey:
    return replace(journey, erasure_requested_at=event.occurred_at)


_OPPOSITES = {"won": "lost", "lost": "won"}
"""Of these the one told last stands."""

_CHANGES: Mapping[str, Callable[[Journey, Event], Journey]] = {
    "lead.qualified": _qualify,
    "lead.reviewed": _review,
    "strategy.generated": _write,
    "strategy.failed": _fail,
    "strategy.held": _move(lambda one, event: replace(one, held_at=event.occurred_at)),
    "strategy.set_aside": _move(lambda one, event: replace(one, set_aside_at=event.occurred_at)),
    "strategy.approved": _move(_decide("approved")),
    "strategy.discarded": _move(_decide("discarded")),
    "strategy.rendered": _move(lambda one, event: replace(one, rendered_at=event.occurred_at)),
    "strategy.announced": _deliver("chat", "sent"),
    "strategy.announcement_failed": _deliver("chat", "failed"),
    "strategy.emailed": _deliver("email", "sent"),
    "strategy.email_failed": _deliver("email", "failed"),
    "strategy.email_bounced": _deliver("email", "bounced"),
    "strategy.email_complained": _deliver("email", "complained"),
    "strategy.outcome_recorded": _become,
    "crm.synced": _sync("synced"),
    "crm.sync_failed": _sync("failed"),
    "handover.taken": _attend("taken"),
    "handover.released": _attend("released"),
    "handover.closed": _attend("closed"),
    "lead.erasure_requested": _ask_to_be_forgotten,
}
