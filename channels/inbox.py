"""The durable inbox: a message is accepted once, whatever becomes of this process, and answered once.

The tracker store marks a row processed in the transaction that appends the turn's events; nothing here does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from channels.conversations import Conversation
from channels.database import Connection
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
    connection: Connection,
    conversation: Conversation,
    channel: str,
    message_id: str,
    body: dict[str, Any],
    correlation_id: str,
) -> InboxMessage:
    """The message's row, written now or by an earlier post of the same message.

    Conflict when the id already belongs to another message. A message that had been set aside gets a new start:
    somebody still waits for the answer.
    """
    box = conversation.keys.seal_json(body, _context(conversation, channel, message_id))
    cursor = await connection.execute(
        "INSERT INTO inbox (tenant_id, channel, message_id, conversation_id, body, correlation_id)"  # noqa: S608 - constants
        f" VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING {_COLUMNS}",
        (conversation.tenant_id, channel, message_id, conversation.id, box, correlation_id),
    )
    row = await cursor.fetchone()
    if row is not None:
        return _message(conversation, row)
    message = await find(connection, conversation, channel, message_id)
    if message is None or message.body != body:
        raise Conflict("This message id was already used for another message.")
    if message.failure is None or message.processed:
        return message
    await connection.execute(
        "UPDATE inbox SET failure = NULL, attempts = 0"
        " WHERE tenant_id = %s AND channel = %s AND message_id = %s AND failure IS NOT NULL AND processed_at IS NULL",
        (conversation.tenant_id, channel, message_id),
    )
    return replace(message, failure=None, attempts=0)


async def conversation_of(connection: Connection, tenant_id: str, channel: str, message_id: str) -> str | None:
    """The id of the conversation the message belongs to, if there is such a message."""
    cursor = await connection.execute(
        "SELECT conversation_id FROM inbox WHERE tenant_id = %s AND channel = %s AND message_id = %s",
        (tenant_id, channel, message_id),
    )
    row = await cursor.fetchone()
    return None if row is None else str(row["conversation_id"])


async def find(
    connection: Connection, conversation: Conversation, channel: str, message_id: str
) -> InboxMessage | None:
    """The conversation's message of that id, if there is one."""
    cursor = await connection.execute(
        f"SELECT {_COLUMNS} FROM inbox"  # noqa: S608 - constants
        " WHERE tenant_id = %s AND channel = %s AND message_id = %s AND conversation_id = %s",
        (conversation.tenant_id, channel, message_id, conversation.id),
    )
    row = await cursor.fetchone()
    return None if row is None else _message(conversation, row)


async def count_attempt(
    connection: Connection, conversation: Conversation, channel: str, message_id: str
) -> InboxMessage | None:
    """The message with one more attempt on it, or None when it is not pending (any more)."""
    cursor = await connection.execute(
        "UPDATE inbox SET attempts = attempts + 1"  # noqa: S608 - constants
        " WHERE tenant_id = %s AND channel = %s AND message_id = %s AND conversation_id = %s"
        f" AND processed_at IS NULL AND failure IS NULL RETURNING {_COLUMNS}",
        (conversation.tenant_id, channel, message_id, conversation.id),
    )
    row = await cursor.fetchone()
    return None if row is None else _message(conversation, row)


async def set_aside(connection: Connection, message: InboxMessage, failure: str) -> None:
    """Take the message out of the redrive, unless it was answered meanwhile."""
    await connection.execute(
        "UPDATE inbox SET failure = %s"
        " WHERE tenant_id = %s AND channel = %s AND message_id = %s AND processed_at IS NULL",
        (failure, message.tenant_id, message.channel, message.message_id),
    )


def _message(conversation: Conversation, row: Mapping[str, Any]) -> InboxMessage:
    body = conversation.keys.open_json(row["body"], _context(conversation, row["channel"], row["message_id"]))
    return InboxMessage(
        tenant_id=conversation.tenant_id, **{**row, "conversation_id": str(row["conversation_id"]), "body": body}
    )


def _context(conversation: Conversation, channel: str, message_id: str) -> str:
    return f"inbox.body/{conversation.tenant_id}/{channel}/{message_id}"
