"""A whole conversation for Rasa, made again from the log."""

from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.events import QualificationEvent
from bot.tracker_store import EventTrackerStore
from tests.bot.tracker_store.turns import TAPPED_YES, YES, take

pytestmark = pytest.mark.asyncio


def _essence(tracker: DialogueStateTracker) -> list[Any]:
    """A tracker's events without those that record nothing: listening, and what the log keeps elsewhere."""
    noise = (DefinePrevUserUtteredFeaturization, FollowupAction, SlotSet)
    return [
        _comparable(event)
        for event in tracker.events
        if not isinstance(event, noise)
        and getattr(event, "action_name", "") not in ("action_listen", "action_session_start")
    ]


def _comparable(event: Any) -> Any:
    if isinstance(event, UserUttered):
        return ("user", event.text, event.intent_name, event.entities, event.input_channel, event.message_id)
    if isinstance(event, BotUttered):
        return ("bot", event.text, {key: value for key, value in event.data.items() if value})
    if isinstance(event, ActionExecuted):
        return ("action", event.action_name, event.policy, event.confidence)
    if isinstance(event, QualificationEvent):
        return ("qualification", event.name, event.data)
    return event.type_name


class TestRetrieveFullTracker:
    async def test_rebuilds_what_rasa_would_have_kept_in_memory(
        self,
        agent: Agent,
        model_path: str,
        action_server: Any,
        start: Callable[..., Any],
        said: Callable[..., Any],
        store: EventTrackerStore,
    ) -> None:
        conversation = start()
        in_memory = Agent.load(
            model_path,
            tracker_store=InMemoryTrackerStore(agent.domain),
            action_endpoint=EndpointConfig(action_server.url),
        )
        for text, parse_data in [("hello", None), ("something", None), (YES, TAPPED_YES), ("price", None)]:
            turn = conversation.turn()
            await take(agent, said(conversation, text, turn, parse_data=parse_data), turn)
            await in_memory.handle_message(said(conversation, text, turn, parse_data=parse_data))

        full = await store.retrieve_full_tracker(conversation.sender_id)
        expected = await in_memory.tracker_store.retrieve_full_tracker(conversation.sender_id)

        assert _essence(full) == [event for event in _essence(expected) if event != "session_started"]
        assert full.get_slot("qualification") == expected.get_slot("qualification")
        replayed = full.copy()
        replayed.replay_events()
        for tracker in (full, replayed):
            assert tracker.latest_message.text == "price"
            assert tracker.latest_action_name == expected.latest_action_name
            assert tracker.latest_bot_utterance.text == expected.latest_bot_utterance.text
            assert tracker.get_slot("qualification") == expected.get_slot("qualification")
