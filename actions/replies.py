"""The engine's outcome in Rasa's words."""

from typing import Any

from markezy.flows.engine import Outcome, OutgoingMessage
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import SLOT

LISTEN = {"event": "followup", "name": "action_listen"}
"""Last of an action's events: the turn ends here, and Rasa need not ask its policies."""


def say(dispatcher: CollectingDispatcher, message: OutgoingMessage) -> None:
    """One message, with the hints of docs/contracts.md under `custom`."""
    custom: dict[str, Any] = {}
    if message.input:
        custom["input"] = dict(message.input)
    if message.progress:
        custom["progress"] = dict(message.progress)
    if message.attachment:
        attachment = message.attachment
        custom["attachment"] = {
            "title": attachment.title,
            "url": attachment.url,
            "media_type": attachment.media_type,
        }
    if message.staff:
        custom.update({"from": "staff", "name": message.staff})
    dispatcher.utter_message(
        text=message.text,
        buttons=[{"title": button.title, "payload": button.payload} for button in message.buttons],
        json_message=custom,
    )


def events_of(outcome: Outcome) -> list[dict[str, Any]]:
    """The qualification's events, then the state they led to."""
    return [
        *({"event": "qualification", "name": event.name, "data": dict(event.data)} for event in outcome.events),
        {"event": "slot", "name": SLOT, "value": outcome.state.to_json(), "timestamp": None},
        LISTEN,
    ]
