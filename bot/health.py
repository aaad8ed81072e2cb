"""Whether this Rasa process can answer leads right now."""

import asyncio

from psycopg import Error as DatabaseError
from psycopg_pool import PoolTimeout
from rasa.core.agent import Agent
from redis.exceptions import RedisError

from bot.lock_store import LeaseLockStore
from bot.tracker_store import EventTrackerStore

PATIENCE = 2.0
"""Seconds a dependency has to show that it is there."""


async def ready(agent: Agent | None) -> dict[str, bool]:
    """`model`, `database` and `redis`, each true when it is there. `agent` is Rasa's `app.ctx.agent`.

    When Rasa can't import a store it quietly takes one that forgets everything; such a process is never ready.
    """
    tracker_store = getattr(agent, "tracker_store", None)
    lock_store = getattr(agent, "lock_store", None)
    return {
        "model": agent is not None and agent.is_ready(),
        "database": isinstance(tracker_store, EventTrackerStore) and await _answers(tracker_store),
        "redis": isinstance(lock_store, LeaseLockStore) and await _answers(lock_store),
    }


async def _answers(store: EventTrackerStore | LeaseLockStore) -> bool:
    try:
        await asyncio.wait_for(store.ping(), PATIENCE)
    except (DatabaseError, PoolTimeout, RedisError, OSError, asyncio.TimeoutError):
        return False
    return True
