"""Keeps the read model of leads up with the event log.

Called once for each event, in order, inside the transaction that moves the projection's position (markezy.kernel.projection). A
batch costs a fixed number of statements, however many leads it touches.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.events import Event
from markezy.leads import repository, search
from markezy.leads.fold import apply
from markezy.leads.model import Lead
from markezy.leads.reviewing import REVIEWED

_ERASED, _KEY_ROTATED = "lead.erased", "lead.key_rotated"
_OF_THE_LEAD = (_ERASED, _KEY_ROTATED, REVIEWED)
"""Events of a lead's own stream that change their row."""

Change = tuple[Lead | None, Lead]
"""A lead before a batch and after it."""


def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> set[UUID]:
    """Apply a tenant's next events to its leads; the ids of those about which there is news."""
    news = {event.stream_id for event in events if event.stream_type == "lead"}
    said = [event for event in events if event.stream_type == "conversation"]
    decided = [event for event in events if event.stream_type == "lead" and event.type in _OF_THE_LEAD]
    before = _load(connection, tenant_id, said, decided)
    changed, anew = _fold(before, events)
    repository.save(connection, tenant_id, changed, anew)
    _keep_findable(connection, tenant_id, changed, said)
    _forget(connection, tenant_id, {event.stream_id for event in decided if event.type == _ERASED})
    return news | {one.id for _, one in changed}


def _load(connection: Connection, tenant_id: UUID, said: Sequence[Event], decided: Sequence[Event]) -> dict[UUID, Lead]:
    """By id the leads that these events may change, as the batch finds them."""
    found = []
    if said:
        found += repository.leads_of_conversations(connection, tenant_id, {event.stream_id for event in said})
    if missing := {event.stream_id for event in decided} - {one.id for one in found}:
        found += repository.leads_of_ids(connection, tenant_id, missing)
    return {one.id: one for one in found}


def _fold(before: Mapping[UUID, Lead], events: Sequence[Event]) -> tuple[list[Change], set[UUID]]:
    """The leads that change, and the ids of those whose boxes are sealed anew. In the log's order, whatever the batch: a lead is
    forgotten before what is said afterwards, and a replay comes to the same rows.
    """
    now: dict[UUID, Lead] = dict(before)
    leads = {one.conversation_id: one.id for one in before.values()}
    anew = set()
    for event in events:
        lead_id = event.stream_id if event.stream_type == "lead" else leads.get(event.stream_id)
        known = None if lead_id is None else now.get(lead_id)
        after = apply(known, event)
        if after is None:
            continue
        now[after.id] = after
        leads[after.conversation_id] = after.id
        if event.type == _KEY_ROTATED:
            anew.add(after.id)
    changed = [(before.get(one.id), one) for one in now.values() if one.id in anew or one is not before.get(one.id)]
    return changed, anew


def _keep_findable(connection: Connection, tenant_id: UUID, changed: Sequence[Change], said: Sequence[Event]) -> None:
    renamed = [now for before, now in changed if before is None or _contact(before) != _contact(now)]
    search.index_contacts(connection, tenant_id, renamed)
    leads = {now.conversation_id: now.id for _, now in changed if now.erased_at is None}
    search.index_said(connection, tenant_id, leads, said)


def _forget(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> None:
    """Remove what nobody can open any more, and so nobody has seen go."""
    if lead_ids:
        repository.forget_answers(connection, tenant_id, lead_ids)
        search.forget(connection, tenant_id, lead_ids)


def _contact(lead: Lead) -> tuple[str | None, ...]:
    return lead.name, lead.email, lead.phone, lead.company
