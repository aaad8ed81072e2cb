"""Where a request comes from, in the form that may be kept: the network, not the machine in it, and the program's own name."""

from ipaddress import IPv6Address, ip_address, ip_network

from markezy.kernel.mail import one_line

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


def network_of(address: str) -> str:
    """The address's network; empty for what is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, _PREFIX[parsed.version]), strict=False))


def program_of(user_agent: str) -> str:
    """`Firefox, Windows` for a browser that says so among much else; what a program calls itself otherwise."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    return f"{browser}, {system}" if browser and system else one_line(user_agent)


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")
