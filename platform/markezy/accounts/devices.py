"""Where a session is used from: enough for its owner to recognise it, sealed, and never a whole address."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import Connection

from envelope.keys import Keys
from markezy.accounts.model import Device
from markezy.kernel import personal
from markezy.kernel.http.origin import network_of, program_of

_COLUMN = "staff_session.device"


def device_of(address: str, user_agent: str) -> Device:
    """The device behind a request, from its network address and what its program calls itself."""
    return Device(network_of(address), program_of(user_agent))


def sealed(connection: Connection, tenant_id: UUID, session_id: UUID, device: Device) -> bytes:
    keys = personal.tenant_keys(connection, tenant_id)
    return personal.seal(keys, asdict(device), _COLUMN, tenant_id, session_id)


def opened(keys: Keys, tenant_id: UUID, session_id: UUID, box: bytes | None) -> Device | None:
    """What was sealed; None when nothing was."""
    found = personal.unseal(keys, box, _COLUMN, tenant_id, session_id)
    return None if found is None else Device(**found)
