"""The durable inbox: a message is accepted once, whatever becomes of this process, and answered once.

The tracker store marks a row processed in the transaction that appends the turn's events; nothing here does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from channels.problem import Conflict

MAX_ATTEMPTS = 5
"""Redrives before a message is set aside for a person to look at."""

_COLUMNS = (
    "channel, message_id, conversation_id, body, correlation_id, attempts, "
    "processed_at IS NOT NULL AS processed, first_version, last_version, failure"
)


@dataclass(frozen=True)
class InboxMessage:
    """A row of the inbox."""

    tenant_id: str
    channel: str
    message_id: str
    conversation_id: str
    body: dict[str, Any]
    correlation_id: str
    attempts: int
    processed: bool
    first_version: int | None
    last_version: int | None
    failure: str | None


async def accept(
    connection: AsyncConnection[dict[str, Any]],
    tenant_id: str,
    channel: str,
    message_id: str,
    conversation_id: str,
    body: dict[str, Any],
    correlation_id: str,
) -> InboxMessage:
    """The message's row, written now or by an earlier post of the same message.

    Conflict when the id already belongs to another message. A message that had been set aside gets a new start:
    somebody still waits for the answer.
    """
    cursor = await connection.execute(
        "INSERT INTO inbox (tenant_id, channel, message_id, conversation_id, body, correlation_id)"  # noqa: S608 - constants
        f" VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING {_COLUMNS}",
        (tenant_id, channel, message_id, conversation_id, Jsonb(body), correlation_id),
    )
    row = await cursor.fetchone()
    if row is not None:
        return _message(tenant_id, row)
    await connection.execute(
        "UPDATE inbox SET failure = NULL, attempts = 0"
        " WHERE tenant_id = %s AND channel = %s AND message_id = %s AND conversation_id = %s AND body = %s"
        " AND failure IS NOT NULL AND processed_at IS NULL",
        (tenant_id, channel, message_id, conversation_id, Jsonb(body)),
    )
    message = await find(connection, tenant_id, channel, message_id)
    if message is None or message.conversation_id != conversation_id or message.body != body:
        raise Conflict("This message id was already used for another message.")
    return message


async def find(
    connection: AsyncConnection[dict[str, Any]], tenant_id: str, channel: str, message_id: str
) -> InboxMessage | None:
    """The message's row, if there is one."""
    cursor = await connection.execute(
        f"SELECT {_COLUMNS} FROM inbox"  # noqa: S608 - constants
        " WHERE tenant_id = %s AND channel = %s AND message_id = %s",
        (tenant_id, channel, message_id),
    )
    row = await cursor.fetchone()
    return None if row is None else _message(tenant_id, row)


async def count_attempt(
    connection: AsyncConnection[dict[str, Any]], tenant_id: str, channel: str, message_id: str
) -> InboxMessage | None:
    """The message with one more attempt on it, or None when it is not pending (any more)."""
    cursor = await connection.execute(
        "UPDATE inbox SET attempts = attempts + 1"  # noqa: S608 - constants
        " WHERE tenant_id = %s AND channel = %s AND message_id = %s"
        f" AND processed_at IS NULL AND failure IS NULL RETURNING {_COLUMNS}",
        (tenant_id, channel, message_id),
    )
    row = await cursor.fetchone()
    return None if row is None else _message(tenant_id, row)


async def set_aside(connection: AsyncConnection[dict[str, Any]], message: InboxMessage, failure: str) -> None:
    """Take the message out of the redrive, unless it was answered meanwhile."""
    await connection.execute(
        "UPDATE inbox SET failure = %s"
        " WHERE tenant_id = %s AND channel = %s AND message_id = %s AND processed_at IS NULL",
        (failure, message.tenant_id, message.channel, message.message_id),
    )


def _message(tenant_id: str, row: Mapping[str, Any]) -> InboxMessage:
    return InboxMessage(tenant_id=tenant_id, **{**row, "conversation_id": str(row["conversation_id"])})
