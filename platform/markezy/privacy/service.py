"""Forgetting a lead, step by step; each step can be repeated (docs/decisions/0016-erasure.md)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import api as crm
from markezy.handover import api as handover
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.errors import NotFound
from markezy.kernel.events import NewEvent, append, lock_stream
from markezy.kernel.logging import security_log
from markezy.kernel.outbox import enqueue, is_waiting
from markezy.leads import api as leads
from markezy.privacy import export_repository, repository
from markezy.privacy.model import Erasure, Reason, certificate, digest_of
from markezy.resuming import api as resuming
from markezy.strategies import api as strategies

_TASK = "privacy.erase"

Transaction = Callable[[], AbstractContextManager[Connection]]


def request_erasure(
    connection: Connection, tenant_id: UUID, lead_id: UUID, requested_by: str, reason: Reason, correlation_id: str
) -> Erasure:
    """Write down that a lead is to be forgotten and have it done in the background; asked again, the first request counts, and
    goes on if it was given up.

    NotFound when there is no such lead.
    """
    leads.get_lead(connection, tenant_id, lead_id)
    lock_stream(connection, lead_id)
    payload = {"lead_id": str(lead_id)}
    if repository.add(connection, tenant_id, Erasure(lead_id, requested_by, reason, now())):
        requested = NewEvent("lead.erasure_requested", {"reason": str(reason)}, requested_by)
        append(connection, tenant_id, "lead", lead_id, None, [requested], correlation_id)
        enqueue(connection, tenant_id, _TASK, payload, correlation_id)
        security_log.warning("erasure.requested", tenant_id=str(tenant_id), lead_id=str(lead_id), reason=str(reason))
        return erasure_of(connection, tenant_id, lead_id)
    found = erasure_of(connection, tenant_id, lead_id)
    if found.completed_at is None and not is_waiting(connection, tenant_id, _TASK, payload):
        repository.change(connection, tenant_id, lead_id, refused_at=None)
        enqueue(connection, tenant_id, _TASK, payload, correlation_id)
    return erasure_of(connection, tenant_id, lead_id)


def erasure_of(connection: Connection, tenant_id: UUID, lead_id: UUID) -> Erasure:
    """How far it has come; NotFound when nobody asked for it."""
    found = repository.find(connection, tenant_id, lead_id)
    if found is None:
        raise NotFound("Nobody asked for the erasure of this lead.")
    return found


def forget(connection: Connection, tenant_id: UUID, wanted: Erasure, correlation_id: str) -> None:
    """Remove what is kept of the lead and destroy their keys: all of it in one transaction, or nothing."""
    lead_id = wanted.lead_id
    conversation_id = leads.get_lead(connection, tenant_id, lead_id).conversation_id
    removed = {
        "exports": export_repository.forget_lead(connection, tenant_id, lead_id),
        **strategies.forget_lead(connection, tenant_id, lead_id),
        **handover.forget_conversation(connection, tenant_id, conversation_id),
        **resuming.forget_conversation(connection, tenant_id, conversation_id),
        **leads.forget_lead(connection, tenant_id, lead_id, wanted.reason, wanted.requested_by, correlation_id),
    }
    crm.keep_traces(connection, tenant_id, lead_id)
    personal.destroy(connection, tenant_id, lead_id)
    repository.change(connection, tenant_id, lead_id, removed=removed, forgotten_at=now())
    security_log.warning("erasure.done", tenant_id=str(tenant_id), lead_id=str(lead_id), reason=wanted.reason)


def erase_in_crms(transaction: Transaction, call: crm.Caller, tenant_id: UUID, lead_id: UUID) -> None:
    """Have every CRM forget the lead. Raises CrmError when another try is worth it."""
    erased = crm.erase_lead(transaction, call, tenant_id, lead_id)
    with transaction() as connection:
        found = erasure_of(connection, tenant_id, lead_id)
        removed = {**found.removed, "crm_records": erased}
        repository.change(connection, tenant_id, lead_id, removed=removed, crm_at=now(), crm_failure=None)


def note_crm_failure(connection: Connection, tenant_id: UUID, lead_id: UUID, reason: str, *, final: bool) -> None:
    """Keep why a CRM has not confirmed; a `final` one waits until somebody asks again."""
    repository.change(connection, tenant_id, lead_id, crm_failure=reason, refused_at=now() if final else None)


def certify(connection: Connection, tenant_id: UUID, lead_id: UUID) -> None:
    """Close the erasure: from here on its certificate stands."""
    repository.change(connection, tenant_id, lead_id, completed_at=now())
    document = certificate(tenant_id, erasure_of(connection, tenant_id, lead_id))
    repository.change(connection, tenant_id, lead_id, digest=digest_of(document))
