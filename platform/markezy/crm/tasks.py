"""What the worker does for the CRM domain."""

from uuid import UUID

from markezy.consents import api as consents
from markezy.crm import repository
from markezy.crm.credentials import token_of
from markezy.crm.model import CrmClient, CrmRefused
from markezy.crm.records import records_of
from markezy.crm.service import sync_strategy
from markezy.crm.vendors.hubspot.client import HubSpotClient
from markezy.kernel import events
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.strategies import api as strategies


@task("crm.sync")
def sync(call: TaskCall, strategy_id: str) -> None:
    """Bring contact, deal and note of one strategy into every active CRM connection of the tenant."""
    with call.transaction() as connection:
        summary = strategies.summary_for_crm(connection, call.tenant_id, UUID(strategy_id))
        connections = [one for one in repository.connections(connection, call.tenant_id) if one.active]
        lead = summary.lead
        if not consents.may(
            connection, call.tenant_id, lead.lead_id, lead.conversation_id, lead.flow_version_id, consents.CONTACT
        ):
            for one in connections:
                repository.withhold(connection, call.tenant_id, one.id, lead.lead_id, UUID(strategy_id))
            call.complete(connection)
            return
    refusals = []
    synced = []
    for one in connections:
        try:
            done = sync_strategy(
                call.transaction, _client(call, one), call.tenant_id, one.id, summary.lead.lead_id, UUID(strategy_id),
                records_of(summary),
            )  # fmt: skip
            synced.append(done)
        except CrmRefused as refusal:
            refusals.append(str(refusal))
    if refusals:
        raise PermanentFailure(" ".join(refusals))
    with call.transaction() as connection:
        for done in synced:
            data = {"contact_id": done.contact_id, "deal_id": done.deal_id, "note_id": done.note_id}
            events.append(
                connection, call.tenant_id, "lead", done.lead_id, None, [events.NewEvent("crm.synced", data)],
                call.correlation_id,
            )  # fmt: skip
        call.complete(connection)


def _client(call: TaskCall, one: repository.CrmConnection) -> CrmClient:
    with call.transaction() as connection:
        token = token_of(connection, call.tenant_id, one)
    return HubSpotClient(one.base_url, token, call.correlation_id, call.settings.allowed_private_hosts)
