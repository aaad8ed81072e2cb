"""Having CRMs forget a lead."""

from collections.abc import Callable, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import credentials, repository
from markezy.crm.model import CrmError, CrmRefused, Traces
from markezy.crm.vendors.hubspot.client import HubSpotClient
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.leads import api as leads

_SYNC_TAKES = timedelta(minutes=5)
"""A worker's time limit: after it no sync that began before can still be at work."""
_KEY = "crm_sync.contact_key"
_ERASED = "erased"


@dataclass(frozen=True)
class Caller:
    """In whose name a CRM is asked."""

    correlation_id: str
    private_hosts: Set[str] = field(default_factory=frozenset)


def keep_traces(connection: Connection, tenant_id: UUID, lead_id: UUID) -> None:
    """Keep what finds the contacts of this lead whose ids have not arrived, in boxes of the agency's, until the CRMs were asked.

    For the transaction that destroys the lead's keys: afterwards nobody knows the address under which a sync that was killed, or
    is at work, has written the contact.
    """
    unknown = [
        sync
        for sync in repository.syncs(connection, tenant_id, lead_id, before=None, limit=1000)
        if sync.contact_id is None and sync.status != _ERASED
    ]
    email = leads.qualified(connection, tenant_id, lead_id).contact.email if unknown else None
    if not email:
        return
    keys = personal.tenant_keys(connection, tenant_id)
    for sync in unknown:
        box = personal.seal(keys, email, _KEY, tenant_id, sync.id)
        repository.keep_contact_key(connection, tenant_id, sync.id, box)


def erase_lead(
    transaction: Callable[[], AbstractContextManager[Connection]], caller: Caller, tenant_id: UUID, lead_id: UUID
) -> int:
    """Have every CRM that got the lead forget contact, deal and note; how many records that were.

    No transaction is open while a CRM is asked; what was confirmed is not asked again, and one that says no keeps no other from
    being asked. CrmError when another try is worth it, also while a sync of this lead may still be at work; CrmRefused when a CRM
    says no.
    """
    with transaction() as connection:
        syncs = [
            sync
            for sync in repository.syncs(connection, tenant_id, lead_id, before=None, limit=1000)
            if sync.status != _ERASED
        ]
        traces = {sync.id: _traces(connection, tenant_id, sync) for sync in syncs}
        connections = {one.id: one for one in repository.connections(connection, tenant_id)}
        tokens = {
            sync.connection_id: credentials.token_of(connection, tenant_id, connections[sync.connection_id])
            for sync in syncs
        }
    if any(sync.status == "running" and sync.updated_at > now() - _SYNC_TAKES for sync in syncs):
        raise CrmError("A sync of this lead is under way; its records are removed when it has ended.")
    records = 0
    troubles: list[CrmError] = []
    for sync in syncs:
        one = connections[sync.connection_id]
        client = HubSpotClient(one.base_url, tokens[one.id], caller.correlation_id, caller.private_hosts)
        try:
            records += client.erase(traces[sync.id])
        except CrmError as trouble:
            troubles.append(trouble)
            continue
        with transaction() as connection:
            repository.change_sync(
                connection, tenant_id, sync.id,
                status=_ERASED, contact_id=None, deal_id=None, note_id=None, contact_key=None, closed_as=None,
                last_error=None,
            )  # fmt: skip
    if troubles:
        raise next((one for one in troubles if not isinstance(one, CrmRefused)), _refused(troubles))
    return records


def _traces(connection: Connection, tenant_id: UUID, sync: repository.Sync) -> Traces:
    box = repository.contact_keys(connection, tenant_id, sync.lead_id).get(sync.id)
    email = personal.unseal(personal.tenant_keys(connection, tenant_id), box, _KEY, tenant_id, sync.id)
    return Traces(sync.contact_id, sync.deal_id, sync.note_id, email, sync.lead_id, sync.strategy_id)


def _refused(refusals: list[CrmError]) -> CrmRefused:
    return CrmRefused(" ".join(sorted({str(one) for one in refusals})))
