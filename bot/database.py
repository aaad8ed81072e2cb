"""The Rasa process's connections to PostgreSQL: one pool per event loop, opened when first used."""

import asyncio
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

WAIT_FOR_A_CONNECTION = 5.0
SET_TENANT = "SELECT set_config('markezy.tenant_id', %s, true)"

Row = dict[str, Any]


class Database:
    """Tenant-scoped work in one round trip each.

    Connections are in autocommit and pipeline mode: the statements of a block travel together and PostgreSQL runs them
    as one transaction, in which the tenant is set first.
    """

    def __init__(self, url: str, max_connections: int = 16) -> None:
        if not url:
            raise ValueError("the tracker store needs a database URL: set DATABASE_URL")
        self._url = url
        self._max_connections = max_connections
        self._pool: AsyncConnectionPool[AsyncConnection[Row]] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def as_tenant(self, tenant_id: str) -> AsyncIterator[AsyncCursor[Row]]:
        """A cursor whose statements see `tenant_id` only. They are executed when the block ends or a row is fetched.

        Fetch once, after the last statement: a fetch ends the transaction and with it the tenant's scope.
        """
        pool = await self.pool()
        async with pool.connection(timeout=WAIT_FOR_A_CONNECTION) as connection, connection.pipeline():
            async with connection.cursor() as setting:
                await setting.execute(SET_TENANT, (tenant_id,))
                async with connection.cursor() as cursor:
                    yield cursor

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
