"""What a worker does in a retention run, in a process of its own that a test can kill."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from uuid import UUID

from markezy.kernel.db import open_database
from markezy.kernel.settings import Settings
from markezy.privacy import retention
from sqlalchemy import Connection


def remove_and_wait(settings: Settings, tenant_id: UUID, run_id: UUID, at_once: int, batches: int, done: Event) -> None:
    """Go on with the run for so many batches, do one more, and never commit it."""
    retention._AT_ONCE = at_once
    database = open_database(settings, pool_size=1)
    opened = 0

    @contextmanager
    def transaction() -> Iterator[Connection]:
        nonlocal opened
        opened += 1
        with database.transaction(tenant_id) as connection:
            yield connection
            if opened > batches:
                done.set()
                signal.pause()

    retention.go_on(transaction, tenant_id, run_id)
