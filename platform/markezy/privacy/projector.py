"""Leads who ask in the chat to be forgotten are forgotten."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.events import Event
from markezy.privacy import service
from markezy.privacy.model import Reason


def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
    """Apply a tenant's next events. Played again, they ask for what was done already."""
    for event in events:
        if event.type == "qualification.erasure_requested":
            lead_id = UUID(event.data["lead_id"])
            service.request_erasure(connection, tenant_id, lead_id, event.actor, Reason.LEAD, event.correlation_id)
