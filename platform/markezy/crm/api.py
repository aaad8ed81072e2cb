"""The CRM domain's door: connections of a tenant, how far its syncs have come, and how looking back at their deals goes.

Other domains may read syncs and create connections here; nothing here talks to a CRM, that is the task's work.
"""

from collections.abc import Set
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import credentials, repository
from markezy.crm.erasing import Caller, erase_lead, keep_traces
from markezy.crm.look_back_repository import LookBack, look_backs
from markezy.crm.looking_back import ask
from markezy.crm.looking_back import begin_all as begin_looking_back
from markezy.crm.model import CrmError, CrmRefused
from markezy.crm.repository import CrmConnection, Sync
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.ids import new_id
from markezy.kernel.outgoing import check_url

__all__ = [
    "VENDORS", "Caller", "CrmConnection", "CrmError", "CrmRefused", "LookBack", "Sync", "active_connections",
    "add_connection", "begin_looking_back", "erase_lead", "keep_traces", "look_back", "look_backs", "syncs_of_lead",
]  # fmt: skip

VENDORS = ("hubspot",)


def add_connection(
    connection: Connection,
    tenant_id: UUID,
    vendor: str,
    name: str,
    base_url: str,
    token: str,
    private_hosts: Set[str] = frozenset(),
) -> UUID:
    """Store a connection with its token sealed. Invalid for an unknown vendor or an address that may not be called."""
    if vendor not in VENDORS:
        raise Invalid(f"There is no connector for this CRM; known are: {', '.join(VENDORS)}.")
    check_url(base_url, private_hosts)
    connection_id = new_id()
    credential = credentials.sealed(connection, tenant_id, connection_id, token)
    repository.insert_connection(connection, tenant_id, connection_id, vendor, name, base_url, credential)
    return connection_id


def active_connections(connection: Connection, tenant_id: UUID) -> list[CrmConnection]:
    """The CRMs that leads are sent to, oldest first."""
    return [one for one in repository.connections(connection, tenant_id) if one.active]


def syncs_of_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[Sync]:
    """The lead's syncs, newest first."""
    return repository.syncs(connection, tenant_id, lead_id, before=None, limit=100)


def look_back(connection: Connection, tenant_id: UUID, connection_id: UUID, correlation_id: str) -> None:
    """Have the CRM asked soon what became of our deals. NotFound for no connection of the tenant, Conflict for one that is off."""
    one = repository.find_connection(connection, tenant_id, connection_id)
    if one is None:
        raise NotFound("There is no such CRM connection.")
    if not one.active:
        raise Conflict("This CRM connection is switched off.")
    ask(connection, tenant_id, connection_id, correlation_id)
