"""What beat and a worker do, in a process of its own that a test can kill."""

import signal
from datetime import datetime
from multiprocessing.synchronize import Event
from uuid import UUID

from markezy.kernel import task
from markezy.kernel.db import open_database
from markezy.kernel.settings import Settings
from markezy.resuming import reminders
from markezy.resuming import tasks as _tasks  # noqa: F401 - importing names the tasks


def claim_and_wait(settings: Settings, tenant_id: UUID, at: datetime, claimed: Event) -> None:
    """Write the reminders down, and never commit."""
    database = open_database(settings, pool_size=1)
    with database.transaction(tenant_id) as connection:
        reminders.remind_some(connection, tenant_id, at, reminders.beginning(at), 10)
        claimed.set()
        signal.pause()


def send(settings: Settings, tenant_id: UUID, outbox_id: UUID, payload: dict[str, str]) -> None:
    """Run the task of one outbox row."""
    database = open_database(settings, pool_size=2)
    task.run("resuming.send", task.TaskCall(tenant_id, outbox_id, "correlation-1", settings, database), payload)
