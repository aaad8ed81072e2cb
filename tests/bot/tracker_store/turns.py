"""Turns of a conversation, with Rasa around them and without."""

from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SlotSet,
    UserUttered,
)

from bot.events import QualificationEvent
from bot.tracker_store import EventTrackerStore
from bot.turn import (
    Turn,
    taking,
)

YES = '/answer{"question": "q", "value": true}'
TAPPED_YES = {
    "text": YES,
    "intent": {"name": "answer", "confidence": 1.0},
    "entities": [{"entity": "question", "value": "q"}, {"entity": "value", "value": True}],
}


async def take(agent: Agent, message: Any, turn: Turn) -> Turn:
    with taking(turn):
        await agent.handle_message(message)
    return turn


async def answer_once(store: EventTrackerStore, conversation: Any, turn: Turn, text: str = "Lyon") -> None:
    """A turn without Rasa around it."""
    with taking(turn):
        tracker = await store.retrieve(conversation.sender_id)
        tracker.update(UserUttered(text, {"name": "answer", "confidence": 0.9}))
        tracker.update(ActionExecuted("action_answer"))
        tracker.update(BotUttered("And then?", {"buttons": [{"title": "Yes, please", "payload": YES}]}))
        tracker.update(QualificationEvent("answer_recorded", {"question": "town", "value": text}))
        tracker.update(SlotSet("qualification", {"answers": [text]}))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        await store.save(tracker)
