"""All SQL of looking back at what became of our deals."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, false, func, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.crm.tables import crm_connection, crm_look_back, crm_sync


@dataclass(frozen=True)
class LookBack:
    """How looking back over one connection goes: when the CRM last answered, over how many deals, how many of them it no longer has, how
    many outcomes that brought; and what is wrong since then, if something is. `refused`: somebody has to look into it."""

    looked_at: datetime | None
    deals: int
    missing: int
    outcomes: int
    last_error: str | None
    failed_at: datetime | None
    refused: bool


@dataclass(frozen=True)
class Place:
    """Where the next look begins: behind which deal, after how many failures in a row."""

    after_deal: str = ""
    failures: int = 0


@dataclass(frozen=True)
class DealSync:
    """What we know of a deal by one strategy's sync. `closed_as` is the digest of how it ended when that was last told."""

    id: UUID
    deal_id: str
    lead_id: UUID
    strategy_id: UUID
    created_at: datetime
    closed_as: bytes | None
    meeting_told: bool


_HEALTH = tuple(
    crm_look_back.c[name]
    for name in ("looked_at", "deals", "missing", "outcomes", "last_error", "failed_at", "refused")
)
_DEAL = tuple(
    crm_sync.c[name] for name in ("id", "deal_id", "lead_id", "strategy_id", "created_at", "closed_as", "meeting_told")
)


def due(connection: Connection, tenant_id: UUID, at: datetime) -> list[UUID]:
    """The active connections over which it is time to look back, the one that waits longest first."""
    when = func.coalesce(crm_look_back.c.due_at, crm_connection.c.created_at)
    query = (
        select(crm_connection.c.id)
        .outerjoin(
            crm_look_back,
            (crm_look_back.c.tenant_id == crm_connection.c.tenant_id)
            & (crm_look_back.c.connection_id == crm_connection.c.id),
        )
        .where(crm_connection.c.tenant_id == tenant_id, crm_connection.c.active, when <= at)
        .order_by(when)
    )
    return list(connection.execute(query).scalars())


def place(connection: Connection, tenant_id: UUID, connection_id: UUID) -> Place:
    query = select(crm_look_back.c.after_deal, crm_look_back.c.failures).where(*_here(tenant_id, connection_id))
    found = connection.execute(query).one_or_none()
    return Place() if found is None else Place(*found)


def put(connection: Connection, tenant_id: UUID, connection_id: UUID, **values: Any) -> None:
    """Keep these columns of the connection's look back."""
    statement = insert(crm_look_back).values(tenant_id=tenant_id, connection_id=connection_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "connection_id"], set_=values))


def look_backs(connection: Connection, tenant_id: UUID) -> dict[UUID, LookBack]:
    """By connection; without those that nobody has looked at yet."""
    query = select(crm_look_back.c.connection_id, *_HEALTH).where(crm_look_back.c.tenant_id == tenant_id)
    return {connection_id: LookBack(*health) for connection_id, *health in connection.execute(query)}


def deals_after(connection: Connection, tenant_id: UUID, connection_id: UUID, after: str, limit: int) -> list[str]:
    """The next deals that this connection made, in the order of their ids."""
    one = crm_sync.c
    query = (
        select(one.deal_id)
        .distinct()
        .where(one.tenant_id == tenant_id, one.connection_id == connection_id, one.deal_id > after)
        .order_by(one.deal_id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def syncs_of_deals(
    connection: Connection, tenant_id: UUID, connection_id: UUID, deal_ids: Collection[str]
) -> dict[str, list[DealSync]]:
    """By deal the syncs that brought strategies to it, the oldest first."""
    one = crm_sync.c
    query = (
        select(*_DEAL)
        .where(one.tenant_id == tenant_id, one.connection_id == connection_id, one.deal_id.in_(deal_ids))
        .order_by(one.id)
    )
    found: dict[str, list[DealSync]] = {}
    for row in connection.execute(query):
        found.setdefault(row.deal_id, []).append(DealSync(*row))
    return found


def keep_closed(connection: Connection, tenant_id: UUID, known: DealSync, closed_as: bytes) -> bool:
    """Keep how the deal ended; False when somebody has kept another end since it was read."""
    here = (crm_sync.c.tenant_id == tenant_id, crm_sync.c.id == known.id, crm_sync.c.deal_id == known.deal_id)
    same = crm_sync.c.closed_as.is_not_distinct_from(known.closed_as)
    return connection.execute(update(crm_sync).where(*here, same).values(closed_as=closed_as)).rowcount == 1


def keep_meeting(connection: Connection, tenant_id: UUID, known: DealSync) -> bool:
    """Keep that a meeting was told; False when somebody was faster."""
    here = (crm_sync.c.tenant_id == tenant_id, crm_sync.c.id == known.id, crm_sync.c.deal_id == known.deal_id)
    statement = update(crm_sync).where(*here, crm_sync.c.meeting_told == false()).values(meeting_told=True)
    return connection.execute(statement).rowcount == 1


def _here(tenant_id: UUID, connection_id: UUID) -> tuple[Any, ...]:
    return crm_look_back.c.tenant_id == tenant_id, crm_look_back.c.connection_id == connection_id
