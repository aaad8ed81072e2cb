"""The personal members of events, sealed before they are appended and opened when they are read (envelope.catalogue)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from envelope import events as envelope
from envelope.catalogue import CLEAR
from markezy.kernel.personal.keys import for_writing, keys_of

_LEAD_OF_CONVERSATION = text("""
    SELECT coalesce(
        (SELECT lead_id::text FROM conversation WHERE tenant_id = :tenant_id AND id = :stream_id),
        (SELECT data ->> 'lead_id' FROM event
         WHERE tenant_id = :tenant_id AND stream_id = :stream_id AND version = 1 AND type = 'conversation.started'))
""")


@dataclass(frozen=True)
class Content:
    """What an event says: its id, its type and its data."""

    id: UUID
    type: str
    data: Mapping[str, Any]


def seal_contents(
    connection: Connection, tenant_id: UUID, stream_type: str, stream_id: UUID, contents: Sequence[Content]
) -> list[dict[str, Any]]:
    """The data of a stream's new events as the log keeps it. Of an erased lead only the clear members are kept.

    ValueError when something personal would be written to a stream that belongs to no lead.
    """
    if not any(_is_personal(content) for content in contents):
        return [dict(content.data) for content in contents]
    lead_id = _lead_of(connection, tenant_id, stream_type, stream_id, contents)
    keys = for_writing(connection, tenant_id, [lead_id]).get(lead_id)
    if keys is None:
        return [_clear(content) for content in contents]
    return [envelope.sealed(content.type, content.data, keys, str(tenant_id), str(content.id)) for content in contents]


def open_contents(connection: Connection, tenant_id: UUID, contents: Sequence[Content]) -> list[dict[str, Any]]:
    """The data of these events as it was before it was sealed, in two queries however many leads they are of."""
    leads = {lead for content in contents if (lead := envelope.lead_of(content.data)) is not None}
    keys = {str(lead): one for lead, one in keys_of(connection, tenant_id, [UUID(lead) for lead in leads]).items()}
    return [
        envelope.opened(
            content.type, content.data, keys.get(envelope.lead_of(content.data) or ""), str(tenant_id), str(content.id)
        )
        for content in contents
    ]


def _is_personal(content: Content) -> bool:
    return not CLEAR.get(content.type, frozenset()) >= content.data.keys()


def _clear(content: Content) -> dict[str, Any]:
    clear = CLEAR.get(content.type, frozenset())
    return {name: value for name, value in content.data.items() if name in clear}


def _lead_of(
    connection: Connection, tenant_id: UUID, stream_type: str, stream_id: UUID, contents: Sequence[Content]
) -> UUID:
    if stream_type == "lead":
        return stream_id
    started = (content.data["lead_id"] for content in contents if content.type == "conversation.started")
    lead_id = next(started, None)
    if lead_id is None:
        place = {"tenant_id": tenant_id, "stream_id": stream_id}
        lead_id = connection.execute(_LEAD_OF_CONVERSATION, place).scalar()
    if lead_id is None:
        raise ValueError(f"an event of a {stream_type} stream holds personal data of nobody: name its members in CLEAR")
    return UUID(lead_id)
