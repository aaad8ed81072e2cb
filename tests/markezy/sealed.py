"""What lies sealed in the tables, put there and looked at by tests."""

import os
from typing import Any
from uuid import UUID

from markezy.kernel import personal
from sqlalchemy import Connection, text

from envelope.configured import wrapping_of
from envelope.ring import KeyRing


def ring_of_tests() -> KeyRing:
    """The key ring of the tests' master key (tests/conftest.py)."""
    return KeyRing(wrapping_of(os.environ))


def seal(connection: Connection, tenant_id: UUID, lead_id: UUID, value: Any, column: str, *row: object) -> bytes:
    """A box of the lead's."""
    keys = personal.for_writing(connection, tenant_id, [lead_id])[lead_id]
    return personal.seal(keys, value, column, tenant_id, *row)


def unsealed(connection: Connection, tenant_id: UUID, table: str, column: str, order: str) -> list[Any]:
    """That column of a tenant's rows, opened; the table names its row by `id` and its lead or conversation."""
    rows = connection.execute(text(f"SELECT * FROM {table} ORDER BY {order}")).mappings().all()
    opened = []
    for row in rows:
        if "lead_id" in row:
            keys = personal.keys_of_one(connection, tenant_id, row["lead_id"])
        else:
            keys = personal.keys_of_conversation(connection, tenant_id, row["conversation_id"])
        opened.append(personal.unseal(keys, row[column], f"{table}.{column}", tenant_id, row["id"]))
    return opened
