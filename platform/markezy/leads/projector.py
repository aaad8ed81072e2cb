"""Keeps the read model of leads up with the event log.

Called once for each event, in order, inside the transaction that moves the projection's position (markezy.kernel.projection). A
batch costs a fixed number of statements, however many leads it touches.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.events import Event
from markezy.leads import repository
from markezy.leads.fold import apply
from markezy.leads.model import Lead


def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> set[UUID]:
    """Apply a tenant's next events to its leads; the ids of those about which there is news."""
    news = {event.stream_id for event in events if event.stream_type == "lead"}
    said = [event for event in events if event.stream_type == "conversation"]
    if not said:
        return news
    conversations = {event.stream_id for event in said}
    before = {
        one.conversation_id: one for one in repository.leads_of_conversations(connection, tenant_id, conversations)
    }
    after: dict[UUID, Lead | None] = {conversation: before.get(conversation) for conversation in conversations}
    for event in said:
        after[event.stream_id] = apply(after[event.stream_id], event)
    changed = [
        (before.get(conversation), one)
        for conversation, one in after.items()
        if one is not None and one is not before.get(conversation)
    ]
    repository.save(connection, tenant_id, changed)
    return news | {one.id for _, one in changed}
