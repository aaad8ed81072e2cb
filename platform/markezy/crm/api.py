"""The CRM domain's door: connections of a tenant, and how far its syncs have come.

Other domains may read syncs and create connections here; nothing here talks to a CRM, that is the task's work.
"""

from collections.abc import Set
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import repository
from markezy.crm.repository import Sync
from markezy.kernel.errors import Invalid
from markezy.kernel.ids import new_id
from markezy.kernel.outgoing import check_url
from markezy.kernel.seal import Sealer

__all__ = ["VENDORS", "Sync", "add_connection", "credential_context", "syncs_of_lead"]

VENDORS = ("hubspot",)


def add_connection(
    connection: Connection,
    tenant_id: UUID,
    vendor: str,
    name: str,
    base_url: str,
    token: str,
    sealer: Sealer,
    private_hosts: Set[str] = frozenset(),
) -> UUID:
    """Store a connection with its token sealed. Invalid for an unknown vendor or an address that may not be called."""
    if vendor not in VENDORS:
        raise Invalid(f"There is no connector for this CRM; known are: {', '.join(VENDORS)}.")
    check_url(base_url, private_hosts)
    connection_id = new_id()
    credential = sealer.seal(token.encode(), credential_context(tenant_id, connection_id))
    repository.insert_connection(connection, tenant_id, connection_id, vendor, name, base_url, credential)
    return connection_id


def credential_context(tenant_id: UUID, connection_id: UUID) -> str:
    """What a connection's sealed token is bound to."""
    return f"crm_connection/{tenant_id}/{connection_id}"


def syncs_of_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[Sync]:
    """The lead's syncs, newest first."""
    return repository.syncs(connection, tenant_id, lead_id, before=None, limit=100)
