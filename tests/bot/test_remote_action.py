from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, FollowupAction, SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig

from bot.conversation_tracker import ConversationTracker, Loaded
from bot.events import QualificationEvent
from bot.remote_action import ActionServerFailed, events_of, request_body, run
from bot.turn import Turn, taking
from envelope.keys import Keys


@pytest.fixture
def tracker(domain: Domain) -> ConversationTracker:
    earlier = [UserUttered("before", {"name": "answer"}), BotUttered("And?"), ActionExecuted("action_listen")]
    tracker = ConversationTracker(
        "someone", domain.slots, Loaded(version=4, keys=Keys("lead", {1: b"k" * 32})), earlier
    )
    tracker.update(UserUttered("now", {"name": "answer"}, metadata={"flow_version_id": "f"}, input_channel="widget"))
    return tracker


@pytest.fixture
def call(domain: Domain, tracker: ConversationTracker) -> Callable[..., Any]:
    """Runs an action as the processor does."""

    async def call(url: str, name: str = "action_answer") -> list[Any]:
        action = RemoteAction(name, EndpointConfig(url))
        return await run(action, None, TemplatedNaturalLanguageGenerator({}), tracker, domain)

    return call


def test_the_server_is_told_the_slots_and_this_turns_message(tracker: ConversationTracker, domain: Domain) -> None:
    body = request_body("action_answer", tracker, domain)

    assert body["next_action"] == "action_answer"
    assert set(body["tracker"]["slots"]) >= {"qualification", "locale"}
    assert body["tracker"]["latest_message"]["text"] == "now"
    assert body["tracker"]["latest_message"]["metadata"] == {"flow_version_id": "f"}
    assert [event.get("text") for event in body["tracker"]["events"]] == ["now"]
    assert body["tracker"].keys() == {*tracker.current_state(), "events"}
    assert body["domain"] == domain.as_dict()


@pytest.mark.asyncio
async def test_the_answer_becomes_utterances_and_events(action_server: Any, call: Callable[..., Any]) -> None:
    spoken, recorded, asked, slot, followup = await call(action_server.url)

    assert spoken.text == "Question 2?"
    assert spoken.data["custom"]["progress"] == {"done": 1, "of": 12}
    assert recorded == QualificationEvent("answer_recorded", recorded.data)
    assert asked.name == "question_asked"
    assert slot == SlotSet("qualification", {"answers": ["now"]})
    assert followup == FollowupAction("action_listen")


@pytest.mark.asyncio
async def test_the_call_carries_the_turns_correlation_id(action_server: Any, call: Callable[..., Any]) -> None:
    with taking(Turn("t", "c", "widget", "m", "correlation-1234")):
        await call(action_server.url)

    assert action_server.headers[0]["X-Correlation-Id"] == "correlation-1234"


@pytest.mark.asyncio
@pytest.mark.parametrize("status", [400, 404, 449, 500, 503])
async def test_a_failure_is_remembered_on_the_tracker(
    action_server: Any, call: Callable[..., Any], tracker: ConversationTracker, status: int
) -> None:
    action_server.status = status

    with pytest.raises(ActionServerFailed, match=str(status)):
        await call(action_server.url)

    assert isinstance(tracker.loaded.failure, ActionServerFailed)
    assert "now" not in str(tracker.loaded.failure)


@pytest.mark.asyncio
async def test_a_server_that_is_not_there_is_a_failure(call: Callable[..., Any], tracker: ConversationTracker) -> None:
    with pytest.raises(OSError):  # noqa: PT011
        await call("http://127.0.0.1:1/webhook")

    assert tracker.loaded.failure is not None


def test_an_event_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="surprise"):
        events_of({"events": [{"event": "surprise"}]})
    with pytest.raises(ValueError, match="name"):
        events_of({"events": [{"event": "qualification"}]})
