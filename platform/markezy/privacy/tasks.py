"""What the worker does for leads' rights: forgetting, copies, and removing what is past its period."""

from uuid import UUID

from markezy.crm.api import Caller, CrmError, CrmRefused
from markezy.kernel.clock import now
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.privacy import export_repository, exports, retention, service
from markezy.privacy.archive import archive
from markezy.privacy.model import Reason

_STEPS = 20
"""Transactions of one retention run at a time: then it is another agency's turn, and no worker's time is over."""


@task("privacy.erase")
def erase(call: TaskCall, lead_id: str) -> None:
    """Forget a lead here, then have the CRMs forget them, then certify. What an earlier try has done is not done again."""
    lead = UUID(lead_id)
    with call.transaction() as connection:
        found = service.erasure_of(connection, call.tenant_id, lead)
        if found.forgotten_at is None:
            service.forget(connection, call.tenant_id, found, call.correlation_id)
    # A CRM has periods of its own, and whoever became a customer is in it: only a request reaches that far.
    if found.crm_at is None and found.reason != Reason.RETENTION:
        caller = Caller(call.correlation_id, call.settings.allowed_private_hosts)
        try:
            service.erase_in_crms(call.transaction, caller, call.tenant_id, lead)
        except CrmRefused as refusal:
            _note(call, lead, refusal, final=True)
            raise PermanentFailure(str(refusal)) from refusal
        except CrmError as trouble:
            _note(call, lead, trouble, final=False)
            raise
    with call.transaction() as connection:
        if found.completed_at is None:
            service.certify(connection, call.tenant_id, lead)
        call.complete(connection)


@task("privacy.export")
def export(call: TaskCall, export_id: str) -> None:
    """Make the copy of what is kept of a lead. Two tries at once keep one of them."""
    with call.transaction() as connection:
        wanted = exports.contents_of(connection, call.tenant_id, UUID(export_id))
        if wanted is None:
            call.complete(connection)
            return
    made = archive(wanted[1])
    with call.transaction() as connection:
        export_repository.keep(connection, call.tenant_id, wanted[0], made)
        call.complete(connection)


@task("privacy.retain")
def retain(call: TaskCall, run_id: str) -> None:
    """Go on with a retention run for a while, and come back for the rest."""
    finished = retention.go_on(call.transaction, call.tenant_id, UUID(run_id), _STEPS)
    with call.transaction() as connection:
        if finished:
            call.complete(connection)
        else:
            call.postpone(connection, now())


def _note(call: TaskCall, lead_id: UUID, trouble: CrmError, *, final: bool) -> None:
    with call.transaction() as connection:
        service.note_crm_failure(connection, call.tenant_id, lead_id, str(trouble), final=final)
