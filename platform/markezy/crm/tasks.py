"""What the worker does for the CRM domain."""

from datetime import timedelta
from uuid import UUID

from markezy.consents import api as consents
from markezy.crm import looking_back, repository
from markezy.crm.credentials import token_of
from markezy.crm.model import CrmClient, CrmError, CrmRefused
from markezy.crm.records import records_of
from markezy.crm.service import open_syncs, sync_strategy
from markezy.crm.telling import Teller
from markezy.crm.vendors.hubspot.client import HubSpotClient
from markezy.kernel.clock import now
from markezy.kernel.errors import Invalid, NotFound
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


@task(looking_back.TASK)
def look_back(call: TaskCall, connection_id: str) -> None:
    """Read over one connection what became of our deals, and tell it; how that went is kept with the connection."""
    with call.transaction() as connection:
        one = repository.find_connection(connection, call.tenant_id, UUID(connection_id))
        if one is None or not one.active:
            call.complete(connection)
            return
    teller = Teller(call.transaction, call.tenant_id, one.id, call.correlation_id)
    try:
        seen = looking_back.look(teller, _client(call, one))
    except Invalid as unreachable:
        seen = looking_back.Look(trouble=CrmError(str(unreachable)))
    interval = timedelta(seconds=call.settings.crm_look_back_seconds)
    with call.transaction() as connection:
        looking_back.end(connection, call.tenant_id, one.id, seen, now(), interval)
        call.complete(connection)


def _client(call: TaskCall, one: repository.CrmConnection) -> CrmClient:
    with call.transaction() as connection:
        token = token_of(connection, call.tenant_id, one)
    return HubSpotClient(one.base_url, token, call.correlation_id, call.settings.allowed_private_hosts)
