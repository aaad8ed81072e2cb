"""Removing what is kept of a lead's conversation outside the log, and telling the read model."""

from uuid import UUID

from sqlalchemy import Connection, text

from markezy.kernel.events import NewEvent, append
from markezy.leads import search

_UPLOADS = text("DELETE FROM upload WHERE tenant_id = :tenant_id AND conversation_id = :conversation_id")
_INBOX = text("""
    UPDATE inbox SET body = '', processed_at = coalesce(processed_at, now()), failure = NULL
    WHERE tenant_id = :tenant_id AND conversation_id = :conversation_id
""")
_SNAPSHOT = text("UPDATE conversation SET snapshot = NULL WHERE tenant_id = :tenant_id AND id = :conversation_id")
_EVENTS = text("SELECT count(*) FROM event WHERE tenant_id = :tenant_id AND stream_id IN (:lead_id, :conversation_id)")


def forget_lead(
    connection: Connection,
    tenant_id: UUID,
    lead_id: UUID,
    conversation_id: UUID,
    reason: str,
    actor: str,
    correlation_id: str,
) -> dict[str, int]:
    """Remove files, what waits in the inbox, the snapshot and the search words; how many files, messages and events there were.

    The events stay: without the lead's keys they tell that something was said, and not what.
    """
    place = {"tenant_id": tenant_id, "lead_id": lead_id, "conversation_id": conversation_id}
    files = connection.execute(_UPLOADS, place).rowcount
    messages = connection.execute(_INBOX, place).rowcount
    connection.execute(_SNAPSHOT, place)
    search.forget(connection, tenant_id, (lead_id,))
    sealed = connection.execute(_EVENTS, place).scalar_one()
    erased = NewEvent("lead.erased", {"reason": reason}, actor)
    append(connection, tenant_id, "lead", lead_id, None, [erased], correlation_id)
    return {"files": files, "messages": messages, "events_made_unreadable": sealed}
