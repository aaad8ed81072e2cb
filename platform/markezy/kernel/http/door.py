"""The door of the platform: is this caller within their limits, and is there a place for them among the others?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sanic import Request

from fairuse.addresses import TrustedProxies, hashed
from fairuse.counters import Verdict
from fairuse.gate import Crowded, FairGate
from fairuse.headers import headers
from markezy.kernel.db import Database
from markezy.kernel.errors import TooManyRequests
from markezy.kernel.limits import Limits, PlanBook, rules
from markezy.kernel.settings import Settings

PLACES = 12
"""Handlers that run at once, each with a database connection. The pool holds 16, so callers can be authenticated meanwhile."""
PLACES_PER_WEIGHT = 3
LINE = 64
"""How many requests of one agency may wait for a place."""
PATIENCE = 10.0
"""Seconds they do: less than a proxy waits for an answer."""


class TooMany(TooManyRequests):
    """A counter is full, or the agency's line is."""

    def __init__(self, detail: str, retry_after: int, told: dict[str, str] | None = None) -> None:
        super().__init__(detail, retry_after)
        self.told = told or {}


@dataclass(frozen=True)
class Admitted:
    """A caller within the limits. `whose` names the line at the gate: the agency's, or an unknown caller's own."""

    whose: str
    weight: int = 1
    told: dict[str, str] = field(default_factory=dict)
    """Headers of the answer."""


class Door:
    """One per web process."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._limits = Limits(settings.redis_url.get_secret_value(), settings.limits_scale)
        self._plans = PlanBook(database)
        self._proxies = TrustedProxies(settings.trusted_proxies)
        self._secret = settings.service_secret.get_secret_value()
        self._gate = FairGate(PLACES, PLACES_PER_WEIGHT, LINE, PATIENCE)

    def client_address(self, request: Request) -> str:
        """Where the request comes from; what a proxy says counts only if it is one of ours."""
        return self._proxies.client(request.ip, request.headers.getall("x-forwarded-for", []))

    def address_hash(self, request: Request) -> str:
        """The same, unreadable: what keys and logs may hold."""
        return hashed(self.client_address(request), self._secret)

    def turn_away(self, address: str, kind: str) -> None:
        """TooMany for an address that was over its limits a moment ago; asks nobody, and comes before authentication."""
        standing = self._limits.standing(rules.of_address(address, kind))
        if standing is not None:
            raise _too_many(standing)

    def admit_stranger(self, address: str, kind: str) -> Admitted:
        """Count a caller of no agency; TooMany when the address is over its limits."""
        verdict = self._limits.count(rules.of_address(address, kind))
        if verdict.refused_by is not None:
            raise _too_many(verdict)
        return Admitted(f"-{address}", told=headers(verdict))

    def admit_member(self, address: str, tenant_id: UUID, caller: str, kind: str) -> Admitted:
        """Count a caller of an agency with its address, itself and all of its agency; TooMany when one is over."""
        plan = self._plans.plan(tenant_id)
        counters = (*rules.of_address(address, kind), *rules.of_member(tenant_id, plan, caller, kind))
        verdict = self._limits.count(counters)
        if verdict.refused_by is not None:
            raise _too_many(verdict)
        return Admitted(str(tenant_id), plan.weight, headers(verdict))

    def admit_service(self, tenant_id: UUID) -> Admitted:
        """One of our own processes: what it asks for was counted where it came in."""
        return Admitted(str(tenant_id), self._plans.plan(tenant_id).weight)

    @asynccontextmanager
    async def place(self, admitted: Admitted) -> AsyncIterator[None]:
        """A place among the handlers for the block; TooMany when the agency has too many waiting already."""
        try:
            async with self._gate.place(admitted.whose, admitted.weight):
                yield
        except Crowded:
            raise TooMany("Too many requests of your agency are waiting; please slow down a little.", 1) from None

    def close(self) -> None:
        """Give the connections back."""
        self._limits.close()


def _too_many(verdict: Verdict) -> TooMany:
    detail = "That was a lot at once; please wait a little and try again."
    return TooMany(detail, verdict.retry_after, headers(verdict))
