"""A turn costs the same however long the conversation is."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.agent import Agent

from bot.database import Database
from bot.tracker_store import EventTrackerStore
from tests.bot.tracker_store.turns import TAPPED_YES, YES, take

pytestmark = pytest.mark.asyncio


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
