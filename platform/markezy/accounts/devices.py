"""Where a session is used from: enough for its owner to recognise it, sealed, and never a whole address."""

from dataclasses import asdict
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from sqlalchemy import Connection

from envelope.keys import Keys
from markezy.accounts.model import Device
from markezy.kernel import personal
from markezy.kernel.mail import one_line

_COLUMN = "staff_session.device"
_PREFIX = {4: 24, 6: 48}
"""Bits of an address that are kept: the network of a household or an office, not the machine in it."""
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""In this order: each names those behind it as well."""
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def device_of(address: str, user_agent: str) -> Device:
    """The device behind a request, from its network address and what its program calls itself."""
    return Device(_network(address), _program(user_agent))


def sealed(connection: Connection, tenant_id: UUID, session_id: UUID, device: Device) -> bytes:
    keys = personal.tenant_keys(connection, tenant_id)
    return personal.seal(keys, asdict(device), _COLUMN, tenant_id, session_id)


def opened(keys: Keys, tenant_id: UUID, session_id: UUID, box: bytes | None) -> Device | None:
    """What was sealed; None when nothing was."""
    found = personal.unseal(keys, box, _COLUMN, tenant_id, session_id)
    return None if found is None else Device(**found)


def _program(user_agent: str) -> str:
    """`Firefox, Windows` for a browser that says so among much else; what a program calls itself otherwise."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    return f"{browser}, {system}" if browser and system else one_line(user_agent)


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, _PREFIX[parsed.version]), strict=False))
