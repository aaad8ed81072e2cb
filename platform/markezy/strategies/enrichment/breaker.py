"""A breaker for each agency's model, its state shared by all workers in Redis.

After `FAILURES` failed calls in a row nothing is asked for `REST_SECONDS`; then one call decides. Without Redis nothing is asked either:
a strategy without better words is a whole strategy.
"""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import pybreaker
from redis import Redis, RedisError

from markezy.strategies.enrichment.client import ModelFailed

FAILURES = 3
REST_SECONDS = 300
_PATIENCE = 2.0

Result = TypeVar("Result")


def guarded(redis_url: str, tenant_id: UUID, call: Callable[[], Result]) -> Result:
    """`call()`, unless the breaker is open: then ModelFailed at once."""
    try:
        with Redis.from_url(redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) as redis:
            storage = pybreaker.CircuitRedisStorage(
                pybreaker.STATE_CLOSED,
                redis,
                namespace=f"markezy:model:{tenant_id}",
                fallback_circuit_state=pybreaker.STATE_OPEN,
            )
            breaker = pybreaker.CircuitBreaker(
                FAILURES, REST_SECONDS, state_storage=storage, throw_new_error_on_trip=False
            )
            return breaker.call(call)
    except pybreaker.CircuitBreakerError:
        raise ModelFailed("resting") from None
    except RedisError:
        raise ModelFailed("no_breaker") from None
