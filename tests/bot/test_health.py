import pytest
from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from bot.health import ready
from bot.lock_store import LeaseLockStore
from bot.tracker_store import EventTrackerStore

pytestmark = pytest.mark.asyncio


async def test_a_process_with_a_model_and_both_stores_is_ready(
    model_path: str, store: EventTrackerStore, redis_url: str
) -> None:
    locks = LeaseLockStore(redis_url)

    assert await ready(Agent.load(model_path, tracker_store=store, lock_store=locks)) == {
        "model": True,
        "database": True,
        "redis": True,
    }
    await locks.close()


async def test_an_agent_without_a_model_is_not_ready(store: EventTrackerStore) -> None:
    assert not (await ready(Agent(tracker_store=store)))["model"]
    assert set((await ready(None)).values()) == {False}


async def test_services_that_do_not_answer_are_named() -> None:
    lost = EventTrackerStore(Domain.empty(), None, host="postgresql://nobody@127.0.0.1:1/nothing")
    checks = await ready(Agent(tracker_store=lost, lock_store=LeaseLockStore("redis://127.0.0.1:1")))

    assert (checks["database"], checks["redis"]) == (False, False)
    await lost.close()


async def test_a_process_that_fell_back_to_memory_is_never_ready() -> None:
    forgetful = Agent(tracker_store=InMemoryTrackerStore(Domain.empty()), lock_store=InMemoryLockStore())

    checks = await ready(forgetful)

    assert (checks["database"], checks["redis"]) == (False, False)
