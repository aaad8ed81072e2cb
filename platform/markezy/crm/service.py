"""The sync itself: contact, then deal, then note, each id kept as soon as it is known."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import repository
from markezy.crm.model import Contact, CrmClient, CrmError, CrmRefused, Deal, Note
from markezy.kernel import personal
from markezy.kernel.events import NewEvent, append, lock_stream

Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class Records:
    """What one strategy becomes in a CRM."""

    contact: Contact
    deal: Deal
    note: Note


def open_syncs(
    connection: Connection, tenant_id: UUID, lead_id: UUID, strategy_id: UUID
) -> list[tuple[repository.CrmConnection, repository.Sync]]:
    """The syncs of this strategy, one for each active connection, each counting the try; none for a lead who was erased.

    Part of the transaction that reads what is sent. Either an erasure comes first and nothing is sent, or it finds these syncs.
    """
    lock_stream(connection, lead_id)
    if personal.keys_of_one(connection, tenant_id, lead_id) is None:
        return []
    opened = []
    for one in repository.connections(connection, tenant_id):
        if one.active:
            sync_id = repository.open_sync(connection, tenant_id, one.id, lead_id, strategy_id)
            opened.append((one, repository.sync(connection, tenant_id, sync_id)))
    return opened


def sync_strategy(
    transaction: Transaction,
    client: CrmClient,
    tenant_id: UUID,
    known: repository.Sync,
    records: Records,
    correlation_id: str,
) -> None:
    """Bring the CRM to hold the records exactly once; continues where an earlier try stopped.

    No transaction is open while the CRM is asked. Raises CrmError when another try is worth it, CrmRefused when not; the
    reason is on the sync's row either way.
    """

    def remember(**values: str) -> None:
        with transaction() as connection:
            repository.change_sync(connection, tenant_id, known.id, **values)

    def end(status: str, event: NewEvent, last_error: str | None) -> None:
        with transaction() as connection:
            # Before the row, as an erasure does, so that the two never wait for each other.
            lock_stream(connection, known.lead_id)
            repository.change_sync(connection, tenant_id, known.id, status=status, last_error=last_error)
            append(connection, tenant_id, "lead", known.lead_id, None, [event], correlation_id)

    place = {"strategy_id": str(known.strategy_id), "connection_id": str(known.connection_id)}
    try:
        client.prepare()
        contact_id = known.contact_id
        if contact_id is None:
            contact_id = client.upsert_contact(records.contact)
            remember(contact_id=contact_id)
        deal_id = known.deal_id
        if deal_id is None:
            deal_id = client.ensure_deal(records.deal, contact_id)
            remember(deal_id=deal_id)
        note_id = known.note_id
        if note_id is None:
            note_id = client.ensure_note(records.note, contact_id, deal_id)
            remember(note_id=note_id)
    except CrmRefused as refusal:
        end("failed", NewEvent("crm.sync_failed", {**place, "reason": str(refusal)}), str(refusal))
        raise
    except CrmError as error:
        remember(status="running", last_error=str(error))
        raise
    if known.status != "synced":
        ids = {"contact_id": contact_id, "deal_id": deal_id, "note_id": note_id}
        end("synced", NewEvent("crm.synced", {**place, **ids}), None)
