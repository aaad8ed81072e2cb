"""What is kept of a lead beside the log and the read model: their files, and the messages that the channels took in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, or_, select

from markezy.kernel import personal
from markezy.kernel.old_rows import OldRows
from markezy.leads.tables import conversation, inbox, upload

OLD_FILES = OldRows(upload, upload.c.created_at)
OLD_MESSAGES = OldRows(inbox, inbox.c.received_at, or_(inbox.c.processed_at.is_not(None), inbox.c.failure.is_not(None)))
"""A message that waits is no old row: the relay still drives it."""


@dataclass(frozen=True)
class KeptFile:
    """A file as the lead sent it, with what is known of it."""

    id: UUID
    question: str
    name: str
    media_type: str
    size: int
    sha256: str
    sent_at: datetime
    body: bytes


@dataclass(frozen=True)
class TakenMessage:
    """A message as a channel accepted it, before anything was made of it."""

    channel: str
    message_id: str
    body: Mapping[str, Any]
    received_at: datetime
    processed_at: datetime | None
    failure: str | None


@dataclass(frozen=True)
class ConversationRow:
    """The conversation as the assistant keeps it."""

    id: UUID
    channel: str
    locale: str
    created_at: datetime
    updated_at: datetime


def files_of(connection: Connection, tenant_id: UUID, lead_id: UUID, conversation_id: UUID) -> list[KeptFile]:
    """The lead's files with their content, in the order they came; none of an erased lead."""
    query = (
        select(*(upload.c[name] for name in ("id", "question", "name", "media_type", "size", "body", "created_at")))
        .where(upload.c.tenant_id == tenant_id, upload.c.conversation_id == conversation_id)
        .order_by(upload.c.created_at, upload.c.id)
    )
    rows = connection.execute(query).all()
    keys = personal.keys_of_one(connection, tenant_id, lead_id) if rows else None
    if keys is None:
        return []
    files = []
    for row in rows:
        label = personal.unseal(keys, row.name, "upload.name", tenant_id, row.id)
        body = keys.open(row.body, personal.context("upload.body", tenant_id, row.id))
        files.append(
            KeptFile(
                row.id, row.question, label["name"], row.media_type, row.size, label["sha256"], row.created_at, body
            )
        )
    return files


def messages_of(connection: Connection, tenant_id: UUID, lead_id: UUID, conversation_id: UUID) -> list[TakenMessage]:
    """The messages that the channels keep of this conversation, oldest first; none of an erased lead."""
    query = (
        select(*(inbox.c[name] for name in ("channel", "message_id", "body", "received_at", "processed_at", "failure")))
        .where(inbox.c.tenant_id == tenant_id, inbox.c.conversation_id == conversation_id)
        .order_by(inbox.c.received_at, inbox.c.message_id)
    )
    rows = connection.execute(query).all()
    keys = personal.keys_of_one(connection, tenant_id, lead_id) if rows else None
    if keys is None:
        return []
    return [
        TakenMessage(
            row.channel,
            row.message_id,
            personal.unseal(keys, row.body, "inbox.body", tenant_id, row.channel, row.message_id),
            row.received_at,
            row.processed_at,
            row.failure,
        )
        for row in rows
    ]


def conversations_of(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[ConversationRow]:
    """The lead's conversations, oldest first."""
    query = (
        select(*(conversation.c[name] for name in ("id", "channel", "locale", "created_at", "updated_at")))
        .where(conversation.c.tenant_id == tenant_id, conversation.c.lead_id == lead_id)
        .order_by(conversation.c.created_at, conversation.c.id)
    )
    return [ConversationRow(*row) for row in connection.execute(query)]
