import asyncio
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis

from bot.lock_store import LEASE, PATIENCE, LeaseLockStore

pytestmark = pytest.mark.asyncio

HOLDER = Path(__file__).with_name("lock_holder.py")


@pytest_asyncio.fixture
async def stores(redis_url: str) -> AsyncIterator[Callable[..., LeaseLockStore]]:
    """Makes lock stores as different processes have them."""
    made: list[LeaseLockStore] = []

    def make(**kwargs: float) -> LeaseLockStore:
        made.append(LeaseLockStore(redis_url, **kwargs))
        return made[-1]

    yield make
    for store in made:
        await store.close()


@pytest.fixture
def conversation() -> str:
    return f"tenant_{uuid.uuid4()}"


@pytest.fixture
def holder(redis_url: str, conversation: str) -> Iterator[Callable[[float], "subprocess.Popen[str]"]]:
    """Starts processes that hold the conversation's lock."""
    started: list[subprocess.Popen[str]] = []

    def hold(lease: float) -> "subprocess.Popen[str]":
        command = [sys.executable, str(HOLDER), redis_url, conversation, str(lease)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.wait()


async def test_rasa_finds_the_store_by_its_name_in_endpoints(redis_url: str) -> None:
    store = LockStore.create(EndpointConfig(redis_url, type="bot.lock_store.LeaseLockStore"))

    assert isinstance(store, LeaseLockStore)


async def test_turns_of_one_process_are_served_in_their_order(
    stores: Callable[..., LeaseLockStore], conversation: str
) -> None:
    store, served, running = stores(), [], 0

    async def turn(number: int) -> None:
        nonlocal running
        async with store.lock(conversation):
            running += 1
            assert running == 1
            await asyncio.sleep(0)
            served.append(number)
            running -= 1

    await asyncio.gather(*(turn(number) for number in range(50)))

    assert served == list(range(50))
    assert store._queues == {}


async def test_turns_of_several_processes_exclude_each_other(
    stores: Callable[..., LeaseLockStore], conversation: str
) -> None:
    running, done = 0, 0

    async def turn(store: LeaseLockStore) -> None:
        nonlocal running, done
        async with store.lock(conversation):
            running += 1
            assert running == 1
            await asyncio.sleep(0.002)
            running -= 1
            done += 1

    several = [stores() for _ in range(4)]
    await asyncio.wait_for(asyncio.gather(*(turn(store) for store in several for _ in range(10))), 10)

    assert done == 40


async def test_other_conversations_do_not_wait(stores: Callable[..., LeaseLockStore], conversation: str) -> None:
    store = stores(patience=0.5)

    async with store.lock(conversation), store.lock(f"{conversation}-another"):
        pass


async def test_a_waiter_of_another_process_is_woken_when_the_lock_is_given_back(
    stores: Callable[..., LeaseLockStore], conversation: str, redis_url: str
) -> None:
    first, second = stores(), stores()
    redis = Redis.from_url(redis_url)
    given_back = 0.0

    async def wait() -> float:
        async with second.lock(conversation):
            return time.monotonic()

    async with first.lock(conversation):
        waiting = asyncio.create_task(wait())
        while not await redis.exists(f"markezy:lock:{{{conversation}}}:waiting"):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        given_back = time.monotonic()
    taken = await asyncio.wait_for(waiting, 5)

    assert taken - given_back < 0.5
    await redis.close()


async def test_a_lock_that_is_held_longer_than_its_lease_stays_held(
    stores: Callable[..., LeaseLockStore], conversation: str
) -> None:
    first, second = stores(lease=0.3), stores(patience=1.0)

    async with first.lock(conversation):
        with pytest.raises(LockError):
            async with second.lock(conversation):
                pytest.fail("both hold the lock")


async def test_a_killed_process_blocks_a_conversation_no_longer_than_its_lease(
    stores: Callable[..., LeaseLockStore],
    conversation: str,
    holder: "Callable[[float], subprocess.Popen[str]]",
) -> None:
    process = holder(1.5)
    store = stores(lease=1.5, patience=10)
    waited_from = time.monotonic()
    process.kill()

    async with store.lock(conversation):
        waited = time.monotonic() - waited_from

    assert waited < 2.0
    assert LEASE <= 10


async def test_a_live_process_keeps_the_others_out(
    stores: Callable[..., LeaseLockStore],
    conversation: str,
    holder: "Callable[[float], subprocess.Popen[str]]",
) -> None:
    holder(0.5)
    store = stores(patience=1.5)

    with pytest.raises(LockError, match="busy"):
        async with store.lock(conversation):
            pytest.fail("both hold the lock")


async def test_waiting_is_bounded_within_a_process_too(
    stores: Callable[..., LeaseLockStore], conversation: str
) -> None:
    store = stores(patience=0.2)

    async with store.lock(conversation):
        with pytest.raises(LockError, match="busy"):
            async with store.lock(conversation):
                pytest.fail("both hold the lock")
    assert PATIENCE < 30

    async with store.lock(conversation):
        pass


async def test_a_failed_or_cancelled_turn_gives_the_lock_back(
    stores: Callable[..., LeaseLockStore], conversation: str
) -> None:
    store = stores(patience=2)
    with pytest.raises(ZeroDivisionError):
        async with store.lock(conversation):
            raise ZeroDivisionError

    async def hang() -> None:
        async with store.lock(conversation):
            held.set()
            await asyncio.Event().wait()

    held = asyncio.Event()
    hanging = asyncio.create_task(hang())
    await held.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging

    async with stores(patience=1).lock(conversation):
        pass


async def test_a_lease_that_was_lost_is_not_taken_from_its_new_holder(
    stores: Callable[..., LeaseLockStore], conversation: str, redis_url: str
) -> None:
    redis = Redis.from_url(redis_url)
    key = f"markezy:lock:{{{conversation}}}"

    async with stores().lock(conversation):
        await redis.set(key, "somebody else")

    assert await redis.get(key) == b"somebody else"
    await redis.close()


async def test_without_redis_there_is_no_lock(conversation: str) -> None:
    store = LeaseLockStore("redis://127.0.0.1:1")

    with pytest.raises(LockError):
        async with store.lock(conversation):
            pytest.fail("nobody gave this lock")
