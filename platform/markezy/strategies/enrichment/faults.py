"""The last failures of an agency's model, for its staff: one word and a time each, in Redis beside the breaker's state."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from redis import Redis, RedisError

from markezy.kernel.clock import now
from markezy.kernel.logging import get_logger

log = get_logger(__name__)

KEPT = 5
_FOR = timedelta(days=30)
_PATIENCE = 2.0


@dataclass(frozen=True)
class Fault:
    """`reason` is what ModelFailed said, or `address`."""

    reason: str
    at: datetime


def note(redis_url: str, tenant_id: UUID, reason: str) -> None:
    """Write a failure down. Without Redis it is in the log only."""
    entry = json.dumps([reason, now().timestamp()])
    try:
        with Redis.from_url(redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) as redis:
            pipe = redis.pipeline()
            pipe.lpush(_key(tenant_id), entry)
            pipe.ltrim(_key(tenant_id), 0, KEPT - 1)
            pipe.expire(_key(tenant_id), _FOR)
            pipe.execute()
    except RedisError:
        log.warning("strategies.model_fault_not_kept", reason=reason)


def latest(redis: Redis, tenant_id: UUID) -> list[Fault]:
    """The newest first. RedisError."""
    found = redis.lrange(_key(tenant_id), 0, KEPT - 1)
    return [Fault(reason, datetime.fromtimestamp(at, UTC)) for reason, at in map(json.loads, found)]


def forget(redis: Redis, tenant_id: UUID) -> None:
    """The agency has no model any more. RedisError."""
    redis.delete(_key(tenant_id))


def _key(tenant_id: UUID) -> str:
    return f"markezy:model:{tenant_id}:faults"
