"""A breaker for each agency's model, its state shared by all workers in Redis.

After `FAILURES` failed calls in a row nothing is asked for `REST_SECONDS`; then one call decides. Without Redis nothing is asked either:
a strategy without better words is a whole strategy.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import pybreaker
from redis import Redis, RedisError

from markezy.kernel.clock import now
from markezy.strategies.enrichment.client import ModelFailed

FAILURES = 3
REST_SECONDS = 300
_PATIENCE = 2.0

Result = TypeVar("Result")


def guarded(redis_url: str, tenant_id: UUID, call: Callable[[], Result]) -> Result:
    """`call()`, unless the breaker is open: then ModelFailed at once."""
    try:
        with Redis.from_url(redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) as redis:
            breaker = pybreaker.CircuitBreaker(
                FAILURES, REST_SECONDS, state_storage=_storage(redis, tenant_id), throw_new_error_on_trip=False
            )
            return breaker.call(call)
    except pybreaker.CircuitBreakerError:
        raise ModelFailed("resting") from None
    except RedisError:
        raise ModelFailed("no_breaker") from None


def rests_until(redis: Redis, tenant_id: UUID) -> datetime | None:
    """Until when nothing is asked; None when the breaker is closed, or the next call decides. RedisError."""
    storage = _storage(redis, tenant_id)
    opened_at = storage.opened_at if storage.state == pybreaker.STATE_OPEN else None
    until = None if opened_at is None else opened_at + timedelta(seconds=REST_SECONDS)
    return until if until is not None and until > now() else None


def close(redis: Redis, tenant_id: UUID) -> None:
    """Somebody saw that the model answers: ask it again at once. RedisError."""
    storage = _storage(redis, tenant_id)
    storage.reset_counter()
    storage.state = pybreaker.STATE_CLOSED


def _storage(redis: Redis, tenant_id: UUID) -> pybreaker.CircuitRedisStorage:
    return pybreaker.CircuitRedisStorage(
        pybreaker.STATE_CLOSED,
        redis,
        namespace=f"markezy:model:{tenant_id}",
        fallback_circuit_state=pybreaker.STATE_OPEN,
    )
