"""A connection's token, sealed under the agency's key."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.crm.repository import CrmConnection
from markezy.kernel import personal

_COLUMN = "crm_connection.credential"


def sealed(connection: Connection, tenant_id: UUID, connection_id: UUID, token: str) -> bytes:
    """The token in a box for this connection."""
    return personal.seal(personal.tenant_keys(connection, tenant_id), token, _COLUMN, tenant_id, connection_id)


def token_of(connection: Connection, tenant_id: UUID, one: CrmConnection) -> str:
    """The connection's token, opened."""
    keys = personal.tenant_keys(connection, tenant_id)
    token: str = personal.unseal(keys, one.credential, _COLUMN, tenant_id, one.id)
    return token
