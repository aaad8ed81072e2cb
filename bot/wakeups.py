"""Hints on Redis that a conversation has new events. Readers catch up without them; a lost one costs only time."""

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.log import log


class WakeUps:
    """Publishes in the background; hints that arrive while one batch is on its way travel together in the next."""

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._redis: Redis | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._versions: dict[tuple[str, str], int] = {}
        self._sending: asyncio.Task[None] | None = None

    def announce(self, tenant_id: str, conversation_id: str, version: int) -> None:
        """Tell whoever listens that the conversation has reached `version`. Returns at once and never fails."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._sending = loop, None
            self._redis = Redis.from_url(self._url, socket_timeout=2, socket_connect_timeout=2)
        self._versions[(tenant_id, conversation_id)] = version
        if self._sending is None or self._sending.done():
            self._sending = loop.create_task(self._send())

    async def flush(self) -> None:
        """Wait until everything announced so far has been sent or given up."""
        if self._sending is not None:
            await self._sending

    async def close(self) -> None:
        await self.flush()
        if self._redis is not None:
            await self._redis.close()
            self._redis, self._loop = None, None

    async def _send(self) -> None:
        while self._versions:
            batch, self._versions = self._versions, {}
            try:
                pipe = self._redis.pipeline(transaction=False)  # type: ignore[union-attr]
                for (tenant_id, conversation_id), version in batch.items():
                    pipe.publish(f"markezy:conversation:{tenant_id}:{conversation_id}", version)
                for tenant_id in {tenant_id for tenant_id, _ in batch}:
                    pipe.publish("markezy:events", tenant_id)
                await pipe.execute()
            except (RedisError, OSError) as error:
                log().warning("wakeups.lost", conversations=len(batch), reason=type(error).__name__)
