"""Somebody of the team wants another edition: from what the lead says today and the templates in force today."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.consents import api as consents
from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.outbox import enqueue
from markezy.leads import api as leads
from markezy.strategies import repository
from markezy.strategies.production.standing import standing_of


def ask_for_next(connection: Connection, tenant_id: UUID, lead_id: UUID, correlation_id: str) -> int:
    """Have the lead's next edition written; its number.

    NotFound when there is no such lead, Conflict when none can be written now: they are not qualified, want none, or one is on its way.
    """
    leads.get_lead(connection, tenant_id, lead_id)
    try:
        lead = leads.qualified(connection, tenant_id, lead_id)
    except NotFound:
        raise Conflict("A strategy is written for leads who are qualified; this one is not.") from None
    if not consents.may(connection, tenant_id, lead_id, lead.conversation_id, lead.flow_version_id, consents.STRATEGY):
        raise Conflict("This lead does not agree to a strategy being written.")
    written = repository.statuses_of_lead(connection, tenant_id, lead_id)
    if standing_of(connection, tenant_id, lead_id, written).in_production:
        raise Conflict("A strategy for this lead is being made already. Wait until it is ready.")
    edition = repository.next_edition(connection, tenant_id, lead_id)
    enqueue(connection, tenant_id, "strategies.generate", {"lead_id": str(lead_id), "edition": edition}, correlation_id)
    return edition
