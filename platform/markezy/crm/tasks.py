"""What the worker does for the CRM domain."""

from uuid import UUID

from markezy.consents import api as consents
from markezy.crm import repository
from markezy.crm.credentials import token_of
from markezy.crm.model import CrmClient, CrmRefused
from markezy.crm.records import records_of
from markezy.crm.service import open_syncs, sync_strategy
from markezy.crm.vendors.hubspot.client import HubSpotClient
from markezy.kernel.errors import NotFound
from markezy.kernel.logging import get_logger
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.strategies import api as strategies

log = get_logger(__name__)


@task("crm.sync")
def sync(call: TaskCall, strategy_id: str) -> None:
    """Bring contact, deal and note of one strategy into every active CRM connection of the tenant."""
    with call.transaction() as connection:
        try:
            summary = strategies.summary_for_crm(connection, call.tenant_id, UUID(strategy_id))
        except NotFound:
            log.info("crm.nothing_to_sync")
            call.complete(connection)
            return
        lead = summary.lead
        agreed = consents.may(
            connection, call.tenant_id, lead.lead_id, lead.conversation_id, lead.flow_version_id, consents.CONTACT
        )
        if not agreed:
            repository.withhold(connection, call.tenant_id, lead.lead_id, UUID(strategy_id))
            call.complete(connection)
            return
        opened = open_syncs(connection, call.tenant_id, summary.lead.lead_id, UUID(strategy_id))
    refusals = []
    for one, known in opened:
        try:
            sync_strategy(
                call.transaction, _client(call, one), call.tenant_id, known, records_of(summary), call.correlation_id
            )
        except CrmRefused as refusal:
            refusals.append(str(refusal))
    if refusals:
        raise PermanentFailure(" ".join(refusals))
    with call.transaction() as connection:
        call.complete(connection)


def _client(call: TaskCall, one: repository.CrmConnection) -> CrmClient:
    with call.transaction() as connection:
        token = token_of(connection, call.tenant_id, one)
    return HubSpotClient(one.base_url, token, call.correlation_id, call.settings.allowed_private_hosts)
