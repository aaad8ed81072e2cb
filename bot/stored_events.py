"""Rasa's events as rows of the event log, and back (docs/contracts.md, docs/decisions/0005-tracker-store.md)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)

from bot.event_classes import event_class
from bot.events import QualificationEvent
from bot.transcript import tapped

UNLOGGED_SLOTS = frozenset({"qualification"})
"""Slots the log leaves out, because they are the fold of other events in it. Their value comes from the snapshot."""

DONE_BY_THE_VISITOR = frozenset({
    "answer_recorded", "answer_changed", "answer_noted", "answer_rejected", "locale_changed", "recap_confirmed",
    "consent_recorded", "consent_withdrawn", "erasure_requested", "person_requested", "person_declined", "message_left",
    "resume_link_requested", "email_withheld", "stopped", "resumed",
})  # fmt: skip

DONE_BY_STAFF = frozenset({"person_joined", "person_left"})

DONE_BY_THE_PLATFORM = frozenset({"team_away"})

_ANSWERS = frozenset({"answer_recorded", "answer_changed"})
_PAYLOAD = re.compile(r"/(?P<intent>[\w-]+)(?P<members>\{.*\})?\Z", re.DOTALL)
_LIFTED_FROM_CUSTOM = ("input", "progress", "attachment")
_KEPT_FROM_DATA = ("buttons", "attachment", "image", "elements", "quick_replies")


@dataclass(frozen=True)
class Record:
    """One event as the log holds it, without the columns that only its place in the stream decides."""

    type: str
    actor: str
    data: dict[str, Any]
    at: float
    """Seconds since the epoch, as Rasa counts them."""


class Recorder:
    """Turns the events of one turn into records, in their order."""

    def __init__(
        self,
        channel: str,
        message_id: str,
        actor: str,
        buttons: list[Mapping[str, Any]],
        locale: str = "en",
        staff: str = "",
    ) -> None:
        """`actor` has sent the message; `staff` is the id of whoever of the team did what it tells, as far as it says so."""
        self._channel = channel
        self._message_id = message_id
        self._actor = actor
        self._buttons = buttons
        self._locale = locale
        self._staff = f"staff:{staff}" if staff else "staff"
        self._answer: Mapping[str, Any] | None = None

    def records(self, events: Sequence[Event]) -> list[Record]:
        answers = (event.data for event in events if isinstance(event, QualificationEvent) and event.name in _ANSWERS)
        self._answer = next(answers, None)
        return [record for event in events if (record := self.record(event)) is not None]

    def record(self, event: Event) -> Record | None:
        """The event's record, or None for an event that is rebuilt rather than kept."""
        if isinstance(event, UserUttered):
            return Record("message.received", self._actor, self._received(event), event.timestamp)
        if isinstance(event, BotUttered):
            data = _sent(event)
            return Record("message.sent", self._staff if "name" in data else "assistant", data, event.timestamp)
        if isinstance(event, QualificationEvent):
            return Record(f"qualification.{event.name}", self._who_did(event.name), event.data, event.timestamp)
        if _is_rebuilt(event):
            return None
        return Record(f"rasa.{event.type_name}", "assistant", _bare(event), event.timestamp)

    def _who_did(self, name: str) -> str:
        if name in DONE_BY_THE_VISITOR:
            return "visitor"
        if name in DONE_BY_STAFF:
            return self._staff
        return "platform" if name in DONE_BY_THE_PLATFORM else "assistant"

    def _received(self, event: UserUttered) -> dict[str, Any]:
        text = event.text or ""
        intent = event.intent_name
        data: dict[str, Any] = {
            "text": text,
            "intent": intent,
            "confidence": event.intent.get("confidence", 1.0),
            "message_id": self._message_id or event.message_id,
            "channel": self._channel or event.input_channel,
        }
        if _is_payload(event):
            data["payload"] = text
            data["text"] = tapped(text, self._buttons, self._locale, self._answer) or _sent_file(event)
        if event.entities:
            data["entities"] = event.entities
        if self._answer is not None:
            data["question"] = self._answer["question"]
        return data


def rebuild(type_: str, data: Mapping[str, Any], at: float) -> Event | None:
    """Rasa's event for a record; None for one that Rasa has no use for."""
    if type_ == "message.received":
        return UserUttered(
            data.get("payload") or data["text"],
            {"name": data["intent"], "confidence": data["confidence"]},
            data.get("entities"),
            timestamp=at,
            input_channel=data["channel"],
            message_id=data["message_id"],
        )
    if type_ == "message.sent":
        custom = {key: data[key] for key in ("input", "progress") if key in data}
        if "name" in data:
            custom.update({"from": "staff", "name": data["name"]})
        custom.update(data.get("custom", {}))
        kept = {key: data[key] for key in _KEPT_FROM_DATA if key in data}
        return BotUttered(data["text"], {**kept, "custom": custom} if custom else kept, timestamp=at)
    family, _, name = type_.partition(".")
    if family == "qualification":
        return QualificationEvent(name, dict(data), at)
    if family == "rasa":
        return event_class(name)._from_parameters({**data, "event": name, "timestamp": at})
    return None


def rebuild_all(records: Iterable[tuple[str, float, Mapping[str, Any]]]) -> list[Event]:
    """Rasa's events for `(type, at, data)`, with the listening between the turns that the log leaves out."""
    events: list[Event] = []
    for type_, at, data in records:
        event = rebuild(type_, data, at)
        if event is None:
            continue
        if isinstance(event, UserUttered):
            events.append(_listening(at))
        events.append(event)
    events.append(_listening(events[-1].timestamp if events else None))
    return events


def _listening(at: float | None) -> ActionExecuted:
    return ActionExecuted(ACTION_LISTEN_NAME, timestamp=at)


def _is_payload(event: UserUttered) -> bool:
    """Whether the message is a tapped button, and not a text that happens to start with a slash.

    A channel reads a button's members as entities and a text as an `answer` without any.
    """
    match = _PAYLOAD.match(event.text or "")
    if match is None or match["intent"] != event.intent_name:
        return False
    return bool(event.entities) if match["members"] else event.intent_name != "answer"


def _sent_file(event: UserUttered) -> str:
    """The name of the file the message sends, if it sends one: the channel has put what is known of it in the id's place."""
    values = (entity["value"] for entity in event.entities or () if entity.get("entity") == "value")
    return next((str(value.get("name", "")) for value in values if isinstance(value, dict)), "")


def _is_rebuilt(event: Event) -> bool:
    if isinstance(event, SlotSet):
        return event.key in UNLOGGED_SLOTS
    if isinstance(event, (ActionExecuted, FollowupAction)):
        return event.action_name == ACTION_LISTEN_NAME
    return isinstance(event, DefinePrevUserUtteredFeaturization)


def _sent(event: BotUttered) -> dict[str, Any]:
    custom = dict(event.data.get("custom") or {})
    data: dict[str, Any] = {"text": event.text or ""}
    data.update((key, event.data[key]) for key in _KEPT_FROM_DATA if event.data.get(key))
    for key in _LIFTED_FROM_CUSTOM:
        value = custom.pop(key, None)
        if value:
            data[key] = value
    if custom.get("from") == "staff":
        data["name"] = custom.pop("name", "")
        del custom["from"]
    if custom:
        data["custom"] = custom
    return data


def _bare(event: Event) -> dict[str, Any]:
    """Rasa's own serialisation without what the row says already and without what is unset."""
    return {
        key: value
        for key, value in event.as_dict().items()
        if key not in ("event", "timestamp", "metadata") and value is not None and value is not False
    }
