"""The channels' transactions on the Rasa process's PostgreSQL pool."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from psycopg import AsyncConnection

from bot.database import Database
from bot.keys import Fetch
from channels.settings import setting

Connection = AsyncConnection[dict[str, Any]]

_MAX_CONNECTIONS = 8
"""The channels hold a connection for a millisecond or two and never while a turn runs."""

_PATIENCE = 5.0
"""Seconds to wait for a connection before the caller is told to come back."""


@lru_cache(maxsize=1)
def database() -> Database:
    """The process's door to PostgreSQL for the channels, opened when first used."""
    return Database(setting("DATABASE_URL"), _MAX_CONNECTIONS)


@asynccontextmanager
async def transaction(tenant_id: str | None) -> AsyncIterator[Connection]:
    """One transaction in the name of `tenant_id`, committed on success; None for a directory look-up, which needs none.

    Statements travel together until a row is fetched.
    """
    pool = await database().pool()
    async with pool.connection(timeout=_PATIENCE) as connection, connection.pipeline(), connection.transaction():
        if tenant_id is not None:
            await connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", (tenant_id,))
        yield connection


def fetching(connection: Connection) -> Fetch:
    """Statements on `connection`, for who needs their rows at once."""

    async def fetch(statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        return await (await connection.execute(statement, parameters)).fetchall()

    return fetch


async def drop_dead_connections() -> None:
    """Replace what PostgreSQL has closed behind our back, after an error that looked like it."""
    await (await database().pool()).check()


async def close() -> None:
    """Give the connections back."""
    if database.cache_info().currsize:
        closing = database()
        database.cache_clear()
        await closing.close()
