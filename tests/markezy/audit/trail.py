"""Reading the audit of an agency as it grows."""

import time
from typing import Any
from uuid import UUID

from markezy.kernel.db import Database
from sqlalchemy import text

_NEWER = text("SELECT * FROM audit_entry WHERE id > :seen ORDER BY id")
_LAST = text("SELECT id FROM audit_entry ORDER BY id DESC LIMIT 1")


class Trail:
    """The entries since this was made, or since they were last asked for."""

    def __init__(self, database: Database, tenant_id: UUID) -> None:
        self._database = database
        self._tenant_id = tenant_id
        with database.transaction(tenant_id) as connection:
            self._seen = connection.execute(_LAST).scalar() or UUID(int=0)

    def new(self) -> list[dict[str, Any]]:
        """What came since."""
        with self._database.transaction(self._tenant_id) as connection:
            found = [dict(row) for row in connection.execute(_NEWER, {"seen": self._seen}).mappings()]
        self._seen = found[-1]["id"] if found else self._seen
        return found

    def actions(self) -> list[tuple[str, int]]:
        """The same, only what and how it ended."""
        return [(one["action"], one["status"]) for one in self.new()]

    def awaited(self) -> list[dict[str, Any]]:
        """What is written after an answer, as soon as it is there."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if found := self.new():
                return found
            time.sleep(0.05)
        return []
