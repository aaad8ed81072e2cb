"""The Celery application: every domain's tasks, thin, tenant first. Start it with `celery -A markezy.worker worker`."""

from typing import Any
from uuid import UUID

from celery import Celery, signals
from celery import Task as CeleryTask

from markezy.accounts import tasks as accounts_tasks
from markezy.crm import api as crm
from markezy.crm import tasks as crm_tasks
from markezy.handover import tasks as handover_tasks
from markezy.kernel import maintenance, task
from markezy.kernel.broker import connect
from markezy.kernel.clock import now
from markezy.kernel.db import Database, open_database
from markezy.kernel.logging import configure_logging, configure_security_log
from markezy.kernel.settings import load_settings
from markezy.privacy import api as privacy
from markezy.privacy import tasks as privacy_tasks
from markezy.resuming import api as resuming
from markezy.resuming import tasks as resuming_tasks
from markezy.strategies import tasks as strategies_tasks

TASK_MODULES = (accounts_tasks, strategies_tasks, crm_tasks, handover_tasks, resuming_tasks, privacy_tasks)
"""Importing them names their tasks."""

settings = load_settings()
app = connect(Celery("markezy"), settings)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_track_started=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    # The outbox redelivers by itself; this only bounds how long Redis keeps an unacknowledged message.
    broker_transport_options={"visibility_timeout": 3600},
    task_soft_time_limit=240,
    task_time_limit=300,
    beat_schedule={
        "prune": {"task": "maintenance.prune", "schedule": 3600.0},
        "remind": {"task": "resuming.remind", "schedule": 300.0},
        "retain": {"task": "privacy.begin_retention", "schedule": 3600.0},
        # Those that failed or are many come in between, too.
        "look_back": {"task": "crm.begin_look_back", "schedule": min(60.0, settings.crm_look_back_seconds)},
    },
    beat_schedule_filename=str(settings.home / "beat-schedule"),
)

_database: Database | None = None


@signals.setup_logging.connect
def _log_as_json(**_options: object) -> None:
    configure_logging("worker")
    configure_security_log("worker", settings.security_log)


def _open_database() -> Database:
    # Opened on first use: a pool must not cross the worker's fork.
    global _database  # noqa: PLW0603 - one pool per worker process
    if _database is None:
        _database = open_database(settings, pool_size=3)
    return _database


def _run(
    self: CeleryTask[Any, None], tenant_id: str, outbox_id: str, correlation_id: str, payload: dict[str, Any]
) -> None:
    call = task.TaskCall(UUID(tenant_id), UUID(outbox_id), correlation_id, settings, _open_database())
    task.run(self.name, call, payload)


for name in task.registered_tasks():
    app.task(name=name, bind=True)(_run)


@app.task(name="maintenance.prune")
def prune() -> None:
    """Remove every tenant's finished bookkeeping; beat asks for it."""
    maintenance.prune_all(_open_database())


@app.task(name="resuming.remind")
def remind() -> None:
    """Remind every tenant's resting leads, once each; beat asks for it."""
    resuming.remind_all(_open_database(), now())


@app.task(name="privacy.begin_retention")
def begin_retention() -> None:
    """Have every tenant's data past its period removed, once a day; beat asks for it."""
    privacy.begin_all(_open_database(), now())


@app.task(name="crm.begin_look_back")
def begin_look_back() -> None:
    """Have every tenant's CRMs that are due asked what became of our deals; beat asks for it."""
    crm.begin_looking_back(_open_database(), now())
