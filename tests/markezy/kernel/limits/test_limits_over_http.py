"""What a caller of the web process sees of their limits."""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.http import Call, Principal, Reply, Services, anyone, endpoint, service, service_token
from markezy.kernel.http.door import PLACES, PLACES_PER_WEIGHT
from markezy.kernel.http.threads import hire_threads
from markezy.kernel.limits import give_plan
from markezy.kernel.settings import Settings
from redis import Redis
from sanic import Request, Sanic

from fairuse.addresses import hashed
from tests.markezy.serving import serving

PROXY = {"MARKEZY_TRUSTED_PROXIES": "127.0.0.1", "MARKEZY_LIMITS_SCALE": 1}
Site = Callable[..., AbstractContextManager[str]]


def a_member(request: Request, _services: Services) -> Principal:
    """Believes whatever the caller says: authentication has tests of its own."""
    return Principal(UUID(request.headers["x-tenant"]), request.headers.get("x-user", "u1"), "staff", "agent")


class Held:
    """A handler that waits until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.arrived = threading.Semaphore(0)

    def __call__(self, call: Call) -> Reply:
        self.arrived.release()
        assert self.go.wait(30)
        return Reply(200, {})


@pytest.fixture
def held() -> Iterator[Held]:
    holding = Held()
    yield holding
    holding.go.set()


@pytest.fixture
def site(settings: Settings, database: Database, held: Held) -> Site:
    """A web process with a few routes of its own."""

    def run(**changes: Any) -> AbstractContextManager[str]:
        values = settings.model_dump(by_alias=False)
        by_alias = {field.validation_alias: values[name] for name, field in Settings.model_fields.items()}
        changed = Settings(**{**by_alias, **PROXY, **changes})
        app = Sanic(f"limits-{uuid.uuid4()}", configure_logging=False)
        app.ctx.services = Services(changed, database, Redis.from_url(changed.redis_url.get_secret_value()))

        app.before_server_start(hire_threads)

        def read(call: Call) -> Reply:
            return Reply(200, {"at": call.services.door.client_address(call.request)})

        def hold(call: Call) -> Reply:
            return held(call)

        app.add_route(endpoint(a_member)(read), "/read", methods=["GET", "POST"], name="read")
        app.add_route(endpoint(anyone, kind="login")(read), "/login", methods=["POST"], name="login")
        app.add_route(endpoint(a_member)(hold), "/hold", name="hold")
        app.add_route(endpoint(service("actions"))(read), "/internal/read", name="internal")
        return serving(app)

    return run


def from_address(address: str, **headers: str) -> dict[str, str]:
    return {"X-Forwarded-For": address, **headers}


def member(tenant_id: UUID, address: str = "203.0.113.1", user: str = "u1") -> dict[str, str]:
    return from_address(address, **{"X-Tenant": str(tenant_id), "X-User": user})


def test_every_answer_says_how_much_is_left(site: Site, tenant_id: UUID) -> None:
    with site() as url:
        first = requests.get(f"{url}/read", headers=member(tenant_id), timeout=10)
        second = requests.get(f"{url}/read", headers=member(tenant_id), timeout=10)
    assert first.status_code == 200
    assert '"tenant";q=2400;w=60' in first.headers["RateLimit-Policy"]
    assert first.headers["RateLimit"].startswith('"user-read";r=599;t=')
    assert second.headers["RateLimit-Remaining"] == "598"


def test_an_agency_over_its_plan_is_refused_and_another_is_not(
    site: Site, database: Database, make_tenant: Callable[..., UUID]
) -> None:
    noisy, quiet = make_tenant(), make_tenant()
    with database.transaction(noisy) as connection:
        give_plan(connection, noisy, "trial", {"requests_per_minute": 3})
    with site() as url:
        answers = [requests.get(f"{url}/read", headers=member(noisy, user=f"u{n}"), timeout=10) for n in range(5)]
        other = requests.get(f"{url}/read", headers=member(quiet), timeout=10)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refusal = answers[-1]
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(refusal.headers["Retry-After"]) <= 120
    assert '"tenant";r=0' in refusal.headers["RateLimit"]
    assert refusal.json()["retry_after"] >= 1
    assert other.status_code == 200


def test_guessing_passwords_ends_early_and_only_for_the_guessers_address(site: Site) -> None:
    with site() as url:
        guesses = [requests.post(f"{url}/login", headers=from_address("203.0.113.7"), timeout=10) for _ in range(31)]
        other = requests.post(f"{url}/login", headers=from_address("203.0.113.8"), timeout=10)
    assert [guess.status_code for guess in guesses] == [200] * 30 + [429]
    assert other.status_code == 200


def test_a_failed_authentication_counts_for_the_address(site: Site, settings: Settings, redis: Redis) -> None:
    with site() as url:
        for _ in range(3):
            answer = requests.get(f"{url}/internal/read", headers=from_address("203.0.113.20"), timeout=10)
            assert answer.status_code == 401
    digest = hashed("203.0.113.20", settings.service_secret.get_secret_value())
    assert redis.hget(f"-:limit:address:{digest}", "count") == b"3"


def test_our_own_processes_are_not_counted(site: Site, settings: Settings, tenant_id: UUID, database: Database) -> None:
    with database.transaction(tenant_id) as connection:
        give_plan(connection, tenant_id, "trial", {"requests_per_minute": 1})
    token = service_token(settings, "actions", "platform", tenant_id)
    with site() as url:
        answers = [
            requests.get(f"{url}/internal/read", headers={"Authorization": f"Bearer {token}"}, timeout=10)
            for _ in range(3)
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_an_address_is_believed_of_trusted_proxies_only(site: Site, tenant_id: UUID) -> None:
    with site(MARKEZY_TRUSTED_PROXIES="") as url:
        answer = requests.get(f"{url}/read", headers=member(tenant_id, "203.0.113.9"), timeout=10)
    assert answer.json()["at"] == "127.0.0.1"


def test_no_address_is_readable_in_redis(site: Site, tenant_id: UUID, redis: Redis) -> None:
    with site() as url:
        requests.get(f"{url}/read", headers=member(tenant_id, "203.0.113.77"), timeout=10)
    keys = [key.decode() for key in redis.keys("*:limit:*")]
    assert any(key.startswith(f"{tenant_id}:limit:") for key in keys)
    assert not any("203.0.113" in key for key in keys)
    assert all(key.startswith("-:limit:address") or UUID(key.partition(":")[0]) for key in keys)


def test_without_redis_requests_are_admitted(site: Site, tenant_id: UUID) -> None:
    with site(REDIS_URL="redis://127.0.0.1:1/0") as url:
        answer = requests.get(f"{url}/read", headers=member(tenant_id), timeout=10)
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_one_agency_can_not_take_all_handlers(site: Site, held: Held, make_tenant: Callable[..., UUID]) -> None:
    noisy, quiet = make_tenant(), make_tenant()
    with site(MARKEZY_LIMITS_SCALE=1000) as url, ThreadPoolExecutor(PLACES + 4) as callers:
        flood = [
            callers.submit(requests.get, f"{url}/hold", headers=member(noisy), timeout=30) for _ in range(PLACES + 4)
        ]
        inside = 2 * PLACES_PER_WEIGHT
        assert all(held.arrived.acquire(timeout=10) for _ in range(inside))
        answer = requests.get(f"{url}/read", headers=member(quiet), timeout=5)
        assert answer.status_code == 200
        assert not held.arrived.acquire(blocking=False)
        held.go.set()
        assert [one.result().status_code for one in flood] == [200] * len(flood)
