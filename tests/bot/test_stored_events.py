from typing import Any

import pytest
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

from bot.events import QualificationEvent
from bot.stored_events import Recorder, rebuild, rebuild_all

BUTTONS = [{"title": "Yes, please", "payload": '/answer{"value": true}'}]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder("widget", "m-1", "visitor", BUTTONS)


@pytest.mark.parametrize(
    "event",
    [
        UserUttered("Lyon", {"name": "answer", "confidence": 0.5}, [{"entity": "town", "value": "Lyon"}]),
        UserUttered("", {"name": None, "confidence": 0.0}),
        BotUttered("Hello"),
        BotUttered("Sure?", {"buttons": BUTTONS, "custom": {"input": {"type": "yes_no"}, "progress": {"done": 1}}}),
        BotUttered("Here", {"attachment": {"title": "Strategy", "url": "/s.pdf", "media_type": "application/pdf"}}),
        BotUttered("Hello", {"custom": {"from": "staff", "name": "Ravi"}}),
        BotUttered("Look", {"image": "/a.png", "custom": {"something": "else"}}),
        QualificationEvent("answer_recorded", {"question": "town", "value": "Lyon"}),
        ActionExecuted("action_answer", "RuleTablePolicy", 1.0),
        ActionExecutionRejected("action_answer"),
        SlotSet("locale", "fr"),
        SlotSet("locale", None),
        FollowupAction("action_faq"),
        ConversationPaused(),
        ConversationResumed(),
        UserUtteranceReverted(),
        AllSlotsReset(),
        Restarted(),
        SessionStarted(),
    ],
    ids=str,
)
def test_an_event_is_rebuilt_from_its_record(recorder: Recorder, event: Event) -> None:
    record = recorder.record(event)

    assert record is not None
    rebuilt = rebuild(record.type, record.data, record.at)
    assert rebuilt == event
    assert rebuilt.timestamp == event.timestamp


@pytest.mark.parametrize(
    "event",
    [
        ActionExecuted(ACTION_LISTEN_NAME),
        FollowupAction(ACTION_LISTEN_NAME),
        DefinePrevUserUtteredFeaturization(False),
        SlotSet("qualification", {"answers": []}),
    ],
    ids=str,
)
def test_what_can_be_rebuilt_is_not_kept(recorder: Recorder, event: Event) -> None:
    assert recorder.record(event) is None


def test_listening_between_the_turns_is_rebuilt(recorder: Recorder) -> None:
    records = recorder.records([UserUttered("a", {"name": "x"}), BotUttered("b"), UserUttered("c", {"name": "x"})])

    events = rebuild_all((record.type, record.at, record.data) for record in records)

    assert [event.type_name for event in events] == ["action", "user", "bot", "action", "user", "action"]
    assert {event.action_name for event in events if isinstance(event, ActionExecuted)} == {ACTION_LISTEN_NAME}


def test_a_conversation_that_only_started_is_listening() -> None:
    (event,) = rebuild_all([("conversation.started", 1.0, {"locale": "en"})])

    assert event.action_name == ACTION_LISTEN_NAME


@pytest.mark.parametrize(
    ("text", "intent", "entities", "shown", "payload"),
    [
        (BUTTONS[0]["payload"], "answer", [{"entity": "value", "value": True}], "Yes, please", True),
        ("/stop", "stop", [], "Stop", True),
        ("/stop", "answer", [], "/stop", False),
        ("/answer", "answer", [], "/answer", False),
        ('/answer{"value": 1}', "answer", [], '/answer{"value": 1}', False),
    ],
)
def test_a_button_is_told_from_a_text_that_looks_like_one(
    recorder: Recorder, text: str, intent: str, entities: list[Any], shown: str, payload: bool
) -> None:
    record = recorder.record(UserUttered(text, {"name": intent}, entities))

    assert record is not None
    assert record.data["text"] == shown
    assert ("payload" in record.data) is payload


@pytest.mark.parametrize(("name", "actor"), [("answer_recorded", "visitor"), ("question_asked", "assistant")])
def test_a_qualification_event_names_who_did_it(recorder: Recorder, name: str, actor: str) -> None:
    record = recorder.record(QualificationEvent(name, {}))

    assert record is not None
    assert (record.type, record.actor) == (f"qualification.{name}", actor)
