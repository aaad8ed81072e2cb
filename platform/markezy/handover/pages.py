"""Hints for open console pages that the inbox changed."""

from collections.abc import Collection
from uuid import UUID

from redis import Redis, RedisError

from markezy.kernel.logging import get_logger
from markezy.leads import api as leads

log = get_logger(__name__)


def channel(tenant_id: UUID) -> str:
    """Where the hints of a tenant's inbox are published."""
    return f"markezy:handovers:{tenant_id}"


def tell_pages(redis: Redis, tenant_id: UUID, lead_ids: Collection[UUID]) -> None:
    """Tell the pages of these leads, and every page that shows how many are waiting. A hint: lost when Redis is away."""
    if not lead_ids:
        return
    leads.tell_pages(redis, tenant_id, lead_ids)
    try:
        redis.publish(channel(tenant_id), "changed")
    except RedisError as error:
        log.warning("handover.hint_lost", error=type(error).__name__)
