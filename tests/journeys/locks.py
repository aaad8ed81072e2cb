"""Locks in the stack's database, to have somebody stand still at a place where they need one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from devstack.stack import Stack
from tests.journeys.conftest import eventually


@contextmanager
def hold(stack: Stack, lock: str, *parameters: str) -> Iterator[Callable[[], bool]]:
    """Hold what the statement locks; gives what tells whether somebody waits for it."""
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND %s = ANY (pg_blocking_pids(pid))"
    with psycopg.connect(stack.owner_url) as holder, psycopg.connect(stack.owner_url, autocommit=True) as asking:
        holder.execute(lock, parameters)
        yield lambda: asking.execute(waiting, [holder.info.backend_pid]).fetchone() is not None


def no_strategy_is_written(stack: Stack) -> None:
    """Wait until none is on its way to a PDF: a lock on a table would stop another lead's as well, with what that holds itself."""
    steps = ["strategies.generate", "strategies.improve", "strategies.check", "strategies.render"]
    left = "SELECT 1 FROM outbox WHERE task = ANY (%s) AND completed_at IS NULL AND failed_at IS NULL"
    with psycopg.connect(stack.owner_url, autocommit=True) as asking:
        eventually(lambda: asking.execute(left, [steps]).fetchone() is None, "the strategies of other leads to be made")
