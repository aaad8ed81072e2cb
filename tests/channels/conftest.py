"""A real Rasa server with the channels, a small trained model, a real PostgreSQL and Redis, and an action server in our hands.

Run through `python -m devstack.services -- .venv-bot/bin/python -m pytest tests/channels`.
"""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from tests.channels.log import Log
from tests.channels.server import SERVICE_SECRET, Bot, running
from tests.channels.small_model import train_small_model
from tests.channels.visitors import Tenant, Visitor


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The application role's address of a fresh copy of the migrated database."""
    server = os.environ.get("MARKEZY_TEST_POSTGRES_URL")
    if not server:
        pytest.fail("these tests need PostgreSQL and Redis: run them through `python -m devstack.services -- …`")
    name = f"channels_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE markezy_template")
        yield make_conninfo(server, dbname=name, user="markezy_app", password="test")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def log(database_url: str) -> Iterator[Log]:
    server = os.environ["MARKEZY_TEST_POSTGRES_URL"]
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    address = make_conninfo(server, dbname=name)
    with psycopg.connect(address, autocommit=True, row_factory=dict_row) as connection:
        yield Log(connection)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return train_small_model(tmp_path_factory.mktemp("assistant"))


@pytest.fixture(scope="session")
def server(database_url: str, model: str) -> Iterator[Bot]:
    with running(database_url, model) as bot:
        yield bot


@pytest.fixture
def bot(server: Bot) -> Iterator[Bot]:
    """The server, with an action server that answers."""
    server.actions.reset()
    yield server
    server.actions.reset()


@pytest.fixture
def new_tenant(log: Log) -> Callable[..., Tenant]:
    def create(locale: str = "en") -> Tenant:
        tenant, flow, version = (str(uuid.uuid4()) for _ in range(3))
        key = f"wk_{uuid.uuid4().hex}"
        log.run(
            "INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (%s, %s, 'Agency', %s, 'retail')",
            tenant,
            tenant,
            locale,
        )
        log.run("INSERT INTO widget_key (tenant_id, key) VALUES (%s, %s)", tenant, key)
        log.run("INSERT INTO flow (tenant_id, id, slug, name) VALUES (%s, %s, 'main', 'Main')", tenant, flow)
        log.run(
            "INSERT INTO flow_version (tenant_id, id, flow_id, number, definition) VALUES (%s, %s, %s, 1, %s)",
            tenant,
            version,
            flow,
            Jsonb({}),
        )
        log.run("UPDATE flow SET published_version_id = %s WHERE tenant_id = %s", version, tenant)
        return Tenant(tenant, key, version)

    return create


@pytest.fixture
def tenant(new_tenant: Callable[..., Tenant]) -> Tenant:
    return new_tenant()


@pytest.fixture
def http(bot: Bot) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=bot.url, timeout=30) as client:
        yield client


@pytest.fixture
def arrive(http: httpx.Client) -> Callable[..., Visitor]:
    def start(tenant: Tenant, **body: Any) -> Visitor:
        response = http.post("/webhooks/widget/conversations", json={"widget_key": tenant.widget_key, **body})
        assert response.status_code == 201, response.text
        started = response.json()
        return Visitor(http, started["conversation_id"], started["token"], started["messages"])

    return start


@pytest.fixture
def visitor(arrive: Callable[..., Visitor], tenant: Tenant) -> Visitor:
    return arrive(tenant)


@pytest.fixture
def service_headers() -> Callable[..., dict[str, str]]:
    def headers(tenant: Tenant, **changes: Any) -> dict[str, str]:
        now = int(time.time())
        claims = {"iss": "relay", "aud": "bot", "tid": tenant.id, "iat": now, "exp": now + 60, **changes}
        return {"Authorization": f"Bearer {jwt.encode(claims, SERVICE_SECRET, algorithm='HS256')}"}

    return headers
