"""The transactional outbox: work is written down in the transaction that decides on it, and handed out afterwards.

A row is due, is handed to Celery (its `due_at` moves forward by the retry schedule at that moment), and is completed by the task in the
transaction that commits the task's effect. So a lost message, a killed worker or an empty broker is only a retry.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, DateTime, Integer, Table, Text, Uuid, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from fairuse.plans import plans
from markezy.kernel.clock import now
from markezy.kernel.db import metadata
from markezy.kernel.ids import new_id
from markezy.kernel.old_rows import OldRows

RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (20, 40, 120, 600, 1800, 2 * 3600, 5 * 3600, 10 * 3600))
"""How long after each hand-out a row that was not completed is handed out again. The last wait over, it is a dead letter."""

AT_ONCE_PER_WEIGHT = 8
"""How many rows a tenant may have with Celery at once, for each unit of its plan's weight: a few for every worker process, so that
none is idle, and few enough that another tenant's first row stands behind them for seconds only."""

outbox = Table(
    "outbox",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("task", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("handed_out_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Column("failed_at", DateTime(timezone=True)),
    Column("failure", Text),
)


DEAD_LETTERS = OldRows(outbox, outbox.c.failed_at)
"""Work that failed for good: whoever wanted to look into it had the time."""


@dataclass(frozen=True)
class OutboxRow:
    """A piece of work to hand out. `attempts` counts this hand-out."""

    tenant_id: UUID
    id: UUID
    task: str
    payload: dict[str, Any]
    correlation_id: str
    attempts: int


def enqueue(
    connection: Connection,
    tenant_id: UUID,
    task: str,
    payload: dict[str, Any],
    correlation_id: str,
    delay: timedelta | None = None,
) -> UUID:
    """Write down that `task` is to run with `payload`, at the earliest `delay` from now; effective if the transaction commits."""
    row_id = new_id()
    values: dict[str, Any] = {
        "tenant_id": tenant_id,
        "id": row_id,
        "task": task,
        "payload": payload,
        "correlation_id": correlation_id,
    }
    if delay is not None:
        values["due_at"] = now() + delay
    connection.execute(insert(outbox).values(values))
    return row_id


def is_open(connection: Connection, tenant_id: UUID, row_id: UUID) -> bool:
    """Whether the row still waits for its effect."""
    query = select(outbox.c.id).where(
        outbox.c.tenant_id == tenant_id,
        outbox.c.id == row_id,
        outbox.c.completed_at.is_(None),
        outbox.c.failed_at.is_(None),
    )
    return connection.execute(query).first() is not None


def open_about(connection: Connection, tenant_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids about which work is still to be done: an open row's payload names them."""
    return set(open_tasks(connection, tenant_id, ids))


def open_tasks(connection: Connection, tenant_id: UUID, ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """By id the names of the tasks that are still to be done about it; ids without any are left out."""
    if not ids:
        return {}
    found = connection.execute(_OPEN_ABOUT, {"tenant_id": tenant_id, "ids": [str(one) for one in ids]})
    return {UUID(one): frozenset(tasks) for one, tasks in found.tuples()}


def complete(connection: Connection, tenant_id: UUID, row_id: UUID) -> None:
    """Mark the row done; part of the transaction that commits the effect."""
    connection.execute(_of(tenant_id, row_id).values(completed_at=now(), failure=None))
    connection.execute(_WAKE_RELAY, {"tenant_id": tenant_id})


def postpone(connection: Connection, tenant_id: UUID, row_id: UUID, until: datetime) -> None:
    """Put the row off; the attempt that found out that it is too early does not count."""
    put_off = {"due_at": until, "handed_out_at": None, "attempts": outbox.c.attempts - 1}
    connection.execute(_of(tenant_id, row_id).values(put_off))


def is_waiting(connection: Connection, tenant_id: UUID, task: str, payload: dict[str, Any]) -> bool:
    """Whether this very work is written down and neither done nor given up."""
    query = select(outbox.c.id).where(
        outbox.c.tenant_id == tenant_id,
        outbox.c.task == task,
        outbox.c.payload == payload,
        outbox.c.completed_at.is_(None),
        outbox.c.failed_at.is_(None),
    )
    return connection.execute(query.limit(1)).first() is not None


def note_failure(connection: Connection, tenant_id: UUID, row_id: UUID, failure: str, final: bool) -> None:
    """Keep the reason of a failed attempt; a final one makes the row a dead letter."""
    values: dict[str, Any] = {"failure": failure[:2000], "handed_out_at": None}
    if final:
        values["failed_at"] = now()
    connection.execute(_of(tenant_id, row_id).values(values))


# A place is free: the relay need not wait for its next look when more of this tenant is due.
_WAKE_RELAY = text("""
    SELECT pg_notify('markezy_outbox', '') WHERE EXISTS (
        SELECT 1 FROM outbox WHERE tenant_id = :tenant_id AND completed_at IS NULL AND failed_at IS NULL AND due_at <= now())
""")

_OPEN = "completed_at IS NULL AND failed_at IS NULL"

_OPEN_ABOUT = text(f"""
    SELECT named.value, array_agg(task) FROM outbox CROSS JOIN LATERAL jsonb_each_text(payload) AS named
    WHERE tenant_id = :tenant_id AND {_OPEN} AND named.value = ANY(:ids)
    GROUP BY named.value
""")  # noqa: S608 - a constant of this module

_DUE = f"{_OPEN} AND due_at <= now() AND attempts < :most"

# From tenant to tenant along the index of open rows, however many rows one of them has; of each as many as it may have with
# Celery still; then one of each in turn. What another relay took in the meantime is no longer due when its lock is free.
_CLAIM = text(f"""
    WITH RECURSIVE waiting AS (
        (SELECT tenant_id FROM outbox WHERE {_OPEN} ORDER BY tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT later.tenant_id FROM outbox later WHERE later.tenant_id > waiting.tenant_id AND {_OPEN}
                ORDER BY later.tenant_id LIMIT 1)
        FROM waiting WHERE waiting.tenant_id IS NOT NULL
    ), room AS (
        SELECT waiting.tenant_id,
               CAST(coalesce(CAST(:caps AS jsonb) ->> tenant_plan.plan, :cap) AS integer)
               - (SELECT count(*) FROM outbox busy WHERE busy.tenant_id = waiting.tenant_id AND {_OPEN}
                  AND due_at > now() AND handed_out_at IS NOT NULL) AS places
        FROM waiting LEFT JOIN tenant_plan USING (tenant_id) WHERE waiting.tenant_id IS NOT NULL
    ), turns AS (
        SELECT row.tenant_id, row.id, row_number() OVER (PARTITION BY row.tenant_id ORDER BY row.due_at, row.id) AS turn
        FROM room CROSS JOIN LATERAL (
            SELECT tenant_id, id, due_at FROM outbox WHERE tenant_id = room.tenant_id AND {_DUE}
            ORDER BY due_at, id LIMIT greatest(room.places, 0)
        ) AS row
    ), due AS (
        SELECT outbox.tenant_id, outbox.id, chosen.turn
        FROM (SELECT * FROM turns ORDER BY turn, tenant_id LIMIT :batch) AS chosen
        JOIN outbox ON outbox.tenant_id = chosen.tenant_id AND outbox.id = chosen.id
        WHERE {_DUE} FOR UPDATE OF outbox SKIP LOCKED
    ), claimed AS (
        UPDATE outbox SET attempts = outbox.attempts + 1, handed_out_at = now(),
                          due_at = now() + (CAST(:waits AS interval[]))[outbox.attempts + 1]
        FROM due WHERE outbox.tenant_id = due.tenant_id AND outbox.id = due.id
        RETURNING outbox.tenant_id, outbox.id, outbox.task, outbox.payload, outbox.correlation_id, outbox.attempts, due.turn
    )
    SELECT tenant_id, id, task, payload, correlation_id, attempts FROM claimed ORDER BY turn, tenant_id
""")  # noqa: S608 - constants of this module

_GIVE_UP = text("""
    UPDATE outbox SET failed_at = now(), failure = coalesce(failure, 'no worker finished it')
    WHERE completed_at IS NULL AND failed_at IS NULL AND due_at <= now() AND attempts >= :most
    RETURNING tenant_id, id, task, payload, correlation_id, attempts
""")


def claim_due(connection: Connection, batch: int = 100) -> list[OutboxRow]:
    """Take up to `batch` due rows (relay role), moving each one's `due_at` to its next try: of every tenant one, then of
    every tenant another, and of none more than its plan lets it have with Celery at once.

    Rows that another relay holds are skipped. The claim stands when the caller commits, which it does after the hand-out.
    """
    by_plan = {name: AT_ONCE_PER_WEIGHT * plan.weight for name, plan in plans().by_name.items()}
    parameters = {
        "waits": [f"{wait.total_seconds():.0f} seconds" for wait in RETRY_AFTER],
        "most": len(RETRY_AFTER),
        "batch": batch,
        "caps": json.dumps(by_plan),
        "cap": str(by_plan[plans().default]),
    }
    return [OutboxRow(*row) for row in connection.execute(_CLAIM, parameters)]


def give_up(connection: Connection) -> list[OutboxRow]:
    """Make dead letters of the rows whose last wait is over (relay role)."""
    return [OutboxRow(*row) for row in connection.execute(_GIVE_UP, {"most": len(RETRY_AFTER)})]


def _of(tenant_id: UUID, row_id: UUID) -> Any:
    return update(outbox).where(outbox.c.tenant_id == tenant_id, outbox.c.id == row_id)
