"""The Rasa process's connections to PostgreSQL: one pool per event loop, opened when first used."""

import asyncio
from collections.abc import Mapping
from typing import Any

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

WAIT_FOR_A_CONNECTION = 5.0
SET_TENANT = "SELECT set_config('markezy.tenant_id', %s, true)"

Row = dict[str, Any]


class Database:
    """Single statements in the name of one tenant, each in one round trip; and the pool, for whoever needs more."""

    def __init__(self, url: str, max_connections: int = 16) -> None:
        if not url:
            raise ValueError("the tracker store needs a database URL: set DATABASE_URL")
        self._url = url
        self._max_connections = max_connections
        self._pool: AsyncConnectionPool[AsyncConnection[Row]] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening = asyncio.Lock()

    async def fetch(self, tenant_id: str, statement: str, parameters: Mapping[str, Any]) -> list[Row]:
        """The rows that `statement` gives when it runs as `tenant_id`."""
        return await (await self._run(tenant_id, statement, parameters)).fetchall()

    async def execute(self, tenant_id: str, statement: str, parameters: Mapping[str, Any]) -> int:
        """Run `statement` as `tenant_id`; the number of rows it touched."""
        return (await self._run(tenant_id, statement, parameters)).rowcount

    async def ping(self) -> None:
        """Return when PostgreSQL answers."""
        async with (await self.pool()).connection(timeout=WAIT_FOR_A_CONNECTION) as connection:
            await connection.execute("SELECT 1")

    async def _run(self, tenant_id: str, statement: str, parameters: Mapping[str, Any]) -> AsyncCursor[Row]:
        # In pipeline mode nothing is waited for between the statements, and PostgreSQL makes one transaction of them.
        pool = await self.pool()
        async with pool.connection(timeout=WAIT_FOR_A_CONNECTION) as connection:
            async with connection.pipeline():
                await connection.cursor().execute(SET_TENANT, (tenant_id,))
                cursor = connection.cursor()
                await cursor.execute(statement, parameters)
            return cursor

    async def pool(self) -> "AsyncConnectionPool[AsyncConnection[Row]]":
        """The running loop's pool."""
        loop = asyncio.get_running_loop()
        if self._pool is None or self._loop is not loop:
            if self._loop is not loop:
                self._opening, self._loop, self._pool = asyncio.Lock(), loop, None
            async with self._opening:
                if self._pool is None:
                    self._pool = await self._open()
        return self._pool

    async def _open(self) -> "AsyncConnectionPool[AsyncConnection[Row]]":
        pool: AsyncConnectionPool[AsyncConnection[Row]] = AsyncConnectionPool(
            self._url,
            connection_class=AsyncConnection[Row],
            kwargs={"autocommit": True, "row_factory": dict_row, "prepare_threshold": 0},
            min_size=1,
            max_size=self._max_connections,
            open=False,
            name="rasa",
        )
        await pool.open()
        return pool

    async def close(self) -> None:
        """Give the connections back to PostgreSQL."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
