"""A conversation's transcript as Server-Sent Events: what is there, then what comes; and how far its strategy has come."""

import asyncio
import json
import time
from typing import Any

from sanic.request import Request

from bot.transcript import Entry
from channels import conversations
from channels.conversations import Conversation
from channels.database import transaction
from channels.metrics import OPEN_STREAMS
from channels.problem import TooMany
from channels.widget.progress import Progress, ProgressBoard
from channels.widget.wakeups import WakeUps

MAX_STREAMS = 5
"""Streams of one conversation in one process: a visitor's tabs, and somebody who opens more is not one."""
LOOK_ANYWAY = 20.0
"""Seconds without a hint after which a stream looks for itself; its comment also keeps proxies from hanging up."""
LIFETIME = 30 * 60.0
"""Seconds after which the browser is asked to reconnect, with its token checked anew."""
_SEND_PATIENCE = 30.0
_RECONNECT_AFTER = 2000
_PAGE = 200


async def stream_events(
    request: Request, wakeups: WakeUps, board: ProgressBoard, conversation: Conversation, version: int
) -> None:
    """Send every transcript entry behind `version`, and go on until the visitor leaves."""
    channel = f"markezy:conversation:{conversation.tenant_id}:{conversation.id}"
    if wakeups.listening(channel) >= MAX_STREAMS:
        raise TooMany("This conversation is open in too many places.", retry_after=30)
    OPEN_STREAMS.inc()
    try:
        async with wakeups.listen(channel) as woken:
            response = await request.respond(
                content_type="text/event-stream",
                headers={
                    "Cache-Control": "no-store",
                    "X-Accel-Buffering": "no",
                    "X-Correlation-Id": request.ctx.correlation_id,
                    **request.ctx.told,
                },
            )
            await _send(response, f"retry: {_RECONNECT_AFTER}\n\n")
            await _follow(response, conversation, version, woken, wakeups, board)
            await response.eof()
    except asyncio.TimeoutError:
        # The visitor's computer no longer takes anything; it comes back with the id of the last event it has.
        request.transport.abort()
    finally:
        OPEN_STREAMS.dec()


async def _follow(
    response: Any,
    conversation: Conversation,
    version: int,
    woken: asyncio.Event,
    wakeups: WakeUps,
    board: ProgressBoard,
) -> None:
    # A browser that comes back may still show what it was told before.
    shown: Progress | None = None
    end = time.monotonic() + LIFETIME
    while time.monotonic() < end and not wakeups.closed:
        woken.clear()
        more = True
        while more:
            async with transaction(conversation.tenant_id) as connection:
                current = await conversations.find(connection, conversation.tenant_id, conversation.id)
                if current is None:
                    return
                entries, version, more = await conversations.transcript(connection, current, version, _PAGE)
            for entry in entries:
                await _send(response, rendered(entry))
        progress = await board.of(current)
        if progress != shown:
            shown = progress
            await _send(response, _rendered_progress(progress))
        try:
            await asyncio.wait_for(woken.wait(), LOOK_ANYWAY)
        except asyncio.TimeoutError:
            await _send(response, ": still here\n\n")


def rendered(entry: Entry) -> str:
    """One entry as an event. JSON has no raw line breaks, so one data line is enough."""
    data = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    return f"id: {entry['id']}\nevent: message\ndata: {data}\n\n"


def _rendered_progress(progress: Progress) -> str:
    """Without an id: it is no part of the transcript, and the browser goes on behind the last entry it has."""
    return f"event: progress\ndata: {progress.words}\ndata: {progress.percent}\n\n"


async def _send(response: Any, text: str) -> None:
    await asyncio.wait_for(response.send(text), _SEND_PATIENCE)
