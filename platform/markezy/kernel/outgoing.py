"""The gate for outgoing HTTP: no request goes to a private or local address unless the operator allowed that very host and port.

`check_url` says early and clearly what is not allowed. `session` holds it at the moment of connecting: a name may lead elsewhere by then,
and a redirect anywhere.
"""

import ipaddress
import socket
from collections.abc import Set
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from markezy.kernel.errors import Invalid

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
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
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or _translated(ip) or ip
    return ip.is_global and not ip.is_multicast


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address a NAT64 gateway would turn this one into (RFC 6052)."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None


def session(allowed_private_hosts: Set[str] = frozenset()) -> requests.Session:
    """A session that connects to public addresses and the allowed `host:port` pairs only, whatever a name leads to and wherever an
    answer redirects to. What it refuses is a requests.ConnectionError. Not for sharing between threads.
    """
    opened = requests.Session()
    # Without this, requests would take proxies and passwords from the operator's environment.
    opened.trust_env = False
    for scheme in ("http://", "https://"):
        opened.mount(scheme, _GuardedAdapter(allowed_private_hosts))
    return opened


class _GuardedAdapter(HTTPAdapter):
    """Makes connections that look at where they got to before anything is sent."""

    def __init__(self, allowed: Set[str]) -> None:
        self._allowed = allowed
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, self._allowed),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, self._allowed),
        }


def _pool(pool: type[Any], connection: type[Any], allowed: Set[str]) -> type[Any]:
    class Guarded(connection):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            connected: socket.socket = super()._new_conn()
            address = str(connected.getpeername()[0])
            if f"{self.host}:{self.port}" not in allowed and not _is_public(address):
                connected.close()
                raise OSError("the address leads to a private network")
            return connected

    return type(f"Guarded{pool.__name__}", (pool,), {"ConnectionCls": Guarded})
