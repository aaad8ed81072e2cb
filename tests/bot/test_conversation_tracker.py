import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Restarted, SlotSet, UserUtteranceReverted, UserUttered

from bot.conversation_tracker import ConversationTracker, Loaded
from envelope.keys import Keys


@pytest.fixture
def tracker(domain: Domain) -> ConversationTracker:
    loaded = Loaded(
        version=7, keys=Keys("lead", {1: b"k" * 32}), slots={"qualification": {"answers": 3}, "gone_from_the_domain": 1}
    )
    return ConversationTracker("someone", domain.slots, loaded, [ActionExecuted("action_listen")])


def test_a_copy_has_the_same_state(tracker: ConversationTracker) -> None:
    tracker.update(UserUttered("hello", {"name": "start"}))

    duplicate = tracker.copy()

    assert duplicate.current_state() == tracker.current_state()
    assert list(duplicate.events) == list(tracker.events)
    assert duplicate.loaded is tracker.loaded


def test_what_happens_to_a_copy_leaves_the_tracker_alone(tracker: ConversationTracker) -> None:
    duplicate = tracker.copy()

    duplicate.update(UserUttered("hello", {"name": "start"}))
    duplicate.update(SlotSet("qualification", None))

    assert tracker.get_slot("qualification") == {"answers": 3}
    assert len(tracker.events) == 1
    assert tracker.latest_message.text is None


def test_a_message_taken_back_leaves_the_slots_of_earlier_turns(tracker: ConversationTracker) -> None:
    tracker.update(UserUttered("oops", {"name": "answer"}))
    tracker.update(SlotSet("qualification", {"answers": 4}))

    tracker.update(UserUtteranceReverted())

    assert tracker.get_slot("qualification") == {"answers": 3}


def test_a_restart_forgets_the_slots(tracker: ConversationTracker) -> None:
    tracker.update(Restarted())
    tracker.update(BotUttered("Welcome"))
    tracker.replay_events()

    assert tracker.get_slot("qualification") is None


def test_only_changed_slots_are_remembered(tracker: ConversationTracker) -> None:
    assert tracker.changed_slots() == {"qualification": {"answers": 3}}
