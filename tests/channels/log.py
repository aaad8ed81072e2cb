"""The database as its owner sees it."""

from typing import Any

import psycopg

from envelope.keys import Keys
from tests.sealed_rows import keys_of_conversation, new_keys, opened_data


class Log:
    """The database as its owner sees it, for looking and for preparing."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self._connection = connection

    def rows(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows, their event data opened."""
        return [opened_data(self._rows, row) for row in self._rows(statement, *parameters)]

    def _rows(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        return self._connection.execute(statement, parameters).fetchall()

    def keys(self, tenant_id: str, conversation_id: str) -> Keys:
        """The keys of the lead whose conversation it is."""
        return keys_of_conversation(self._rows, tenant_id, conversation_id)

    def begin_lead(self, tenant_id: str, lead_id: str) -> Keys:
        """Keys for a lead whom a test puts into the tables itself."""
        return new_keys(self._rows, tenant_id, lead_id)

    def run(self, statement: str, *parameters: Any) -> None:
        self._connection.execute(statement, parameters)

    def count(self, table: str) -> int:
        return self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]

    def types(self, conversation_id: str) -> list[str]:
        rows = self.rows("SELECT type FROM event WHERE stream_id = %s ORDER BY version", conversation_id)
        return [row["type"] for row in rows]
