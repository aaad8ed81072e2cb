"""The CRM domain's door: connections of a tenant, and how far its syncs have come.

Other domains may read syncs and create connections here; nothing here talks to a CRM, that is the task's work.
"""

from collections.abc import Set
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import repository
from markezy.crm.repository import CrmConnection, Sync
from markezy.kernel import personal
from markezy.kernel.errors import Invalid
from markezy.kernel.ids import new_id
from markezy.kernel.outgoing import check_url

__all__ = ["VENDORS", "Sync", "add_connection", "syncs_of_lead", "token_of"]

VENDORS = ("hubspot",)
_CREDENTIAL = "crm_connection.credential"


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
    keys = personal.tenant_keys(connection, tenant_id)
    credential = personal.seal(keys, token, _CREDENTIAL, tenant_id, connection_id)
    repository.insert_connection(connection, tenant_id, connection_id, vendor, name, base_url, credential)
    return connection_id


def token_of(connection: Connection, tenant_id: UUID, one: CrmConnection) -> str:
    """The connection's token, opened."""
    keys = personal.tenant_keys(connection, tenant_id)
    token: str = personal.unseal(keys, one.credential, _CREDENTIAL, tenant_id, one.id)
    return token


def syncs_of_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[Sync]:
    """The lead's syncs, newest first."""
    return repository.syncs(connection, tenant_id, lead_id, before=None, limit=100)
