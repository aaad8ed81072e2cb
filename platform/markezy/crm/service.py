"""The sync itself: contact, then deal, then note, each id kept as soon as it is known."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import repository
from markezy.crm.model import Contact, CrmClient, CrmError, CrmRefused, Deal, Note

Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class Records:
    """What one strategy becomes in a CRM."""

    contact: Contact
    deal: Deal
    note: Note


def sync_strategy(
    transaction: Transaction,
    client: CrmClient,
    tenant_id: UUID,
    connection_id: UUID,
    lead_id: UUID,
    strategy_id: UUID,
    records: Records,
) -> repository.Sync:
    """Bring the CRM to hold the records exactly once; continues where an earlier try stopped.

    No transaction is open while the CRM is asked. Raises CrmError when another try is worth it, CrmRefused when not; the
    reason is on the sync's row either way.
    """
    with transaction() as connection:
        sync_id = repository.open_sync(connection, tenant_id, connection_id, lead_id, strategy_id)
        known = repository.sync(connection, tenant_id, sync_id)

    def remember(**values: str) -> None:
        with transaction() as connection:
            repository.change_sync(connection, tenant_id, sync_id, **values)

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
        if known.note_id is None:
            remember(note_id=client.ensure_note(records.note, contact_id, deal_id))
    except CrmError as error:
        with transaction() as connection:
            status = "failed" if isinstance(error, CrmRefused) else "running"
            repository.change_sync(connection, tenant_id, sync_id, status=status, last_error=str(error))
        raise
    with transaction() as connection:
        repository.change_sync(connection, tenant_id, sync_id, status="synced", last_error=None)
        return repository.sync(connection, tenant_id, sync_id)
