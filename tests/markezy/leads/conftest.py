"""Conversations in the log, the read model that follows them, and the leads' routes behind a real socket."""

from collections.abc import Callable
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings

from tests.markezy.leads.conversations import Conversation, ReadModel, staff_token


@pytest.fixture
def conversation(database: Database, tenant_id: UUID) -> Conversation:
    return Conversation(database, tenant_id).start()


@pytest.fixture
def read_model(database: Database, relay_database: Database) -> ReadModel:
    return ReadModel(database, relay_database)


@pytest.fixture
def get(web_url: str, settings: Settings, tenant_id: UUID) -> Callable[..., requests.Response]:
    """GET a path of the staff API as staff of the tenant, or of another one."""

    def fetch(path: str, tenant: UUID | None = None, **query: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {staff_token(settings, tenant or tenant_id)}"}
        return requests.get(f"{web_url}/api/v1/leads{path}", params=query, headers=headers, timeout=20)

    return fetch
