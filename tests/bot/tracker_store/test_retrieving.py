"""How the next turn finds the conversation."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from rasa.core.agent import Agent
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ConversationPaused,
    UserUttered,
)
from uuid_utils import uuid7

from bot.tracker_store import EventTrackerStore
from bot.turn import (
    AlreadyProcessed,
    MalformedSenderId,
    Turn,
    UnknownConversation,
    UnknownMessage,
    sender_id,
    taking,
)
from tests.bot.tracker_store.turns import answer_once, take

pytestmark = pytest.mark.asyncio


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
