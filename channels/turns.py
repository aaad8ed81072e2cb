"""From an accepted message to its saved answer: one turn of Rasa, or the reading of one that is done."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.transcript import Entry
from bot.turn import AlreadyProcessed, StaleTurn, Turn, taking
from channels import conversations, inbox, plan_book
from channels.conversations import Conversation
from channels.database import transaction
from channels.edge import log, where
from channels.inbox import InboxMessage
from channels.metrics import MESSAGES, TURN_SECONDS
from channels.output import SavedReplies
from channels.parsed import parse_data, read_payload, read_text, with_file
from channels.problem import Conflict, Unavailable
from fairuse.gate import Crowded, FairGate

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

_TRIES = 3
"""A turn that found the conversation moved on is taken again from its new end."""

_SET_ASIDE = "This message was set aside after too many attempts; only its sender can revive it, by sending it again."

_CROWDED = "Many people are writing just now. Your message is kept; sending it again does no harm."

PLACES = 12
"""Turns under way at once in this process. More would not be answered sooner: they share one interpreter."""
PLACES_PER_WEIGHT = 3
LINE = 100
"""How many turns of one agency may wait."""
PATIENCE = 15.0
"""Seconds they do: less than a widget waits for an answer."""

_running: set["asyncio.Task[list[Entry]]"] = set()
"""Turns under way; the event loop itself keeps no hold on a task."""


@lru_cache(maxsize=1)
def _gate() -> FairGate:
    """Whose turn it is: no agency takes all places, and the next one is another agency's."""
    return FairGate(PLACES, PLACES_PER_WEIGHT, LINE, PATIENCE)


class TurnFailed(Unavailable):
    """Nothing of the turn was saved; the message stays in the inbox and will be driven again."""

    def __init__(self, reason: str) -> None:
        super().__init__("The assistant can't answer just now. Your message is kept; sending it again does no harm.")
        self.reason = reason


async def answer(on_new_message: OnNewMessage, message: InboxMessage, conversation: Conversation) -> list[Entry]:
    """What the lead is shown in answer to `message`: the saved answer if there is one, else this turn's.

    TurnFailed when Rasa, the action server or the database did not carry the turn through. The turn goes on when the
    caller is cancelled: a visitor who closes the page has still said what they said.
    """
    if message.processed:
        MESSAGES.labels(message.channel, "repeated").inc()
        return await _saved(message, conversation, message.first_version, message.last_version)
    task = asyncio.ensure_future(_counted(on_new_message, message, conversation))
    _running.add(task)
    task.add_done_callback(_forget)
    return await asyncio.shield(task)


def _forget(task: "asyncio.Task[list[Entry]]") -> None:
    _running.discard(task)
    if not task.cancelled():
        task.exception()


async def _counted(on_new_message: OnNewMessage, message: InboxMessage, conversation: Conversation) -> list[Entry]:
    started = time.perf_counter()
    try:
        async with _gate().place(message.tenant_id, (await plan_book.plan_of(message.tenant_id)).weight):
            entries = await _take_turn(on_new_message, message, conversation)
    except Crowded:
        MESSAGES.labels(message.channel, "crowded").inc()
        raise Unavailable(_CROWDED, retry_after=2) from None
    except Exception:
        MESSAGES.labels(message.channel, "failed").inc()
        raise
    seconds = time.perf_counter() - started
    TURN_SECONDS.labels(message.channel).observe(seconds)
    MESSAGES.labels(message.channel, "answered").inc()
    log().info(
        "channels.answered",
        channel=message.channel,
        message_id=message.message_id,
        tenant_id=message.tenant_id,
        conversation_id=message.conversation_id,
        replies=len(entries),
        seconds=round(seconds, 4),
        correlation_id=message.correlation_id,
    )
    return entries


async def _take_turn(on_new_message: OnNewMessage, message: InboxMessage, conversation: Conversation) -> list[Entry]:
    rasa_message = await _for_rasa(message, conversation)
    for _ in range(_TRIES):
        turn = Turn(
            tenant_id=message.tenant_id,
            conversation_id=message.conversation_id,
            channel=message.channel,
            message_id=message.message_id,
            correlation_id=message.correlation_id,
            staff=message.body.get("by", ""),
        )
        try:
            with taking(turn):
                await on_new_message(rasa_message)
        except AlreadyProcessed as done:
            return await _saved(message, conversation, done.first_version, done.last_version)
        except StaleTurn:
            continue
        except Exception as error:
            if turn.last_version is not None:
                return turn.replies  # it is saved: whatever failed afterwards is none of the lead's business
            log().error(
                "channels.turn_failed",
                error=type(error).__name__,
                at=where(error),
                message_id=message.message_id,
                tenant_id=message.tenant_id,
                correlation_id=message.correlation_id,
            )
            raise TurnFailed(type(error).__name__) from None
        if turn.last_version is None:
            raise TurnFailed("Rasa saved nothing")
        return turn.replies
    raise TurnFailed("StaleTurn")


async def _for_rasa(message: InboxMessage, conversation: Conversation) -> UserMessage:
    body = message.body
    parsed: dict[str, Any] | None
    if "intent" in body:
        text, parsed = "", parse_data("", body["intent"], body["data"])
    elif "payload" in body:
        text, parsed = body["payload"], read_payload(body["payload"])
        if "file" in body:
            parsed = with_file(parsed, body["file"])
    else:
        text, parsed = body["text"], read_text(body["text"])
    metadata: dict[str, Any] = {
        "correlation_id": message.correlation_id,
        "flow_version_id": conversation.flow_version_id,
        "locale": conversation.locale,
        "channel": conversation.channel,
        "lead_id": conversation.lead_id,
    }
    if parsed is not None and parsed["intent"]["name"] == "start":
        async with transaction(message.tenant_id) as connection:
            metadata.update(await conversations.origin(connection, conversation))
    return UserMessage(
        text,
        SavedReplies(conversation.channel),
        f"{message.tenant_id}_{message.conversation_id}",
        parse_data=parsed,
        input_channel=message.channel,
        message_id=message.message_id,
        metadata=metadata,
    )


async def _saved(
    message: InboxMessage, conversation: Conversation, first_version: int | None, last_version: int | None
) -> list[Entry]:
    if first_version is None or last_version is None:
        return []
    async with transaction(message.tenant_id) as connection:
        return await conversations.replies_between(connection, conversation, first_version, last_version)


async def drive_again(
    on_new_message: OnNewMessage, tenant_id: str, channel: str, message_id: str
) -> list[Entry] | None:
    """Take a pending message's turn once more; None when there is no such message.

    After `inbox.MAX_ATTEMPTS` failures the message is set aside with the reason; Conflict tells so. An answered one is
    answered from the log. Unavailable, without counting the attempt, while others of the agency wait for their turn.
    """
    if _gate().waiting(tenant_id):
        raise Unavailable(_CROWDED, retry_after=2)
    async with transaction(tenant_id) as connection:
        conversation_id = await inbox.conversation_of(connection, tenant_id, channel, message_id)
        conversation = conversation_id and await conversations.find(connection, tenant_id, conversation_id)
        if not conversation:
            return None
        message = await inbox.count_attempt(connection, conversation, channel, message_id)
        pending = message is not None
        if message is None:
            message = await inbox.find(connection, conversation, channel, message_id)
    if message is None:
        return None
    if message.processed:
        return await answer(on_new_message, message, conversation)
    if not pending:
        raise Conflict(_SET_ASIDE)
    if message.attempts > inbox.MAX_ATTEMPTS:
        # Each attempt so far ended without a word, with the process itself.
        await _set_aside(message, "the process ended in every attempt")
        raise Conflict(_SET_ASIDE)
    try:
        return await answer(on_new_message, message, conversation)
    except TurnFailed as failed:
        if message.attempts >= inbox.MAX_ATTEMPTS:
            await _set_aside(message, failed.reason)
        raise


async def _set_aside(message: InboxMessage, reason: str) -> None:
    log().error(
        "channels.message_set_aside",
        reason=reason,
        message_id=message.message_id,
        tenant_id=message.tenant_id,
        correlation_id=message.correlation_id,
    )
    async with transaction(message.tenant_id) as connection:
        await inbox.set_aside(connection, message, reason)
