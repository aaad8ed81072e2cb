"""Who wants to know when a conversation grows: one Redis subscription per process, fanned out to its streams.

A hint only says "look again". A lost one costs time, never a message: every stream also looks by itself.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from channels.edge import log

_IDLE_CHANNEL = "markezy:bot:idle"
"""Subscribed to always: a Redis connection without any subscription can't wait for messages."""
_LOOK_UP_EVERY = 10.0
_RETRY_AFTER = 1.0


class WakeUps:
    """The process's one pubsub connection."""

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._pubsub: PubSub | None = None
        self._reader: asyncio.Task[None] | None = None
        self.closed = False
        """Set when the process shuts down: streams end instead of waiting on."""

    def listening(self, channel: str) -> int:
        """How many streams of this process wait on `channel`."""
        return len(self._listeners.get(channel, ()))

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever something is published on `channel`, or may have been."""
        woken = asyncio.Event()
        self._listeners.setdefault(channel, set()).add(woken)
        try:
            self._start()
            await self._tell_redis("subscribe", channel)
            yield woken
        finally:
            others = self._listeners[channel]
            others.discard(woken)
            if not others:
                del self._listeners[channel]
                await self._tell_redis("unsubscribe", channel)

    async def close(self) -> None:
        """Stop listening and let every stream end."""
        self.closed = True
        for channel in self._listeners:
            self._wake(channel)
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None

    def _start(self) -> None:
        if self._reader is None or self._reader.done():
            self._reader = asyncio.ensure_future(self._keep_reading())

    async def _tell_redis(self, command: str, channel: str) -> None:
        pubsub = self._pubsub
        if pubsub is None:
            return  # the reader subscribes to everything wanted once it is connected
        wanted = channel in self._listeners
        if wanted is not (command == "subscribe"):
            return  # somebody came or went meanwhile
        try:
            await getattr(pubsub, command)(channel)
        except (RedisError, OSError):
            log().warning("channels.wakeups_command_failed", command=command)

    async def _keep_reading(self) -> None:
        while True:
            try:
                await self._read()
            except (RedisError, OSError, RuntimeError) as error:
                log().warning("channels.wakeups_lost", error=type(error).__name__)
            await asyncio.sleep(_RETRY_AFTER)

    async def _read(self) -> None:
        redis: Redis[bytes] = Redis.from_url(
            self._url, socket_connect_timeout=2, socket_keepalive=True, health_check_interval=15
        )
        pubsub = redis.pubsub()
        try:
            await pubsub.subscribe(_IDLE_CHANNEL, *self._listeners)
            self._pubsub = pubsub
            # Whoever came while there was no connection is subscribed here; whatever was published is re-read.
            if self._listeners:
                await pubsub.subscribe(*self._listeners)
            for channel in list(self._listeners):
                self._wake(channel)
            while True:
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=_LOOK_UP_EVERY)
                if message is not None and message["type"] == "message":
                    self._wake(message["channel"].decode())
        finally:
            self._pubsub = None
            await pubsub.close()
            await redis.close()

    def _wake(self, channel: str) -> None:
        for woken in self._listeners.get(channel, ()):
            woken.set()
