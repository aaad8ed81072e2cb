"""Keeps the read model of leads up with the event log.

Called once for each event, in order, inside the transaction that moves the projection's position (markezy.kernel.projection). A
batch costs a fixed number of statements, however many leads it touches.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.events import Event
from markezy.leads import repository, search
from markezy.leads.fold import apply, erased
from markezy.leads.model import Lead

_ERASED, _KEY_ROTATED = "lead.erased", "lead.key_rotated"


def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> set[UUID]:
    """Apply a tenant's next events to its leads; the ids of those about which there is news."""
    about = [event for event in events if event.stream_type == "lead"]
    news = {event.stream_id for event in about}
    said = [event for event in events if event.stream_type == "conversation"]
    changed = _fold(connection, tenant_id, said) if said else []
    repository.save(connection, tenant_id, changed)
    _keep_findable(connection, tenant_id, changed, said)
    _change_keys(connection, tenant_id, [event for event in about if event.type in (_ERASED, _KEY_ROTATED)])
    return news | {one.id for _, one in changed}


def _fold(connection: Connection, tenant_id: UUID, said: Sequence[Event]) -> list[tuple[Lead | None, Lead]]:
    """The leads these events of conversations are about, before and after them, those that changed."""
    conversations = {event.stream_id for event in said}
    before = {
        one.conversation_id: one for one in repository.leads_of_conversations(connection, tenant_id, conversations)
    }
    after: dict[UUID, Lead | None] = {conversation: before.get(conversation) for conversation in conversations}
    for event in said:
        after[event.stream_id] = apply(after[event.stream_id], event)
    return [
        (before.get(conversation), one)
        for conversation, one in after.items()
        if one is not None and one is not before.get(conversation)
    ]


def _keep_findable(
    connection: Connection, tenant_id: UUID, changed: Sequence[tuple[Lead | None, Lead]], said: Sequence[Event]
) -> None:
    renamed = [now for before, now in changed if before is None or _contact(before) != _contact(now)]
    search.index_contacts(connection, tenant_id, renamed)
    leads = {now.conversation_id: now.id for _, now in changed if now.erased_at is None}
    search.index_said(connection, tenant_id, leads, said)


def _change_keys(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
    """What happens to a lead's keys happens to their row: it is emptied, or sealed anew."""
    if not events:
        return
    known = {
        one.id: one for one in repository.leads_of_ids(connection, tenant_id, {event.stream_id for event in events})
    }
    for event in events:
        one = known.get(event.stream_id)
        if one is None:
            continue
        if event.type == _ERASED:
            known[one.id] = gone = erased(one, event.occurred_at)
            repository.save(connection, tenant_id, [(one, gone)])
            repository.forget_answers(connection, tenant_id, one.id)
            search.forget(connection, tenant_id, one.id)
        else:
            repository.save(connection, tenant_id, [(None, one)])


def _contact(lead: Lead) -> tuple[str | None, ...]:
    return lead.name, lead.email, lead.phone, lead.company
