import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    ConversationPaused,
    DefinePrevUserUtteredFeaturization,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from uuid_utils import uuid7

from bot.database import Database
from bot.events import QualificationEvent
from bot.tracker_store import EventTrackerStore
from bot.turn import (
    ActionFailed,
    AlreadyProcessed,
    MalformedSenderId,
    StaleTurn,
    Turn,
    UnknownConversation,
    UnknownMessage,
    sender_id,
    taking,
)

pytestmark = pytest.mark.asyncio

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


class TestSave:
    async def test_appends_the_turn_and_marks_its_message(
        self, agent: Agent, start: Callable[..., Any], said: Callable[..., Any]
    ) -> None:
        conversation = start()
        turn = conversation.turn()

        await take(agent, said(conversation, "something", turn), turn)

        events = conversation.events()
        assert [event["version"] for event in events] == list(range(1, len(events) + 1))
        assert [event["type"] for event in events] == [
            "conversation.started",
            "message.received",
            "rasa.action",
            "message.sent",
            "qualification.answer_recorded",
            "qualification.question_asked",
        ]
        received, sent = events[1], events[3]
        assert received["actor"] == "visitor"
        assert received["data"] == {
            "text": "something",
            "intent": None,
            "confidence": 0.0,
            "message_id": turn.message_id,
            "channel": "widget",
            "question": "q1",
        }
        assert sent["data"]["progress"] == {"done": 1, "of": 12}
        assert events[4]["actor"] == "visitor"
        assert {event["correlation_id"] for event in events[1:]} == {turn.correlation_id}
        inbox = conversation.inbox(turn.message_id)
        assert inbox["processed_at"] is not None
        assert (inbox["first_version"], inbox["last_version"]) == (2, 6)
        assert conversation.row()["version"] == 6

    async def test_tells_the_turn_what_the_lead_sees(
        self, agent: Agent, start: Callable[..., Any], said: Callable[..., Any]
    ) -> None:
        conversation = start()
        turn = await take(agent, said(conversation, "something", first := conversation.turn()), first)

        visitor, assistant = turn.messages
        assert visitor["text"] == "something"
        assert visitor["message_id"] == turn.message_id
        assert assistant["text"] == "Question 2?"
        assert assistant["buttons"][0]["title"] == "Yes, please"
        assert assistant["id"] == str(conversation.events()[3]["id"])
        assert turn.replies == [assistant]
        assert (turn.first_version, turn.last_version) == (2, 6)

    async def test_records_a_tapped_button_by_its_title(
        self, agent: Agent, start: Callable[..., Any], said: Callable[..., Any]
    ) -> None:
        conversation = start()
        first = conversation.turn()
        await take(agent, said(conversation, "something", first), first)
        second = conversation.turn()

        await take(agent, said(conversation, YES, second, parse_data=TAPPED_YES), second)

        received = [event["data"] for event in conversation.events() if event["type"] == "message.received"][1]
        assert received["text"] == "Yes, please"
        assert received["payload"] == YES
        assert received["entities"] == TAPPED_YES["entities"]

    async def test_marks_news_as_the_platforms_and_shows_only_the_reply(
        self, agent: Agent, start: Callable[..., Any], said: Callable[..., Any]
    ) -> None:
        conversation = start()
        turn = conversation.turn("news")
        news = {"text": "", "intent": {"name": "strategy_ready", "confidence": 1.0}, "entities": []}

        await take(agent, said(conversation, "", turn, parse_data=news), turn)

        assert conversation.events()[1]["actor"] == "platform"
        assert [entry["from"] for entry in turn.messages] == ["assistant"]

    async def test_refuses_a_turn_whose_conversation_moved_on(
        self, store: EventTrackerStore, start: Callable[..., Any]
    ) -> None:
        conversation = start()
        late, early = conversation.turn(), conversation.turn()
        with taking(late):
            overtaken = await store.retrieve(conversation.sender_id)
        await answer_once(store, conversation, early)
        overtaken.update(UserUttered("too late", {"name": "answer"}))

        with taking(late), pytest.raises(StaleTurn):
            await store.save(overtaken)

        assert "too late" not in json.dumps([event["data"] for event in conversation.events()])
        assert conversation.inbox(late.message_id)["processed_at"] is None
        assert conversation.row()["version"] == early.last_version
        assert late.last_version is None

    async def test_of_two_concurrent_turns_lets_one_through(
        self, store: EventTrackerStore, start: Callable[..., Any]
    ) -> None:
        conversation = start()
        turns = [conversation.turn() for _ in range(8)]

        results = await asyncio.gather(
            *(answer_once(store, conversation, turn) for turn in turns), return_exceptions=True
        )

        assert results.count(None) >= 1
        assert all(isinstance(result, StaleTurn) for result in results if result is not None)
        processed = [turn for turn in turns if conversation.inbox(turn.message_id)["processed_at"]]
        assert len(processed) == results.count(None)
        received = [event for event in conversation.events() if event["type"] == "message.received"]
        assert len(received) == len(processed)

    async def test_leaves_nothing_behind_when_the_connection_dies_before_the_commit(
        self,
        store: EventTrackerStore,
        start: Callable[..., Any],
        owner: psycopg.Connection[dict[str, Any]],
        owner_url: str,
    ) -> None:
        conversation = start()
        turn = conversation.turn()
        blocked = (
            "SELECT pid FROM pg_stat_activity WHERE usename = 'markezy_app' AND wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        with psycopg.connect(owner_url) as holder:
            # The events are inserted in the same statement that waits for the inbox row here.
            holder.execute("SELECT 1 FROM inbox WHERE message_id = %s FOR UPDATE", (turn.message_id,))
            saving = asyncio.create_task(answer_once(store, conversation, turn))
            while not (waiting := owner.execute(blocked).fetchall()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            owner.execute("SELECT pg_terminate_backend(%s)", (waiting[0]["pid"],))
            with pytest.raises(psycopg.OperationalError):
                await asyncio.wait_for(saving, 10)

        assert [event["version"] for event in conversation.events()] == [1]
        assert conversation.row()["snapshot"] is None
        assert conversation.inbox(turn.message_id)["processed_at"] is None

        await answer_once(store, conversation, turn)
        assert conversation.inbox(turn.message_id)["processed_at"] is not None

    async def test_refuses_a_turn_whose_action_failed(
        self, agent: Agent, action_server: Any, start: Callable[..., Any], said: Callable[..., Any]
    ) -> None:
        conversation = start()
        turn = conversation.turn()
        action_server.status = 500

        with pytest.raises(ActionFailed):
            await take(agent, said(conversation, "something", turn), turn)

        assert len(conversation.events()) == 1
        assert conversation.inbox(turn.message_id)["processed_at"] is None
        action_server.status = 200
        await take(agent, said(conversation, "something", turn), turn)
        assert turn.replies[0]["text"] == "Question 2?"

    async def test_refuses_a_tracker_it_has_not_loaded(
        self, store: EventTrackerStore, start: Callable[..., Any]
    ) -> None:
        stranger = DialogueStateTracker(start().sender_id, store.domain.slots)

        with pytest.raises(TypeError, match="has loaded"):
            await store.save(stranger)

    async def test_wakes_up_whoever_listens(
        self, store: EventTrackerStore, start: Callable[..., Any], redis_url: str
    ) -> None:
        conversation = start()
        redis = Redis.from_url(redis_url)
        listening = redis.pubsub()
        channel = f"markezy:conversation:{conversation.tenant_id}:{conversation.id}"
        await listening.subscribe(channel, "markezy:events")
        for _ in range(2):
            await listening.get_message(timeout=5)

        await answer_once(store, conversation, turn := conversation.turn())
        heard = [await listening.get_message(ignore_subscribe_messages=True, timeout=5) for _ in range(2)]

        assert {(message["channel"].decode(), message["data"].decode()) for message in heard} == {
            (channel, str(turn.last_version)),
            ("markezy:events", conversation.tenant_id),
        }
        await listening.close()
        await redis.close()

    async def test_does_not_need_redis(self, database_url: str, domain: Any, start: Callable[..., Any]) -> None:
        conversation = start()
        store = EventTrackerStore(domain, None, host=database_url, redis_url="redis://127.0.0.1:1")

        await answer_once(store, conversation, turn := conversation.turn())
        await store.wakeups.flush()

        assert turn.last_version == conversation.row()["version"]
        await store.close()


class TestRetrieve:
    async def test_continues_where_the_last_turn_ended(
        self, store: EventTrackerStore, start: Callable[..., Any]
    ) -> None:
        conversation = start(locale="fr")
        await answer_once(store, conversation, conversation.turn())

        tracker = await store.retrieve(conversation.sender_id)

        assert tracker.get_slot("qualification") == {"answers": ["Lyon"]}
        assert tracker.get_slot("locale") == "fr"
        assert tracker.latest_message.text == "Lyon"
        assert tracker.latest_message.intent == {"name": "answer", "confidence": 0.9}
        assert tracker.latest_bot_utterance.text == "And then?"
        assert tracker.latest_action_name == ACTION_LISTEN_NAME
        assert tracker.followup_action is None
        assert not tracker.is_paused()
        assert tracker.loaded.version == conversation.row()["version"]

    async def test_remembers_that_the_conversation_is_paused(
        self, store: EventTrackerStore, start: Callable[..., Any]
    ) -> None:
        conversation = start()
        with taking(conversation.turn()):
            tracker = await store.retrieve(conversation.sender_id)
            tracker.update(UserUttered("hello", {"name": "start"}))
            tracker.update(ConversationPaused())
            await store.save(tracker)

        assert (await store.retrieve(conversation.sender_id)).is_paused()
        assert (await store.retrieve_full_tracker(conversation.sender_id)).is_paused()

    async def test_takes_a_message_once(
        self, agent: Agent, start: Callable[..., Any], said: Callable[..., Any]
    ) -> None:
        conversation = start()
        turn = conversation.turn()
        await take(agent, said(conversation, "something", turn), turn)
        before = conversation.events()
        again = Turn(turn.tenant_id, turn.conversation_id, turn.channel, turn.message_id, "another-correlation")

        with pytest.raises(AlreadyProcessed) as processed:
            await take(agent, said(conversation, "something", again), again)

        assert (processed.value.first_version, processed.value.last_version) == (turn.first_version, turn.last_version)
        assert conversation.events() == before

    async def test_wants_the_message_in_the_inbox_of_its_conversation(
        self, store: EventTrackerStore, start: Callable[..., Any]
    ) -> None:
        conversation = start()
        elsewhere = start(conversation.tenant_id).turn()
        misplaced = Turn(
            conversation.tenant_id, conversation.id, "widget", elsewhere.message_id, elsewhere.correlation_id
        )

        with taking(misplaced), pytest.raises(UnknownMessage):
            await store.retrieve(conversation.sender_id)

    async def test_knows_no_conversation_of_another_tenant(
        self, store: EventTrackerStore, start: Callable[..., Any]
    ) -> None:
        theirs, ours = start(), start()
        await answer_once(store, theirs, theirs.turn())
        posing = sender_id(ours.tenant_id, theirs.id)

        with pytest.raises(UnknownConversation):
            await store.retrieve(posing)
        with pytest.raises(UnknownConversation):
            await store.retrieve_full_tracker(posing)
        assert not await store.exists(posing)
        assert await store.exists(theirs.sender_id)
        assert list(await store.keys()) == []

    async def test_creates_nothing_for_an_unknown_sender(
        self, agent: Agent, start: Callable[..., Any], said: Callable[..., Any]
    ) -> None:
        nobody = start()
        nobody.owner.execute("DELETE FROM conversation WHERE id = %s", (nobody.id,))
        message = said(nobody, "hello", Turn(nobody.tenant_id, nobody.id, "widget", str(uuid7()), "correlation"))

        with pytest.raises(UnknownConversation):
            await agent.handle_message(message)

        assert nobody.row() is None

    @pytest.mark.parametrize("text", ["", "default", "a_b", "0193A5B0-0000-7000-8000-000000000000_x", "x" * 300])
    async def test_refuses_a_sender_id_it_can_not_read(self, store: EventTrackerStore, text: str) -> None:
        with pytest.raises(MalformedSenderId):
            await store.retrieve(text)

    async def test_survives_a_connection_that_postgresql_closed(
        self, store: EventTrackerStore, start: Callable[..., Any], owner: psycopg.Connection[dict[str, Any]]
    ) -> None:
        conversation = start()
        await answer_once(store, conversation, conversation.turn())
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'markezy_app' AND datname = current_database()"
        )

        assert (await store.retrieve(conversation.sender_id)).get_slot("qualification") == {"answers": ["Lyon"]}

    async def test_lets_the_failure_of_the_database_through(
        self, model_path: str, domain: Any, start: Callable[..., Any], said: Callable[..., Any]
    ) -> None:
        conversation = start()
        turn = conversation.turn()
        store = EventTrackerStore(domain, None, host="postgresql://nobody@127.0.0.1:1/nothing")
        agent = Agent.load(model_path, tracker_store=store)

        with pytest.raises(psycopg.OperationalError):
            await take(agent, said(conversation, "something", turn), turn)
        await store.close()


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


def _told(value: Any) -> str:
    """As many characters for as many bytes, whatever they are."""
    return value.hex() if isinstance(value, bytes) else str(value)


class Counting(Database):
    """Counts round trips and the bytes that cross."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.trips = 0
        self.sent = 0
        self.received = 0

    async def fetch(self, tenant_id: str, statement: str, parameters: Any) -> list[dict[str, Any]]:
        rows = await super().fetch(tenant_id, statement, parameters)
        self._count(parameters)
        self.received += len(json.dumps(rows, default=_told))
        return rows

    async def execute(self, tenant_id: str, statement: str, parameters: Any) -> int:
        self._count(parameters)
        return await super().execute(tenant_id, statement, parameters)

    def _count(self, parameters: Any) -> None:
        self.trips += 1
        self.sent += len(json.dumps(parameters, default=_told))


class TestCost:
    @pytest_asyncio.fixture
    async def counting(self, store: EventTrackerStore, database_url: str) -> AsyncIterator[Counting]:
        store.database = Counting(database_url)
        yield store.database

    async def test_is_the_same_at_turn_5_and_at_turn_200(
        self,
        counting: Counting,
        agent: Agent,
        action_server: Any,
        start: Callable[..., Any],
        said: Callable[..., Any],
    ) -> None:
        conversation = start()
        costs = {}
        for number in range(1, 201):
            before = (counting.trips, counting.sent, counting.received)
            turn = conversation.turn()
            await take(agent, said(conversation, YES, turn, parse_data=TAPPED_YES), turn)
            after = (counting.trips, counting.sent, counting.received)
            costs[number] = [now - then for now, then in zip(after, before, strict=True)]

        early, late = costs[6], costs[200]
        assert early[0] == late[0] == 2
        # Only the digits of the counters in the texts may grow.
        assert late[1] - early[1] < 100
        assert late[2] - early[2] < 100
        assert len(json.dumps(action_server.asked[199])) - len(json.dumps(action_server.asked[5])) < 100


class TestPrivacy:
    async def test_nothing_a_lead_writes_is_logged(
        self,
        agent: Agent,
        action_server: Any,
        start: Callable[..., Any],
        said: Callable[..., Any],
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        conversation = start()
        secret = "my number is 0612345678"
        with caplog.at_level(logging.INFO):
            for status in (200, 500):
                action_server.status = status
                turn = conversation.turn()
                try:
                    await take(agent, said(conversation, secret, turn), turn)
                except ActionFailed:
                    assert status == 500

        assert "action_answer" in caplog.text
        assert "0612345678" not in caplog.text
        assert "0612345678" not in "".join(capsys.readouterr())
