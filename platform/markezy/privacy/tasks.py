"""What the worker does for leads' rights."""

from uuid import UUID

from markezy.crm.api import Caller, CrmError, CrmRefused
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.privacy import service


@task("privacy.erase")
def erase(call: TaskCall, lead_id: str) -> None:
    """Forget a lead here, then have the CRMs forget them, then certify. What an earlier try has done is not done again."""
    lead = UUID(lead_id)
    with call.transaction() as connection:
        found = service.erasure_of(connection, call.tenant_id, lead)
        if found.forgotten_at is None:
            service.forget(connection, call.tenant_id, found, call.correlation_id)
    if found.crm_at is None:
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


def _note(call: TaskCall, lead_id: UUID, trouble: CrmError, *, final: bool) -> None:
    with call.transaction() as connection:
        service.note_crm_failure(connection, call.tenant_id, lead_id, str(trouble), final=final)
