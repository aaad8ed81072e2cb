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

_ROUND, _SHARE = 50, 5
"""Messages driven again in a round, and of one tenant at most: a turn that hangs takes half a minute."""

_LEFT_BEHIND = "processed_at IS NULL AND failure IS NULL"

# From tenant to tenant along the index of pending rows, however many one of them has; then one of each in turn.
_FORGOTTEN = text(f"""
    WITH RECURSIVE waiting AS (
        (SELECT tenant_id FROM inbox WHERE {_LEFT_BEHIND} ORDER BY tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT later.tenant_id FROM inbox later WHERE later.tenant_id > waiting.tenant_id AND {_LEFT_BEHIND}
                ORDER BY later.tenant_id LIMIT 1)
        FROM waiting WHERE waiting.tenant_id IS NOT NULL
    )
    SELECT oldest.tenant_id, channel, message_id, correlation_id
    FROM waiting CROSS JOIN LATERAL (
        SELECT tenant_id, channel, message_id, correlation_id, received_at, row_number() OVER (ORDER BY received_at) AS turn
        FROM inbox WHERE tenant_id = waiting.tenant_id AND {_LEFT_BEHIND}
              AND received_at < now() - interval '{_REDRIVE_AFTER}'
        ORDER BY received_at LIMIT {_SHARE}
    ) AS oldest
    ORDER BY turn, received_at LIMIT {_ROUND}
""")  # noqa: S608 - constants of this module


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
    """Ask the bot to take up messages it accepted but did not finish, for instance because it was killed; how many it was asked for.

    Each tenant has its share of a round, and no more of it once the bot gave no answer.
    """
    with relay_database.unscoped() as connection:
        forgotten = connection.execute(_FORGOTTEN).all()
    asked, unanswered = 0, set()
    for tenant_id, channel, message_id, correlation_id in forgotten:
        if tenant_id in unanswered:
            continue
        asked += 1
        if not _redrive(settings, tenant_id, channel, message_id, correlation_id):
            unanswered.add(tenant_id)
    return asked


def _redrive(settings: Settings, tenant_id: UUID, channel: str, message_id: str, correlation_id: str) -> bool:
    """False when no answer came."""
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
        return False
    return True


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
