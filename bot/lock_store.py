"""One turn at a time per conversation, over any number of Rasa processes.

Within a process, turns queue in their order. Between processes, a lease on Redis decides; whoever waits for it is woken
when it is given back. The lease is short and renewed while it is held, so a process that dies blocks its conversations
for no longer than that. A process that only seemed dead is stopped by the version check of the tracker store.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.exceptions import RedisError
from uuid_utils import uuid7

from bot.log import log

LEASE = 10.0
"""Seconds a dead process can block a conversation."""

PATIENCE = 25.0
"""Seconds to wait for a conversation's turn: less than an HTTP client waits for an answer."""

# Give the lease back only if it is still ours, and wake one waiter if there is any.
_GIVE_BACK = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('del', KEYS[1])
if redis.call('exists', KEYS[2]) == 1 then
    redis.call('lpush', KEYS[3], '1')
    redis.call('ltrim', KEYS[3], 0, 0)
    redis.call('pexpire', KEYS[3], 10000)
end
return 1
"""
_RENEW = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"


class _Queue:
    """The turns of this process that want one conversation; an asyncio lock serves them in their order."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0

    async def turn(self, deadline: float) -> None:
        """Wait until everybody who came before is done."""
        if self.users == 1:
            await self.lock.acquire()
            return
        try:
            await asyncio.wait_for(self.lock.acquire(), deadline - time.monotonic())
        except asyncio.TimeoutError:
            raise LockError("the conversation was busy for too long") from None


class LeaseLockStore(LockStore):
    """Rasa's lock store on Redis leases."""

    def __init__(
        self,
        endpoint_config: EndpointConfig | str | None = None,
        lease: float = LEASE,
        patience: float = PATIENCE,
    ) -> None:
        url = endpoint_config.url if isinstance(endpoint_config, EndpointConfig) else endpoint_config
        if not url:
            raise ValueError("the lock store needs a Redis URL: set REDIS_URL")
        self._url = url
        self._lease = lease
        self._patience = patience
        self._queues: dict[str, _Queue] = {}
        self._redis: Redis | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        super().__init__()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation's lock for the block. LockError when it is not free in time or Redis is gone.

        Rasa's two parameters belong to its polling tickets and are not used.
        """
        deadline = time.monotonic() + self._patience
        redis = self._connected()
        queue = self._queues.setdefault(conversation_id, _Queue())
        queue.users += 1
        try:
            await queue.turn(deadline)
            try:
                lease = _Lease(redis, conversation_id, self._lease)
                await lease.take(deadline)
                try:
                    yield TicketLock(conversation_id)
                finally:
                    await lease.give_back()
            finally:
                queue.lock.release()
        finally:
            queue.users -= 1
            if not queue.users:
                self._queues.pop(conversation_id, None)

    async def ping(self) -> None:
        """Return when Redis answers; raise when it doesn't."""
        await self._connected().ping()

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._redis is not None:
            await self._redis.close()
            self._redis, self._loop = None, None

    def _connected(self) -> Redis:
        loop = asyncio.get_running_loop()
        if self._redis is None or self._loop is not loop:
            self._redis = Redis.from_url(self._url, socket_connect_timeout=2)
            self._loop, self._queues = loop, {}
        return self._redis


class _Lease:
    """One holder's claim on one conversation."""

    def __init__(self, redis: Redis, conversation_id: str, seconds: float) -> None:
        self._redis = redis
        self._key = f"markezy:lock:{{{conversation_id}}}"
        self._waiting = f"{self._key}:waiting"
        self._wake = f"{self._key}:wake"
        self._token = str(uuid7())
        self._milliseconds = int(seconds * 1000)
        self._renewal: asyncio.TimerHandle | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._held = False

    async def take(self, deadline: float) -> None:
        try:
            while not await self._try():
                # Say that somebody waits before looking again: whoever gives the lease back after that wakes us.
                await self._redis.set(self._waiting, "1", px=self._milliseconds)
                if await self._try():
                    break
                await self._sleep_until_woken(deadline)
        except (RedisError, OSError) as error:
            raise LockError(f"the lock could not be taken: {type(error).__name__}") from error
        self._held = True
        self._schedule_renewal()

    async def give_back(self) -> None:
        self._held = False
        if self._renewal is not None:
            self._renewal.cancel()
        try:
            await self._redis.eval(_GIVE_BACK, 3, self._key, self._waiting, self._wake, self._token)
        except (RedisError, OSError) as error:
            log().warning("lock.not_given_back", reason=type(error).__name__)

    async def _try(self) -> bool:
        return bool(await self._redis.set(self._key, self._token, nx=True, px=self._milliseconds))

    async def _sleep_until_woken(self, deadline: float) -> None:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise LockError("the conversation was busy for too long")
        left = max(await self._redis.pttl(self._key), 1) / 1000
        await self._redis.blpop([self._wake], timeout=max(min(left, remaining), 0.01))

    def _schedule_renewal(self) -> None:
        self._renewal = asyncio.get_running_loop().call_later(self._milliseconds / 3000, self._start_renewal)

    def _start_renewal(self) -> None:
        self._renewing = asyncio.get_running_loop().create_task(self._renew())

    async def _renew(self) -> None:
        try:
            kept = await self._redis.eval(_RENEW, 1, self._key, self._token, self._milliseconds)
            if not kept:
                log().warning("lock.lease_lost")
                return
        except (RedisError, OSError) as error:
            log().warning("lock.not_renewed", reason=type(error).__name__)
        if self._held:
            self._schedule_renewal()
