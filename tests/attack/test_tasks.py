"""Every task of the worker, called in one agency's name with another one's ids; and whose keys lie in Redis."""

import importlib
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import markezy
import requests
from markezy.kernel import outbox, task
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from redis import Redis
from sqlalchemy import text

from tests.attack.tally import Attacks
from tests.attack.test_routes import _everything_of
from tests.attack.world import Agency

KIND = "tasks with another agency's ids"
_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

PAYLOADS: dict[str, dict[str, Any]] = {
    "strategies.generate": {"lead_id": "lead_id"},
    "strategies.improve": {"strategy_id": "strategy_id"},
    "strategies.check": {"strategy_id": "strategy_id"},
    "strategies.render": {"strategy_id": "strategy_id"},
    "strategies.announce": {"strategy_id": "strategy_id"},
    "strategies.email": {"strategy_id": "strategy_id"},
    "crm.sync": {"strategy_id": "strategy_id"},
    "crm.look_back": {"connection_id": "connection_id"},
    "handover.notify": {"handover_id": "handover_id", "about": "request"},
    "handover.give_up": {"handover_id": "handover_id"},
    "handover.deliver": {"conversation_id": "conversation_id"},
    "resuming.send": {"letter_id": "letter_id"},
    "privacy.erase": {"lead_id": "lead_id"},
    "privacy.export": {"export_id": "export_id"},
    "privacy.retain": {"run_id": "run_id"},
    "accounts.invite": {"invitation_id": "invitation_id", "round": 1},
    "accounts.reset_password": {"reset_id": "reset_id"},
}
"""What each task takes: the names of the victim's ids, or a plain value."""


for module in sorted(Path(markezy.__path__[0]).glob("*/tasks*")):
    importlib.import_module(f"markezy.{module.parent.name}.tasks")


def test_every_task_is_tried() -> None:
    assert set(task.registered_tasks()) == set(PAYLOADS)


def test_no_task_touches_another_agency(
    database: Database, settings: Settings, victim: Agency, intruder: Agency, attacks: Attacks
) -> None:
    before = _everything_of(database, victim)
    for name, wanted in PAYLOADS.items():
        payload = {key: victim.ids.get(value, value) for key, value in wanted.items()}
        failure = _run(database, settings, intruder, name, payload)
        assert not isinstance(failure, TypeError | ValueError), (
            f"{name} was not called as the relay calls it: {failure}"
        )
        attacks.held(KIND, f"{name}: {failure}", victim.secret not in str(failure))
        for table, rows in _everything_of(database, victim).items():
            attacks.held(KIND, f"{name} changed {table}", rows == before[table])
    with database.transaction(intruder.tenant_id) as connection:
        told = connection.execute(text("SELECT string_agg(one::text, ' ') FROM outbox AS one")).scalar_one() or ""
    attacks.held(KIND, "the victim's words in the intruder's outbox", victim.secret not in told)
    attacks.check(KIND)


def _run(
    database: Database, settings: Settings, agency: Agency, name: str, payload: dict[str, Any]
) -> Exception | None:
    with database.transaction(agency.tenant_id) as connection:
        row_id: UUID = outbox.enqueue(connection, agency.tenant_id, name, payload, "correlation-1")
    call = task.TaskCall(agency.tenant_id, row_id, "correlation-1", settings, database)
    try:
        task.run(name, call, payload)
    except Exception as error:
        return error
    return None


def test_every_key_in_redis_belongs_to_one_agency_or_to_nobody(
    web_url: str, redis: Redis, victim: Agency, intruder: Agency, attacks: Attacks
) -> None:
    kind = "keys in Redis"
    for agency in (victim, intruder):
        for role in agency.tokens:
            requests.get(
                f"{web_url}/api/v1/leads", headers={"Authorization": f"Bearer {agency.tokens[role]}"}, timeout=10
            )
    for key in redis.scan_iter(count=1000):
        named = set(_IDS.findall(key.decode()))
        tenants = named & {str(victim.tenant_id), str(intruder.tenant_id)}
        attacks.held(kind, f"{key!r} names two agencies", len(tenants) <= 1)
        content = redis.dump(key) or b""
        words = (victim.secret.encode(), intruder.secret.encode())
        attacks.held(kind, f"{key!r} holds somebody's words", not any(word in content + key for word in words))
    attacks.check(kind)
