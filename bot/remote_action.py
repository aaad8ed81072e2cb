"""Calling the action server: one kept connection, a small body, and a failure that is not forgotten.

Stands in for the body of Rasa's `RemoteAction.run`, which opens a connection for every call, sends every event it knows
and validates the answer with a generic JSON schema (docs/decisions/0005-tracker-store.md).
"""

import asyncio
import json
import os
import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.conversation_tracker import ConversationTracker
from bot.event_classes import event_class
from bot.turn import current_turn

ANSWER_WITHIN = aiohttp.ClientTimeout(total=8, connect=2)
"""Less than the lock's lease, so that a hanging action server is noticed while the conversation is still ours."""

_sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}


class ActionServerFailed(RasaException):
    """The action server could not be reached in time or did not answer as agreed."""


async def run(
    self: RemoteAction,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """Run the action on the action server. See `Action.run`.

    Rasa goes on without the events of an action that failed. The tracker remembers the failure, so that the tracker
    store refuses the turn and the message is tried again.
    """
    try:
        if self.action_endpoint is None or not self.action_endpoint.url:
            raise ActionServerFailed("endpoints.yml names no action_endpoint")
        answer = await _call(self.action_endpoint.url, request_body(self.name(), tracker, domain))
        responses = answer.get("responses") or []
        spoken = await self._utter_responses(responses, output_channel, nlg, tracker)
        return [*spoken, *events_of(answer)]
    except Exception as error:
        if isinstance(tracker, ConversationTracker):
            tracker.loaded.failure = error
        raise


def request_body(action: str, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """What the action server is told: the slots, the message, and the events since that message."""
    message = tracker.latest_message
    return {
        "next_action": action,
        "sender_id": tracker.sender_id,
        "tracker": {
            "sender_id": tracker.sender_id,
            "slots": tracker.current_slot_values(),
            "latest_message": tracker._latest_message_data(),
            "latest_event_time": tracker.events[-1].timestamp if tracker.events else None,
            "followup_action": tracker.followup_action,
            "paused": tracker.is_paused(),
            "events": [event.as_dict() for event in _since_the_message(tracker)],
            "latest_input_channel": message.input_channel if message else None,
            "active_loop": {},
            "latest_action": tracker.latest_action,
            "latest_action_name": tracker.latest_action_name,
        },
        "version": rasa.__version__,
        "domain": domain.as_dict(),
    }


def events_of(answer: Mapping[str, Any]) -> list[Event]:
    """The events of an action server's answer."""
    events = []
    for serialised in answer.get("events") or []:
        event = event_class(serialised["event"])._from_parameters(serialised)
        if event is None:
            raise ActionServerFailed(f"the action server sent a {serialised['event']} event without content")
        events.append(event)
    return events


async def close() -> None:
    """Close the running loop's connections."""
    session = _sessions.pop(asyncio.get_running_loop(), None)
    if session is not None:
        await session.close()


async def _call(url: str, body: dict[str, Any]) -> dict[str, Any]:
    payload = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json"}
    turn = current_turn.get()
    if turn is not None:
        headers["X-Correlation-Id"] = turn.correlation_id
    try:
        return await _post(url, payload, headers, body["next_action"])
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        # The server closed a kept connection just as we used it. Actions are safe to repeat: the flow engine has no
        # side effects, and its one call to the platform carries an idempotency key.
        return await _post(url, payload, headers, body["next_action"])


async def _post(url: str, payload: bytes, headers: dict[str, str], action: str) -> dict[str, Any]:
    async with _session().post(url, data=payload, headers=headers) as response:
        answer = await response.read()
    if response.status != 200:
        raise ActionServerFailed(f"the action server answered {action} with status {response.status}")
    decoded = json.loads(answer)
    if not isinstance(decoded, dict):
        raise ActionServerFailed(f"the action server answered {action} with something else than an object")
    return decoded


def _session() -> aiohttp.ClientSession:
    loop = asyncio.get_running_loop()
    session = _sessions.get(loop)
    if session is None or session.closed:
        for stale in [known for known in _sessions if known.is_closed()]:
            del _sessions[stale]
        session = _sessions[loop] = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=3, ssl=_authority()), timeout=ANSWER_WITHIN
        )
    return session


def _authority() -> ssl.SSLContext | None:
    """Whose certificates the action server may show; None: those everyone knows."""
    file = os.environ.get("MARKEZY_TLS_CA")
    return ssl.create_default_context(cafile=file) if file else None


def _since_the_message(tracker: DialogueStateTracker) -> list[Event]:
    recent: list[Event] = []
    for event in reversed(tracker.events):
        recent.append(event)
        if isinstance(event, UserUttered):
            break
    recent.reverse()
    return recent
