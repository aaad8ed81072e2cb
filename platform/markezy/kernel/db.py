"""Transactions: one pool, one tenant per transaction, closed when no tenant is set.

The tenant is a transaction-local setting that every row-level security policy compares with; it ends with the transaction,
so a pooled connection never carries it to the next user.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, MetaData, create_engine, text

from envelope.ring import KeyRing
from markezy.kernel.settings import Settings
from markezy.kernel.shares import Shares

metadata = MetaData()
"""The tables of all domains; each domain's `tables.py` adds its own."""

_RING = "markezy.key_ring"
_PATIENCE = 10
"""Seconds to wait for a connection."""
_SET_TENANT = text("SELECT set_config('markezy.tenant_id', :tenant_id, true)")


def psycopg_url(url: str) -> str:
    """`url` in SQLAlchemy's spelling for psycopg 3."""
    scheme, separator, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg") or not separator:
        raise ValueError("a database URL starts with postgresql://")
    return f"postgresql+psycopg://{rest}"


def ring_of(connection: Connection) -> KeyRing:
    """The key ring of the process that opened this transaction; RuntimeError when its `Database` has none."""
    ring = connection.info.get(_RING)
    if not isinstance(ring, KeyRing):
        raise RuntimeError("this transaction has no key ring: open its Database with one")
    return ring


class Database:
    """A pool of connections for one database role. Safe to share between threads, not across a fork."""

    def __init__(
        self, url: str, pool_size: int = 8, ring: KeyRing | None = None, most_per_tenant: int | None = None
    ) -> None:
        """`ring` is what the transactions open personal data with; without one they can't. `most_per_tenant` bounds how many
        connections one tenant holds at once; None leaves it to the pool."""
        self._ring = ring
        self._shares = Shares(2 * pool_size if most_per_tenant is None else most_per_tenant, _PATIENCE)
        self._engine = create_engine(
            psycopg_url(url), pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, pool_timeout=_PATIENCE
        )

    @contextmanager
    def transaction(self, tenant_id: UUID) -> Iterator[Connection]:
        """One transaction that sees and writes only `tenant_id`'s rows; commits unless the block raises."""
        with self._shares.one_more(tenant_id), self._engine.begin() as connection:
            connection.info[_RING] = self._ring
            connection.execute(_SET_TENANT, {"tenant_id": str(tenant_id)})
            yield connection

    @contextmanager
    def snapshot(self, tenant_id: UUID) -> Iterator[Connection]:
        """Like `transaction`, for reading only: all its statements see the database as it was at one moment."""
        with (
            self._shares.one_more(tenant_id),
            self._engine.connect().execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            ) as connection,
        ):
            connection.info[_RING] = self._ring
            connection.execute(_SET_TENANT, {"tenant_id": str(tenant_id)})
            yield connection

    @contextmanager
    def unscoped(self) -> Iterator[Connection]:
        """One transaction without a tenant: as the application role it sees no row and can only ask the directory functions."""
        with self._engine.begin() as connection:
            connection.info[_RING] = self._ring
            yield connection

    def ping(self) -> None:
        """Raise unless the database answers."""
        with self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close all pooled connections."""
        self._engine.dispose()


def open_database(settings: Settings, pool_size: int = 8, most_per_tenant: int | None = None) -> Database:
    """The process's door as the application role, with the keys to what is sealed."""
    return Database(settings.database_url.get_secret_value(), pool_size, settings.key_ring(), most_per_tenant)
