"""The relay process: outbox rows to Celery, events to read models, forgotten inbox rows back to the bot.

Any number of relays may run; each row, tenant position and message is claimed in the database.
"""

import signal
import threading
from collections.abc import Callable
from uuid import UUID

import psycopg
import requests
from celery import Celery
from redis import Redis
from sqlalchemy import text

from markezy.consents import api as consents
from markezy.handover import api as handover
from markezy.kernel import outbox
from markezy.kernel.broker import connect
from markezy.kernel.db import Database, open_database
from markezy.kernel.http import service_token
from markezy.kernel.logging import configure_logging, get_logger
from markezy.kernel.projection import Projection, Projector
from markezy.kernel.settings import Settings, load_settings
from markezy.leads import api as leads
from markezy.privacy import api as privacy
from markezy.resuming import api as resuming

log = get_logger(__name__)

_IDLE_SECONDS = 1.0
"""How long a loop waits for its wake-up before it looks by itself: a lost hint costs this much, not the work."""

_REDRIVE_AFTER = "10 seconds"
"""Longer than a turn takes, so that a message under way is not driven twice; a second drive would be harmless."""

_FORGOTTEN = text(f"""
    SELECT tenant_id, channel, message_id, correlation_id FROM inbox
    WHERE processed_at IS NULL AND failure IS NULL AND received_at < now() - interval '{_REDRIVE_AFTER}'
    ORDER BY received_at LIMIT 50
""")  # noqa: S608 - a constant of this module


def hand_out(relay_database: Database, broker: Celery) -> int:
    """Hand all due outbox rows to Celery; the claim commits only when the broker took them."""
    with relay_database.unscoped() as connection:
        rows = outbox.claim_due(connection)
        for row in rows:
            broker.send_task(
                row.task,
                kwargs={
                    "tenant_id": str(row.tenant_id),
                    "outbox_id": str(row.id),
                    "correlation_id": row.correlation_id,
                    "payload": row.payload,
                },
                retry=False,
            )
            log.info("outbox.handed_out", task=row.task, correlation_id=row.correlation_id, attempt=row.attempts)
        for row in outbox.give_up(connection):
            log.error("outbox.dead_letter", task=row.task, correlation_id=row.correlation_id, outbox_id=str(row.id))
    return len(rows)


def redrive_inbox(relay_database: Database, settings: Settings) -> int:
    """Ask the bot to take up messages it accepted but did not finish, for instance because it was killed."""
    with relay_database.unscoped() as connection:
        forgotten = connection.execute(_FORGOTTEN).all()
    for tenant_id, channel, message_id, correlation_id in forgotten:
        _redrive(settings, tenant_id, channel, message_id, correlation_id)
    return len(forgotten)


def _redrive(settings: Settings, tenant_id: UUID, channel: str, message_id: str, correlation_id: str) -> None:
    try:
        answer = requests.post(
            f"{settings.bot_url}/webhooks/news/redrive",
            json={"channel": channel, "message_id": message_id},
            headers={
                "Authorization": f"Bearer {service_token(settings, 'relay', 'bot', tenant_id)}",
                "X-Correlation-Id": correlation_id,
            },
            timeout=(2, 30),
            verify=settings.tls_ca or True,
        )
        log.info("inbox.redriven", status=answer.status_code, correlation_id=correlation_id)
    except requests.RequestException as error:
        log.warning("inbox.redrive_failed", error=type(error).__name__, correlation_id=correlation_id)


def _follow_outbox(settings: Settings, relay_database: Database, broker: Celery, stop: threading.Event) -> None:
    assert settings.relay_database_url is not None  # noqa: S101 - checked in main
    with psycopg.connect(settings.relay_database_url.get_secret_value(), autocommit=True) as listener:
        listener.execute("LISTEN markezy_outbox")
        while not stop.is_set():
            while hand_out(relay_database, broker):
                pass
            for _ in listener.notifies(timeout=_IDLE_SECONDS, stop_after=1):
                pass


def _follow_events(settings: Settings, projector: Projector, stop: threading.Event) -> None:
    redis = Redis.from_url(settings.redis_url.get_secret_value())
    subscription = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    subscription.subscribe("markezy:events")
    while not stop.is_set():
        while projector.run_once():
            pass
        subscription.get_message(timeout=_IDLE_SECONDS)


def _follow_inbox(settings: Settings, relay_database: Database, stop: threading.Event) -> None:
    while not stop.wait(5):
        redrive_inbox(relay_database, settings)


def _keep_going(name: str, loop: Callable[[], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            loop()
        except Exception:
            log.exception("relay.loop_failed", loop=name)
            stop.wait(1)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    configure_logging("relay")
    settings = load_settings()
    if settings.relay_database_url is None:
        raise SystemExit("MARKEZY_RELAY_DATABASE_URL is not set; the relay needs the role markezy_relay.")
    relay_database = Database(settings.relay_database_url.get_secret_value(), pool_size=3)
    database = open_database(settings, pool_size=2)
    redis = Redis.from_url(settings.redis_url.get_secret_value())
    projections: dict[str, Projection] = {
        leads.PROJECTION_NAME: leads.projection(redis),
        handover.PROJECTION_NAME: handover.projection(redis),
        resuming.PROJECTION_NAME: resuming.project,
        consents.PROJECTION_NAME: consents.project,
        privacy.PROJECTION_NAME: privacy.project,
    }
    projector = Projector(relay_database, database, projections)
    broker = connect(Celery(), settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    loops: dict[str, Callable[[], None]] = {
        "outbox": lambda: _follow_outbox(settings, relay_database, broker, stop),
        "events": lambda: _follow_events(settings, projector, stop),
        "inbox": lambda: _follow_inbox(settings, relay_database, stop),
    }
    threads = [threading.Thread(target=_keep_going, args=(name, loop, stop)) for name, loop in loops.items()]
    for thread in threads:
        thread.start()
    log.info("relay.started")
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
