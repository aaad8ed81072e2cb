"""How far a conversation's strategy has come, in the lead's language. The worker keeps it in Redis while it makes one
(platform/markezy/strategies/production/progress.py); without Redis there is none to show, and nothing else changes.
"""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.log import log
from channels.conversations import Conversation

_PATIENCE = 2.0
_WORDS = {
    "en": ("Writing your strategy…", "{}%"),
    "fr": ("Votre stratégie est en cours de rédaction…", "{}\u202f%"),
    "es": ("Estamos redactando su estrategia…", "{}\u00a0%"),
}


@dataclass(frozen=True)
class Progress:
    """What the lead is shown; both empty when no strategy is made."""

    words: str = ""
    percent: str = ""


class ProgressBoard:
    """The process's look at what the workers keep."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)

    async def of(self, conversation: Conversation) -> Progress:
        """How the conversation's strategy stands."""
        try:
            kept = await self._redis.get(f"markezy:progress:{conversation.tenant_id}:{conversation.id}")
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            log().warning("channels.progress_unknown", error=type(error).__name__)
            return Progress()
        done, _, locale = (kept or b"").decode().partition(" ")
        if not done.isdigit():
            return Progress()
        words, percent = _WORDS.get(locale[:2], _WORDS["en"])
        return Progress(words, percent.format(done))

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.close()
