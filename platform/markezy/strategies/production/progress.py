"""How far a strategy has come, told while it is made: a key in Redis that the lead's open chat is shown (channels/widget/progress.py)
and a hint to the console's pages. Lost, it costs nothing: where the strategy stands is in its row.
"""

from uuid import UUID

from redis import Redis, RedisError

from markezy.kernel.logging import get_logger
from markezy.kernel.settings import Settings
from markezy.leads import api as leads
from markezy.strategies.production.standing import Step

log = get_logger(__name__)

LIFETIME = 600
"""Seconds after which progress that nothing follows is forgotten."""
PERCENT = {Step.WRITING: 10, Step.IMPROVING: 30, Step.CHECKING: 50, Step.RENDERING: 70, Step.DELIVERING: 95}
"""How much is done when a step begins."""


def key_of(tenant_id: UUID, conversation_id: UUID) -> str:
    """Where the progress of a conversation's strategy is kept: whole percents, a space, the lead's language."""
    return f"markezy:progress:{tenant_id}:{conversation_id}"


def tell(settings: Settings, tenant_id: UUID, lead: leads.QualifiedLead, step: Step | None) -> None:
    """A step begins; None: the strategy is ready, or there will be none for now."""
    key = key_of(tenant_id, lead.conversation_id)
    try:
        with Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=2, socket_connect_timeout=2) as redis:
            if step is None:
                redis.delete(key)
            else:
                redis.set(key, f"{PERCENT[step]} {lead.locale}", ex=LIFETIME)
            redis.publish(f"markezy:conversation:{tenant_id}:{lead.conversation_id}", "progress")
            leads.tell_pages(redis, tenant_id, {lead.lead_id})
    except RedisError as error:
        log.warning("strategies.progress_lost", error=type(error).__name__)
