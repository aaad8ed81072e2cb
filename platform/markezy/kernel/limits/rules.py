"""Which counters hold for a request on the platform."""

from uuid import UUID

from fairuse.counters import MINUTE, Counter, counter
from fairuse.plans import Plan, plans

READ, WRITE, EXPENSIVE, LOGIN = "read", "write", "expensive", "login"
"""The classes of endpoints."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def kind_of(method: str) -> str:
    """The class of an endpoint that names none itself."""
    return READ if method in _READING else WRITE


def of_address(address_hash: str, kind: str) -> tuple[Counter, ...]:
    """What one network address may, whoever is behind it."""
    return (
        *counter("address", None, address_hash, plans().per_minute("address", "any"), MINUTE),
        *counter(f"address-{kind}", None, address_hash, plans().per_minute("address", kind), MINUTE),
    )


def of_member(tenant_id: UUID, plan: Plan, caller: str, kind: str) -> tuple[Counter, ...]:
    """What one member of staff or API key may, and all of the agency together."""
    return (
        *counter("tenant", str(tenant_id), "requests", plan.requests_per_minute, MINUTE),
        *counter(f"user-{kind}", str(tenant_id), caller, plans().per_minute("user", kind), MINUTE),
    )
