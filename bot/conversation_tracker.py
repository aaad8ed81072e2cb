"""A tracker that starts from a snapshot instead of the conversation's whole history."""

import copy
import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import BotUttered, Event, Restarted, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME

from envelope.keys import Keys


@dataclass
class Loaded:
    """Where a tracker started, shared by all of its copies."""

    version: int
    """The stream's version the tracker stands on: what `save` expects to find."""
    keys: Keys
    """The lead's keys, under which the turn is kept."""
    slots: Mapping[str, Any] = field(default_factory=dict)
    paused: bool = False
    loop: str | None = None
    saved: int = 0
    """How many of the tracker's events are in the log already."""
    failure: Exception | None = None
    """Why an action of this turn failed. Such a turn must not be saved: its answer would be lost."""


class ConversationTracker(DialogueStateTracker):
    """Holds the last turn's events and the state that all events before it led to.

    Rasa's tracker rebuilds itself by replaying its events, for every action once. This one copies its state.
    """

    def __init__(self, sender_id: str, slots: Iterable[Slot], loaded: Loaded, events: list[Event]) -> None:
        super().__init__(sender_id, slots)
        self.loaded = loaded
        self.events.extend(events)
        self._return_to_start()
        self.followup_action = None
        self.latest_action = {ACTION_NAME: ACTION_LISTEN_NAME}
        for event in events:
            if isinstance(event, UserUttered):
                self.latest_message = event
            elif isinstance(event, BotUttered):
                self.latest_bot_utterance = event
        loaded.saved = len(self.events)

    def copy(self) -> "ConversationTracker":
        """A duplicate whose changes leave this one alone."""
        duplicate = object.__new__(type(self))
        duplicate.__dict__.update(self.__dict__)
        duplicate.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        duplicate.events = self.events.copy()
        if self.active_loop is not None:
            duplicate.active_loop = dataclasses.replace(self.active_loop)
        return duplicate

    def replay_events(self) -> None:
        """Rebuild the state: from where the tracker started, unless the conversation was restarted since."""
        if not any(isinstance(event, Restarted) for event in self.events):
            self._return_to_start()
        super().replay_events()

    def set_slot(self, name: str, value: Any) -> None:
        """Set a slot that the domain has; one that it no longer has is dropped with the next snapshot."""
        slot = self.slots.get(name)
        if slot is not None:
            slot.value = value

    def changed_slots(self) -> dict[str, Any]:
        """The slots whose value is not the one they begin with."""
        return {name: slot.value for name, slot in self.slots.items() if slot.value != slot.initial_value}

    def _return_to_start(self) -> None:
        for name, value in self.loaded.slots.items():
            self.set_slot(name, value)
        self._paused = self.loaded.paused
        self.change_loop_to(self.loaded.loop)
