"""Conversations in the log, the read model that follows them, and the leads' routes behind a real socket."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.http import Services
from markezy.kernel.settings import Settings
from markezy.leads.routes import blueprint
from redis import Redis
from sanic import Sanic

from devstack.servers import free_port
from tests.markezy.accounts.serving import serving
from tests.markezy.leads.conversations import Conversation, ReadModel, staff_token


@pytest.fixture
def conversation(database: Database, tenant_id: UUID) -> Conversation:
    return Conversation(database, tenant_id).start()


@pytest.fixture
def read_model(database: Database, relay_database: Database) -> ReadModel:
    return ReadModel(database, relay_database)


@pytest.fixture(scope="session")
def leads_url(settings: Settings, database: Database) -> Iterator[str]:
    app = Sanic("leads-under-test", configure_logging=False)
    app.config.TOUCHUP = False  # Sanic rewrites its own code once a process, whichever app comes first
    app.ctx.services = Services(settings, database, Redis.from_url(settings.redis_url.get_secret_value()))
    app.blueprint(blueprint.copy("leads-under-test"))
    with serving(app, free_port()) as url:
        yield url


@pytest.fixture
def get(leads_url: str, settings: Settings, tenant_id: UUID) -> Callable[..., requests.Response]:
    """GET a path of the staff API as staff of the tenant, or of another one."""

    def fetch(path: str, tenant: UUID | None = None, **query: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {staff_token(settings, tenant or tenant_id)}"}
        return requests.get(f"{leads_url}/api/v1/leads{path}", params=query, headers=headers, timeout=20)

    return fetch
