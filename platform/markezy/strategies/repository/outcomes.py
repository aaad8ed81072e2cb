"""All SQL on outcomes."""

from collections.abc import Collection
from dataclasses import fields
from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from markezy.strategies.model import Outcome
from markezy.strategies.tables import strategy, strategy_outcome

_OUTCOME = tuple(strategy_outcome.c[one.name] for one in fields(Outcome))


def lead_of(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> UUID | None:
    """Whose strategy it is, None when there is none. Its row stays locked, so that outcomes are told one after the other."""
    query = select(strategy.c.lead_id).where(strategy.c.tenant_id == tenant_id, strategy.c.id == strategy_id)
    found: UUID | None = connection.execute(query.with_for_update()).scalar()
    return found


def outcomes_of(connection: Connection, tenant_id: UUID, strategy_ids: Collection[UUID]) -> dict[UUID, list[Outcome]]:
    """By strategy, each of them, what became of it, in the order of time."""
    found: dict[UUID, list[Outcome]] = {strategy_id: [] for strategy_id in strategy_ids}
    query = (
        select(strategy_outcome.c.strategy_id, *_OUTCOME)
        .where(strategy_outcome.c.tenant_id == tenant_id, strategy_outcome.c.strategy_id.in_(strategy_ids))
        .order_by(strategy_outcome.c.at, strategy_outcome.c.kind)
    )
    for strategy_id, *values in connection.execute(query):
        found[strategy_id].append(Outcome(*values))
    return found


def put_outcome(connection: Connection, tenant_id: UUID, strategy_id: UUID, outcome: Outcome) -> None:
    """Keep the outcome in place of an earlier one of its kind."""
    statement = insert(strategy_outcome).values(tenant_id=tenant_id, strategy_id=strategy_id, **vars(outcome))
    changed = {name: statement.excluded[name] for name in ("amount", "currency", "at", "source")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "strategy_id", "kind"], set_=changed)
    )


def remove_outcome(connection: Connection, tenant_id: UUID, strategy_id: UUID, kind: str) -> None:
    connection.execute(
        delete(strategy_outcome).where(
            strategy_outcome.c.tenant_id == tenant_id,
            strategy_outcome.c.strategy_id == strategy_id,
            strategy_outcome.c.kind == kind,
        )
    )
