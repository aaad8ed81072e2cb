"""Server-Sent Events for the open pages: "something changed, ask again". Hints only; the pages also ask by themselves now and then."""

import asyncio
import time
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from sanic import Request, Sanic
from sanic.response import HTTPResponse

from markezy.accounts.api import staff
from markezy.handover import api as handover
from markezy.kernel.errors import Problem
from markezy.kernel.http import Reply, Services

_HEARTBEAT_SECONDS = 15
"""Below the idle limits of proxies, and far below Sanic's own for an answer in progress (60 s)."""
_GATHER_SECONDS = 0.25
"""A turn changes a lead several times within milliseconds; the page asks once for all of it."""
_RECHECK_SECONDS = 60
"""How long a stream may outlive its session."""

_CHANGED = "event: changed\ndata: now\n\n"
_INBOX = "event: inbox\ndata: now\n\n"
_HEARTBEAT = ": still here\n\n"

_may_read = staff("leads.read")


async def lead_changes(request: Request) -> HTTPResponse | None:
    """One event `changed` at the start and for each change of the agency's leads, or with `lead` of that lead only.

    And one event `inbox` for each change of the inbox, whosever it is: every page shows how many are waiting.
    """
    services: Services = request.app.ctx.services
    try:
        principal = await asyncio.to_thread(_may_read, request, services)
    except Problem as problem:
        return Reply.problem(problem).response()
    redis: Redis = request.app.ctx.console_redis
    async with redis.pubsub() as changes:
        inbox = handover.channel(principal.tenant_id) if principal.tenant_id else ""
        for channel in (inbox, f"markezy:leads:{principal.tenant_id}"):
            await changes.subscribe(channel)
            await changes.get_message(timeout=_HEARTBEAT_SECONDS)
        response = await request.respond(
            content_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        # Redis has confirmed the subscription before this first event: what changed between rendering and here is not missed.
        await response.send(_CHANGED)
        await _forward(request, response, changes, request.args.get("lead"))
        await response.eof()
    return None


async def _forward(request: Request, response: Any, changes: PubSub, wanted: str | None) -> None:
    """Pass changes on until the session ends. When the browser leaves, Sanic cancels this."""
    recheck_at = time.monotonic() + _RECHECK_SECONDS
    while True:
        changed = await _next_changes(changes, wanted)
        if time.monotonic() > recheck_at:
            if not await _session_stands(request):
                return
            recheck_at = time.monotonic() + _RECHECK_SECONDS
        await response.send("".join(changed) or _HEARTBEAT)


async def _next_changes(changes: PubSub, wanted: str | None) -> list[str]:
    """The events to send; none after a heartbeat's time without a change that concerns the page."""
    give_up_at = time.monotonic() + _HEARTBEAT_SECONDS
    while (left := give_up_at - time.monotonic()) > 0:
        message = await changes.get_message(timeout=left)
        if message is None or (first := _event(message, wanted)) is None:
            continue
        events = {first}
        await asyncio.sleep(_GATHER_SECONDS)
        while (message := await changes.get_message(timeout=0)) is not None:
            events.add(_event(message, wanted) or first)
        return sorted(events)
    return []


def _event(message: dict[str, Any], wanted: str | None) -> str | None:
    if message["type"] != "message":
        return None
    if message["channel"].startswith(b"markezy:handovers:"):
        return _INBOX
    return _CHANGED if wanted is None or message["data"] == wanted.encode() else None


async def _session_stands(request: Request) -> bool:
    try:
        await asyncio.to_thread(_may_read, request, request.app.ctx.services)
    except Problem:
        return False
    return True


async def connect(app: Sanic[Any, Any]) -> None:
    """Open this process's Redis client for streams, on its event loop."""
    services: Services = app.ctx.services
    app.ctx.console_redis = Redis.from_url(services.settings.redis_url.get_secret_value())


async def disconnect(app: Sanic[Any, Any]) -> None:
    """Close it."""
    await app.ctx.console_redis.aclose()
