"""The review queue: strategies that failed the check wait for somebody to say what happens with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.events import NewEvent, append
from markezy.kernel.outbox import enqueue
from markezy.strategies import repository
from markezy.strategies.checks import Finding
from markezy.strategies.model import Strategy, StrategyStatus
from markezy.strategies.rendering.inline import plain


@dataclass(frozen=True)
class Waiting:
    """A strategy in the queue."""

    strategy_id: UUID
    lead_id: UUID
    edition: int
    title: str
    locale: str
    findings: tuple[Finding, ...]
    headings: Mapping[str, str]
    """By section what it is called: where a finding is."""
    created_at: datetime


def queue(connection: Connection, tenant_id: UUID) -> list[Waiting]:
    """What waits for a decision, the longest waiting first."""
    return [_waiting(one) for one in repository.held(connection, tenant_id)]


def count_waiting(connection: Connection, tenant_id: UUID) -> int:
    """How long the queue is."""
    return repository.count_held(connection, tenant_id)


def approve(connection: Connection, tenant_id: UUID, strategy_id: UUID, actor: str, correlation_id: str) -> None:
    """It may go to the lead as it is. Conflict when it does not wait any more, NotFound when there is none."""
    one = _decide(
        connection, tenant_id, strategy_id, StrategyStatus.CHECKED, "strategy.approved", actor, correlation_id
    )
    enqueue(connection, tenant_id, "strategies.render", {"strategy_id": str(one.id)}, correlation_id)


def discard(connection: Connection, tenant_id: UUID, strategy_id: UUID, actor: str, correlation_id: str) -> None:
    """The lead does not get it. Conflict and NotFound as above."""
    _decide(connection, tenant_id, strategy_id, StrategyStatus.SET_ASIDE, "strategy.discarded", actor, correlation_id)


def _decide(
    connection: Connection,
    tenant_id: UUID,
    strategy_id: UUID,
    status: StrategyStatus,
    event: str,
    actor: str,
    correlation_id: str,
) -> Strategy:
    one = repository.find_strategy(connection, tenant_id, strategy_id)
    if one is None:
        raise NotFound("There is no such strategy.")
    if one.status != StrategyStatus.HELD or not repository.change_strategy(connection, tenant_id, one, status):
        raise Conflict("This strategy does not wait for a decision any more.")
    happened = NewEvent(event, {"strategy_id": str(strategy_id)}, actor)
    append(connection, tenant_id, "lead", one.lead_id, None, [happened], correlation_id)
    return one


def _waiting(one: Strategy) -> Waiting:
    found = tuple(Finding.from_json(each) for each in one.findings or ())
    headings = {section["id"]: plain(section["heading"]) for section in one.document["sections"]}
    return Waiting(one.id, one.lead_id, one.edition, one.title, one.locale, found, headings, one.created_at)
