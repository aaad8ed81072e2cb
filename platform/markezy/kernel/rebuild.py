"""Read models made anew from the log while everything goes on, then swapped in (docs/decisions/0011-trusted-record.md).

The new rows are written by the same projection, to copies of the tables in a schema of their own which come first in its search
path, with positions of their own. Only at the end, when the copies are a few events behind, projections and then readers are held up
for a moment.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from markezy.kernel import shadow
from markezy.kernel.db import Database
from markezy.kernel.events import Event
from markezy.kernel.logging import get_logger
from markezy.kernel.projection import apply_next

log = get_logger(__name__)

Result = TypeVar("Result")

SCHEMA = "rebuild"
_COPIES_FIRST = f"{SCHEMA}, public"
_BATCH = 500
_NEARLY_THERE = 200
"""Events behind at which the rest is applied while other projections wait: a fraction of a second."""
_ATTEMPTS = 20
"""At a swap. Somebody's long report may hold the old tables for a while; each attempt waits for the time below."""
_LOCK_TIMEOUT = "2s"
_ONE_REBUILD = 0x52656275696C64

_TENANTS = text("SELECT tenant_ids()")
_ONLY_ONE = text("SELECT pg_try_advisory_xact_lock(:key)")
_AS_TENANT = text("SELECT set_config('markezy.tenant_id', :tenant_id, true), set_config('search_path', :path, true)")
_BE_PATIENT = text("SELECT set_config('lock_timeout', :timeout, true)")
_HOLD_PROJECTIONS = text("LOCK TABLE public.projection_cursor IN SHARE ROW EXCLUSIVE MODE")
_TAKE_POSITION = text(f"""
    INSERT INTO public.projection_cursor AS mine (tenant_id, projection, tx, position)
    SELECT tenant_id, projection, tx, position FROM {SCHEMA}.projection_cursor
    WHERE tenant_id = :tenant_id AND projection = :projection
    ON CONFLICT (tenant_id, projection) DO UPDATE SET tx = excluded.tx, position = excluded.position
""")  # noqa: S608 - a constant of this module


@dataclass(frozen=True)
class ReadModel:
    """Tables that hold nothing but what `project` makes of the log. Those that others refer to come first."""

    name: str
    """The projection's name, under which its position is kept."""
    tables: tuple[str, ...]
    project: Callable[[Connection, UUID, Sequence[Event]], object]


class CannotRebuild(Exception):
    """Nothing was changed; the message is a sentence that says why."""


class Rebuild:
    """One run. `owner` is the role that owns the tables, `database` the application's."""

    def __init__(self, owner: Database, database: Database, model: ReadModel) -> None:
        self._owner = owner
        self._database = database
        self._model = model
        self.events = 0
        """Applied so far."""

    def swap(self) -> None:
        """Make the read model anew and put it in the old one's place; CannotRebuild leaves the old one where it is."""
        with self._copies():
            self._catch_up()
            self._while_projections_wait(self._swap)

    def compare(self) -> dict[str, int]:
        """Make the read model anew, count for each table the rows only one side has, and throw the new one away."""
        with self._copies():
            self._catch_up()
            return self._while_projections_wait(self._differences)

    @contextmanager
    def _copies(self) -> Iterator[None]:
        # The lock's transaction writes nothing, so it has no id and no reader of the log waits for it.
        with self._owner.unscoped() as guard:
            if not guard.execute(_ONLY_ONE, {"key": _ONE_REBUILD}).scalar_one():
                raise CannotRebuild("Another replay is under way; wait until it has ended.")
            try:
                with self._owner.unscoped() as connection:
                    shadow.build(connection, SCHEMA, (*self._model.tables, "projection_cursor"))
            except shadow.CopyDiffers as difference:
                raise CannotRebuild(f"The tables can't be copied: {difference}.") from None
            try:
                yield
            finally:
                with self._owner.unscoped() as connection:
                    shadow.drop(connection, SCHEMA)

    def _catch_up(self) -> None:
        """Apply the log to the copies, in small transactions, until little is left."""
        behind = _NEARLY_THERE
        while behind >= _NEARLY_THERE:
            behind = 0
            for tenant_id in self._tenants():
                applied = _BATCH
                while applied == _BATCH:
                    with self._database.transaction(tenant_id) as connection:
                        applied = self._apply(connection, tenant_id, _COPIES_FIRST)
                    behind += applied
            log.info("rebuild.caught_up", read_model=self._model.name, events=self.events)

    def _apply(self, connection: Connection, tenant_id: UUID, path: str) -> int:
        _enter(connection, tenant_id, path)
        applied = apply_next(connection, tenant_id, self._model.name, self._project, _BATCH)
        if path == _COPIES_FIRST:
            self.events += applied
        return applied

    def _project(self, connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
        try:
            self._model.project(connection, tenant_id, events)
        except OperationalError:
            raise
        except Exception:
            log.exception("rebuild.projection_failed", read_model=self._model.name, tenant_id=str(tenant_id))
            raise CannotRebuild(
                f"An event of the agency {tenant_id} can't be applied, the log says why; the old read model stays."
            ) from None

    def _tenants(self) -> Sequence[UUID]:
        with self._database.unscoped() as connection:
            return connection.execute(_TENANTS).scalars().all()

    def _while_projections_wait(self, finish: Callable[[Connection], Result]) -> Result:
        """`finish` in one transaction in which no projection moves and the copies have come to the end of the log."""
        for remaining in reversed(range(_ATTEMPTS)):
            applied_before = self.events
            try:
                with self._owner.unscoped() as connection:
                    connection.execute(_BE_PATIENT, {"timeout": _LOCK_TIMEOUT})
                    connection.execute(_HOLD_PROJECTIONS)
                    for tenant_id in self._tenants():
                        while self._apply(connection, tenant_id, _COPIES_FIRST):
                            pass
                    return finish(connection)
            except OperationalError as error:
                # A lock that did not come in time, or a deadlock: everybody goes on before the next attempt.
                self.events = applied_before
                if not isinstance(error.orig, (LockNotAvailable, DeadlockDetected)):
                    raise
                log.info("rebuild.held_up", read_model=self._model.name, attempts_left=remaining)
        raise CannotRebuild("Somebody held the tables for too long; the old read model stays. Try again later.")

    def _swap(self, connection: Connection) -> None:
        name, tables = self._model.name, self._model.tables
        for tenant_id in self._tenants():
            _enter(connection, tenant_id, "public")
            connection.execute(_TAKE_POSITION, {"tenant_id": tenant_id, "projection": name})
        connection.execute(text(f"LOCK TABLE {_listed('public', tables)} IN ACCESS EXCLUSIVE MODE"))
        try:
            shadow.compare(connection, SCHEMA, tables)
        except shadow.CopyDiffers as difference:
            raise CannotRebuild(f"The tables were altered meanwhile: {difference}. Try again.") from None
        connection.execute(text(f"DROP TABLE {_listed('public', tables)}"))
        for table in tables:
            connection.execute(text(f"ALTER TABLE {SCHEMA}.{table} SET SCHEMA public"))

    def _differences(self, connection: Connection) -> dict[str, int]:
        different = dict.fromkeys(self._model.tables, 0)
        for tenant_id in self._tenants():
            # While older transactions end, the end of the log moves: until neither side finds more, they may be apart.
            while self._apply(connection, tenant_id, _COPIES_FIRST) + self._apply(connection, tenant_id, "public"):
                pass
            for table in self._model.tables:
                live, copy = (
                    f"SELECT * FROM {schema}.{table} WHERE tenant_id = :tenant_id"  # noqa: S608 - names of our own
                    for schema in ("public", SCHEMA)
                )
                only_one_side = f"({live} EXCEPT ALL {copy}) UNION ALL ({copy} EXCEPT ALL {live})"
                counted = text(f"SELECT count(*) FROM ({only_one_side}) AS different")  # noqa: S608
                different[table] += connection.execute(counted, {"tenant_id": tenant_id}).scalar_one()
        return different


def _enter(connection: Connection, tenant_id: UUID, path: str) -> None:
    connection.execute(_AS_TENANT, {"tenant_id": str(tenant_id), "path": path})


def _listed(schema: str, tables: Sequence[str]) -> str:
    return ", ".join(f"{schema}.{table}" for table in tables)
