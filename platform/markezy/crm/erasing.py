"""Having CRMs forget a lead."""

from collections.abc import Callable, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import credentials, repository
from markezy.crm.model import CrmError
from markezy.crm.vendors.hubspot.client import HubSpotClient
from markezy.kernel.clock import now

_SYNC_TAKES = timedelta(minutes=5)
"""A worker's time limit: after it no sync that began before can still be at work."""


@dataclass(frozen=True)
class Caller:
    """In whose name a CRM is asked."""

    correlation_id: str
    private_hosts: Set[str] = field(default_factory=frozenset)


def erase_lead(
    transaction: Callable[[], AbstractContextManager[Connection]], caller: Caller, tenant_id: UUID, lead_id: UUID
) -> int:
    """Have every CRM that got the lead forget contact, deal and note; how many records that were.

    No transaction is open while a CRM is asked; what was confirmed is not asked again. CrmError when another try is worth it, also
    while a sync of this lead may still be at work; CrmRefused when a CRM says no.
    """
    with transaction() as connection:
        syncs = repository.syncs(connection, tenant_id, lead_id, before=None, limit=1000)
        connections = {one.id: one for one in repository.connections(connection, tenant_id)}
        tokens = {
            sync.connection_id: credentials.token_of(connection, tenant_id, connections[sync.connection_id])
            for sync in syncs
        }
    if any(sync.status == "running" and sync.updated_at > now() - _SYNC_TAKES for sync in syncs):
        raise CrmError("A sync of this lead is under way; its records are removed when it has ended.")
    records = 0
    for sync in syncs:
        to_remove = [one for one in (sync.note_id, sync.deal_id, sync.contact_id) if one is not None]
        if to_remove:
            one = connections[sync.connection_id]
            client = HubSpotClient(one.base_url, tokens[one.id], caller.correlation_id, caller.private_hosts)
            client.erase(sync.contact_id, sync.deal_id, sync.note_id)
            records += len(to_remove)
        with transaction() as connection:
            repository.change_sync(
                connection, tenant_id, sync.id,
                status="erased", contact_id=None, deal_id=None, note_id=None, last_error=None,
            )  # fmt: skip
    return records
