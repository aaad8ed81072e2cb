"""Following the event log: each projection gets every event of a tenant exactly once and in order.

A projection's position is kept per tenant and moves in the transaction that writes the read model. The global scan below only finds out
whose events are new; what a tenant's projection applies is decided by its own position.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Table, Text, Uuid, text

from markezy.kernel.db import Database, metadata
from markezy.kernel.events import STORED, Event, Xid8, opened
from markezy.kernel.logging import get_logger

log = get_logger(__name__)

Projection = Callable[[Connection, UUID, Sequence[Event]], None]
"""Applies a tenant's next events to its read model, inside the given transaction."""

projection_cursor = Table(
    "projection_cursor",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("projection", Text, primary_key=True),
    Column("tx", Xid8, nullable=False),
    Column("position", BigInteger, nullable=False),
)

_COLUMNS = ", ".join(column.name for column in STORED)

_BEHIND_AT_START = text("""
    SELECT tenant.tenant_id FROM tenant
    CROSS JOIN unnest(CAST(:projections AS text[])) AS wanted (projection)
    LEFT JOIN projection_cursor AS mine ON mine.tenant_id = tenant.tenant_id AND mine.projection = wanted.projection
    WHERE EXISTS (SELECT FROM event WHERE event.tenant_id = tenant.tenant_id
                  AND (event.tx, event.position) > (coalesce(mine.tx, '0'), coalesce(mine.position, 0)))
""")
_BEHIND = text("""
    SELECT DISTINCT tenant_id FROM event
    WHERE (tx, position) > (CAST(:tx AS xid8), :position) AND tx < pg_snapshot_xmin(pg_current_snapshot())
""")
_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
_LOCK_CURSOR = text("""
    INSERT INTO projection_cursor AS mine (tenant_id, projection, tx, position) VALUES (:tenant_id, :projection, '0', 0)
    ON CONFLICT (tenant_id, projection) DO UPDATE SET position = mine.position
    RETURNING tx::text, position
""")
_NEXT = text(f"""
    SELECT tx::text AS tx, position, {_COLUMNS} FROM event
    WHERE tenant_id = :tenant_id AND (tx, position) > (CAST(:tx AS xid8), :position)
      AND tx < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY event.tx, event.position LIMIT :batch
""")  # noqa: S608 - the column names are our own
_MOVE_CURSOR = text("""
    UPDATE projection_cursor SET tx = CAST(:tx AS xid8), position = :position
    WHERE tenant_id = :tenant_id AND projection = :projection
""")


@dataclass
class Projector:
    """Keeps `projections` up with the log. One instance per thread; several processes may run side by side."""

    relay_database: Database
    database: Database
    projections: Mapping[str, Projection]
    batch: int = 500

    def __post_init__(self) -> None:
        self._scanned_to: str | None = None
        self._unfinished: set[UUID] = set()

    def run_once(self) -> int:
        """Apply one batch of what is new of each tenant; how many events that was, 0 when nothing is left.

        One round after the other, so that a tenant with much to apply keeps no other waiting for longer than a batch. A tenant whose
        projection fails is tried again next time.
        """
        with self.relay_database.unscoped() as connection:
            horizon = connection.execute(_HORIZON).scalar_one()
            # Everything below the horizon is final, so the next scan may start there.
            if self._scanned_to is None:
                found = connection.execute(_BEHIND_AT_START, {"projections": list(self.projections)})
            else:
                found = connection.execute(_BEHIND, {"tx": self._scanned_to, "position": -1})
            self._unfinished.update(found.scalars())
        self._scanned_to = horizon
        applied = 0
        for tenant_id in sorted(self._unfinished):
            try:
                counts = [self._apply_batch(tenant_id, name, project) for name, project in self.projections.items()]
                applied += sum(counts)
                # A batch that is not full came to the end; what is written from now on the next scan finds.
                if max(counts, default=0) < self.batch:
                    self._unfinished.discard(tenant_id)
            except Exception:
                log.exception("projection.failed", tenant_id=str(tenant_id))
        return applied

    def _apply_batch(self, tenant_id: UUID, name: str, project: Projection) -> int:
        with self.database.transaction(tenant_id) as connection:
            return apply_next(connection, tenant_id, name, project, self.batch)


def apply_next(connection: Connection, tenant_id: UUID, name: str, project: Projection, batch: int) -> int:
    """Apply a tenant's next events to a projection, `batch` at most, and move its position; how many they were."""
    mine = {"tenant_id": tenant_id, "projection": name}
    tx, position = connection.execute(_LOCK_CURSOR, mine).one()
    rows = connection.execute(_NEXT, {**mine, "tx": tx, "position": position, "batch": batch}).all()
    if not rows:
        return 0
    project(connection, tenant_id, opened(connection, (Event(*row[2:]) for row in rows)))
    connection.execute(_MOVE_CURSOR, {**mine, "tx": rows[-1].tx, "position": rows[-1].position})
    return len(rows)
