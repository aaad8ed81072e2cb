"""What a turn leaves behind when its tracker is saved."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from rasa.core.agent import Agent
from rasa.shared.core.events import (
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis

from bot.tracker_store import EventTrackerStore
from bot.turn import (
    ActionFailed,
    StaleTurn,
    taking,
)
from tests.bot.tracker_store.turns import TAPPED_YES, YES, answer_once, take

pytestmark = pytest.mark.asyncio


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
