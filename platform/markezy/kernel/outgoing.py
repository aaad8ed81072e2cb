"""The gate for outgoing HTTP: no request goes to a private or local address unless the operator allowed that very host and port."""

import ipaddress
import socket
from collections.abc import Set
from urllib.parse import urlsplit

from markezy.kernel.errors import Invalid

_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_url(url: str, allowed_private_hosts: Set[str] = frozenset()) -> None:
    """Raise Invalid unless `url` is http(s) without credentials and all its addresses are public or allowed.

    `allowed_private_hosts` holds `host:port` pairs. Callers must not follow redirects without checking each target too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        raise Invalid("The address is not a valid URL.") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port is None:
        raise Invalid("The address must start with http:// or https:// and name a host.")
    if parts.username or parts.password:
        raise Invalid("The address must not contain a user name or password.")
    if f"{parts.hostname}:{port}" in allowed_private_hosts:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Invalid("The address's host can't be found.") from None
    if not all(_is_public(str(address[4][0])) for address in found):
        raise Invalid("The address leads to a private network and is not allowed.")


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return ip.is_global and not ip.is_multicast
