"""How much visitors, addresses and agencies may use of the assistant: one round trip to Redis for each request.

Without Redis every request is admitted, as on the platform (docs/decisions/0014-fair-use.md).
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from prometheus_client import Counter as Metric
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sanic.request import Request

from bot.log import log
from channels import plan_book
from channels.problem import TooMany
from channels.settings import secret, setting, setting_or
from fairuse import counters
from fairuse.addresses import TrustedProxies, hashed
from fairuse.counters import DAY, MINUTE, Counter, Verdict, counter
from fairuse.headers import headers
from fairuse.plans import plans
from fairuse.refusals import Refusals

READ, MESSAGE, OPEN, UPLOAD = "read", "message", "open", "upload"
"""The classes of the widget's routes."""

REFUSED = Metric("markezy_bot_limits_refused_total", "Requests refused because a counter was full.", ["counter"])
UNCOUNTED = Metric("markezy_bot_limits_uncounted_total", "Requests admitted uncounted because Redis was away.")

_PATIENCE = 0.25
"""Seconds to wait for Redis: a counter must never make a lead wait."""
_PAUSE = 1.0
"""Seconds to go on without asking after Redis failed."""


class Limits:
    """The process's counters."""

    def __init__(self, redis_url: str, scale: int, proxies: TrustedProxies, address_secret: str) -> None:
        """`scale` multiplies every limit; 0 counts nothing."""
        self._redis = Redis.from_url(redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
        self._script = self._redis.register_script(counters.SCRIPT)
        self._scale = scale
        self._proxies = proxies
        self._secret = address_secret
        self._refusals = Refusals()
        self._away_until = 0.0

    def turn_away(self, request: Request, kind: str) -> None:
        """TooMany for an address that was over its limits a moment ago; asks nobody, and comes before everything else."""
        standing = self._refusals.standing(self._scaled(self._of_address(request, kind)))
        if standing is not None:
            raise _too_many(standing)

    async def count(self, request: Request, kind: str, others: Sequence[Counter] = ()) -> dict[str, str]:
        """Count the request for its address and with `others`; the headers that say what is left, or TooMany."""
        wanted = self._scaled((*self._of_address(request, kind), *others))
        if not wanted or time.monotonic() < self._away_until:
            return {}
        verdict = self._refusals.standing(wanted) or await self._ask(wanted)
        if verdict.refused_by is not None:
            REFUSED.labels(verdict.refused_by.counter.name).inc()
            raise _too_many(verdict)
        return headers(verdict)

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.close()

    async def _ask(self, wanted: Sequence[Counter]) -> Verdict:
        try:
            answer = await self._script(keys=counters.keys(wanted), args=counters.arguments(wanted))
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._away_until = time.monotonic() + _PAUSE
            UNCOUNTED.inc()
            log().warning("limits.redis_away", error=type(error).__name__)
            return Verdict()
        verdict = counters.verdict(wanted, answer)
        self._refusals.note(verdict)
        return verdict

    def _of_address(self, request: Request, kind: str) -> tuple[Counter, ...]:
        client = self._proxies.client(request.ip, request.headers.getall("x-forwarded-for", []))
        address = hashed(client, self._secret)
        return (
            *counter("address", None, address, plans().per_minute("address", "any"), MINUTE),
            *counter(f"address-{kind}", None, address, plans().per_minute("address", kind), MINUTE),
        )

    def _scaled(self, wanted: Sequence[Counter]) -> list[Counter]:
        return [replace(each, limit=each.limit * self._scale) for each in wanted] if self._scale else []


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The process's counters, opened when first used."""
    return Limits(
        setting("REDIS_URL"),
        int(setting_or("MARKEZY_LIMITS_SCALE", "1")),
        TrustedProxies(setting_or("MARKEZY_TRUSTED_PROXIES", "")),
        secret("MARKEZY_SERVICE_SECRET"),
    )


async def close() -> None:
    """Give the connections back."""
    if limits.cache_info().currsize:
        closing = limits()
        limits.cache_clear()
        await closing.close()


async def admit_visitor(request: Request, tenant_id: str, conversation_id: str) -> None:
    """Count a visitor who showed a token, with their conversation and, for a message, their agency; TooMany if over."""
    kind: str = request.ctx.kind
    wanted = counter(f"visitor-{kind}", tenant_id, conversation_id, plans().per_minute("visitor", kind), MINUTE)
    if kind == MESSAGE:
        plan = await plan_book.plan_of(tenant_id)
        agency = counter("tenant-messages", tenant_id, "messages", plan.messages_per_minute, MINUTE, shown=False)
        wanted = (*wanted, *agency)
    await admit(request, wanted)


async def admit_opening(request: Request, tenant_id: str) -> None:
    """Count a visitor who opens a conversation with an agency; TooMany when either had enough of them."""
    plan = await plan_book.plan_of(tenant_id)
    await admit(
        request,
        counter("tenant-conversations", tenant_id, "conversations", plan.conversations_per_day, DAY, shown=False),
    )


async def admit(request: Request, others: Sequence[Counter] = ()) -> None:
    """Count a request for its address, and with `others`; its answer then tells what is left. TooMany if one is full."""
    request.ctx.counted = True
    request.ctx.told = await limits().count(request, request.ctx.kind, others)


def _too_many(verdict: Verdict) -> TooMany:
    refusal = TooMany("That was a lot at once. Please wait a little and try again.", verdict.retry_after)
    refusal.headers.update(headers(verdict))
    return refusal
