"""Rows outside the log that have had their time: counted first, then removed some at a time.

A domain names which of its rows these are (`OldRows`); how long they are kept is the privacy domain's business.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, true, tuple_


class Removable(Protocol):
    """Something of which the old part can be counted and removed."""

    def count(self, connection: Connection, tenant_id: UUID, before: datetime) -> int:
        """How much is older."""

    def remove(self, connection: Connection, tenant_id: UUID, before: datetime, limit: int) -> int:
        """Remove at most `limit` of what is older; how much that was. Less than `limit`: nothing is left."""


@dataclass(frozen=True)
class OldRows:
    """Rows of `table` whose time `at` has passed; only those that fulfil `finished`, since nothing needs them any more."""

    table: Table
    at: ColumnElement[datetime]
    finished: ColumnElement[bool] = field(default_factory=true)

    def count(self, connection: Connection, tenant_id: UUID, before: datetime) -> int:
        query = select(func.count()).select_from(self.table).where(*self._old(tenant_id, before))
        return connection.execute(query).scalar_one()

    def remove(self, connection: Connection, tenant_id: UUID, before: datetime, limit: int) -> int:
        key = tuple(self.table.primary_key)
        # What somebody else is at is left for the next time.
        chosen = select(*key).where(*self._old(tenant_id, before)).limit(limit).with_for_update(skip_locked=True)
        gone = connection.execute(
            delete(self.table).where(self.table.c.tenant_id == tenant_id, tuple_(*key).in_(chosen))
        )
        return gone.rowcount

    def _old(self, tenant_id: UUID, before: datetime) -> tuple[ColumnElement[bool], ...]:
        return self.table.c.tenant_id == tenant_id, self.finished, self.at < before
