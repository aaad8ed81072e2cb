"""Tasks: what a worker does for one outbox row, exactly one at a time, as often as it takes.

A domain's `tasks.py` names its functions with `@task`; `markezy.worker` makes Celery tasks of them. A task may run
again at any time (a killed worker, a lost message), so each commits its effect, its follow-ups and `call.complete`
together, and finds earlier effects before it repeats them.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from markezy.kernel import outbox
from markezy.kernel.db import Database
from markezy.kernel.errors import Problem
from markezy.kernel.logging import bind, get_logger, unbind_all
from markezy.kernel.settings import Settings

log = get_logger(__name__)

TaskFunction = Callable[..., None]


class PermanentFailure(Exception):
    """Trying again can't help: the row becomes a dead letter with this reason. The reason holds no personal data."""


@dataclass(frozen=True)
class TaskCall:
    """One run of a task for one tenant."""

    tenant_id: UUID
    outbox_id: UUID
    correlation_id: str
    settings: Settings
    database: Database

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction of the task's tenant."""
        with self.database.transaction(self.tenant_id) as connection:
            yield connection

    def enqueue(self, connection: Connection, name: str, payload: dict[str, Any]) -> None:
        """A follow-up task of the same tenant and correlation id."""
        outbox.enqueue(connection, self.tenant_id, name, payload, self.correlation_id)

    def complete(self, connection: Connection) -> None:
        """This row is done; call it in the transaction that commits the effect."""
        outbox.complete(connection, self.tenant_id, self.outbox_id)

    def postpone(self, connection: Connection, until: datetime) -> None:
        """This row is too early: it comes again at `until`, and this attempt does not count."""
        outbox.postpone(connection, self.tenant_id, self.outbox_id, until)


_tasks: dict[str, TaskFunction] = {}


def task(name: str) -> Callable[[TaskFunction], TaskFunction]:
    """Name a function `(call: TaskCall, **payload) -> None` so that outbox rows can ask for it."""

    def register(function: TaskFunction) -> TaskFunction:
        if name in _tasks:
            raise ValueError(f"two tasks are named {name}")
        _tasks[name] = function
        return function

    return register


def registered_tasks() -> Mapping[str, TaskFunction]:
    """All named tasks whose modules have been imported."""
    return dict(_tasks)


def run(name: str, call: TaskCall, payload: Mapping[str, Any]) -> bool:
    """Run the task for its row. False when there was nothing to do: the row is closed, or another worker is at it.

    A failure is written on the row and raised again unless it is permanent.
    """
    unbind_all()
    bind(tenant_id=str(call.tenant_id), correlation_id=call.correlation_id, task=name)
    with call.transaction() as guard:
        # Held until the task ends or the process dies: a retry that comes too early finds it taken.
        if not guard.execute(_TRY_LOCK, {"key": _lock_key(call.outbox_id)}).scalar_one():
            log.info("task.already_running")
            return False
        if not outbox.is_open(guard, call.tenant_id, call.outbox_id):
            log.info("task.already_done")
            return False
        try:
            _tasks[name](call, **payload)
        except PermanentFailure as failure:
            _note(call, str(failure), final=True)
            log.error("task.dead_letter", reason=str(failure))
            return True
        except Exception as error:
            # Only our own problems' texts are known to be free of personal data.
            _note(call, str(error) if isinstance(error, Problem) else type(error).__name__, final=False)
            log.warning("task.failed", error=type(error).__name__, exc_info=True)
            raise
    log.info("task.done")
    return True


_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:key)")


def _lock_key(row_id: UUID) -> int:
    return zlib.crc32(row_id.bytes) | 0x7A << 32


def _note(call: TaskCall, failure: str, final: bool) -> None:
    with call.transaction() as connection:
        outbox.note_failure(connection, call.tenant_id, call.outbox_id, failure, final)
