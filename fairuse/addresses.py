"""Where a request comes from, and how that is written down: never readable, the same for the same network."""

import hashlib
import hmac
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_IPV6_SUBSCRIBER = 64
"""Bits of an IPv6 address that name a household or a machine; it chooses the others at will."""


class TrustedProxies:
    """The proxies whose `X-Forwarded-For` is believed: comma-separated addresses and networks."""

    def __init__(self, configured: str) -> None:
        try:
            self._networks = tuple(
                ip_network(one.strip(), strict=False) for one in configured.split(",") if one.strip()
            )
        except ValueError:
            raise ValueError(
                "MARKEZY_TRUSTED_PROXIES must hold addresses or networks, such as 10.0.0.0/8,192.0.2.7"
            ) from None

    def trusts(self, address: str) -> bool:
        """Whether `address` is one of the proxies."""
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._networks)

    def client(self, peer: str, forwarded: Sequence[str]) -> str:
        """The address nearest to the client that a trusted proxy vouches for.

        `forwarded` are the values of `X-Forwarded-For`. Every proxy appends whom it heard from, so the list is read from
        its end, and what stands before the first untrusted address may be made up.
        """
        address = peer
        heard_of = [one.strip() for value in forwarded for one in value.split(",")]
        while heard_of and self.trusts(address):
            before = heard_of.pop()
            if _parsed(before) is None:
                break
            address = before
        return address


def hashed(address: str, secret: str) -> str:
    """A keyed digest of the address's network, for keys and logs. Without the secret, trying all addresses finds nothing."""
    parsed = _parsed(address)
    network = address if parsed is None else str(parsed)
    if isinstance(parsed, IPv6Address):
        network = str(ip_network((parsed, _IPV6_SUBSCRIBER), strict=False))
    key = hmac.new(secret.encode(), b"markezy: addresses in counters", hashlib.sha256).digest()
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()[:32]


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
