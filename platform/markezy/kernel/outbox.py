"""The transactional outbox: work is written down in the transaction that decides on it, and handed out afterwards.

A row is due, is handed to Celery (its `due_at` moves forward by the retry schedule at that moment), and is completed by the task in the
transaction that commits the task's effect. So a lost message, a killed worker or an empty broker is only a retry.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, DateTime, Integer, Table, Text, Uuid, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from markezy.kernel.clock import now
from markezy.kernel.db import metadata
from markezy.kernel.ids import new_id

RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (20, 40, 120, 600, 1800, 2 * 3600, 5 * 3600, 10 * 3600))
"""How long after each hand-out a row that was not completed is handed out again. The last wait over, it is a dead letter."""

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
    Column("completed_at", DateTime(timezone=True)),
    Column("failed_at", DateTime(timezone=True)),
    Column("failure", Text),
)


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


def complete(connection: Connection, tenant_id: UUID, row_id: UUID) -> None:
    """Mark the row done; part of the transaction that commits the effect."""
    connection.execute(_of(tenant_id, row_id).values(completed_at=now(), failure=None))


def note_failure(connection: Connection, tenant_id: UUID, row_id: UUID, failure: str, final: bool) -> None:
    """Keep the reason of a failed attempt; a final one makes the row a dead letter."""
    values: dict[str, Any] = {"failure": failure[:2000]}
    if final:
        values["failed_at"] = now()
    connection.execute(_of(tenant_id, row_id).values(values))


_CLAIM = text("""
    UPDATE outbox SET attempts = outbox.attempts + 1,
                      due_at = now() + (CAST(:waits AS interval[]))[outbox.attempts + 1]
    FROM (SELECT tenant_id, id FROM outbox
          WHERE completed_at IS NULL AND failed_at IS NULL AND due_at <= now() AND attempts < :most
          ORDER BY due_at LIMIT :batch FOR UPDATE SKIP LOCKED) AS due
    WHERE outbox.tenant_id = due.tenant_id AND outbox.id = due.id
    RETURNING outbox.tenant_id, outbox.id, outbox.task, outbox.payload, outbox.correlation_id, outbox.attempts
""")

_GIVE_UP = text("""
    UPDATE outbox SET failed_at = now(), failure = coalesce(failure, 'no worker finished it')
    WHERE completed_at IS NULL AND failed_at IS NULL AND due_at <= now() AND attempts >= :most
    RETURNING tenant_id, id, task, payload, correlation_id, attempts
""")


def claim_due(connection: Connection, batch: int = 100) -> list[OutboxRow]:
    """Take up to `batch` due rows of all tenants (relay role), moving each one's `due_at` to its next try.

    Rows that another relay holds are skipped. The claim stands when the caller commits, which it does after the hand-out.
    """
    waits = [f"{wait.total_seconds():.0f} seconds" for wait in RETRY_AFTER]
    rows = connection.execute(_CLAIM, {"waits": waits, "most": len(RETRY_AFTER), "batch": batch})
    return [OutboxRow(*row) for row in rows]


def give_up(connection: Connection) -> list[OutboxRow]:
    """Make dead letters of the rows whose last wait is over (relay role)."""
    return [OutboxRow(*row) for row in connection.execute(_GIVE_UP, {"most": len(RETRY_AFTER)})]


def _of(tenant_id: UUID, row_id: UUID) -> Any:
    return update(outbox).where(outbox.c.tenant_id == tenant_id, outbox.c.id == row_id)
