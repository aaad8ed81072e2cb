"""An agency with staff at the API and at the console, a lead to look at, and the entries that come of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from sqlalchemy import text

from tests.markezy.audit.trail import Trail
from tests.markezy.console import rows
from tests.markezy.console.conftest import Staff, _no_failed_logins_yet, make_staff, staff  # noqa: F401 - fixtures


@pytest.fixture
def token(staff: Staff, web_url: str) -> str:  # noqa: F811
    """The owner's access token."""
    answer = requests.post(
        f"{web_url}/api/v1/auth/login", json={"email": staff.email, "password": "correct horse battery"}, timeout=20
    )
    return str(answer.json()["access_token"])


@pytest.fixture
def api(web_url: str, token: str) -> Callable[..., requests.Response]:
    """Send a request to the staff API as the owner, or with another token."""

    def send(path: str, method: str = "GET", used: str | None = None, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {used or token}", **options.pop("headers", {})}
        return requests.request(method, f"{web_url}/api/v1/{path}", headers=headers, timeout=20, **options)

    return send


@pytest.fixture
def lead_id(staff: Staff, database: Database) -> UUID:  # noqa: F811
    with database.transaction(staff.tenant_id) as connection:
        lead_id = rows.add_lead(connection, staff.tenant_id, name="Maya Chen", email="maya@northfold.example")
        rows.say(connection, staff.tenant_id, lead_id, "visitor", "I am Maya")
        return lead_id


@pytest.fixture
def strategy_id(staff: Staff, database: Database, lead_id: UUID) -> UUID:  # noqa: F811
    with database.transaction(staff.tenant_id) as connection:
        return rows.add_strategy(connection, staff.tenant_id, lead_id, "A plan")


@pytest.fixture
def me(staff: Staff, database: Database) -> str:  # noqa: F811
    with database.transaction(staff.tenant_id) as connection:
        return str(connection.execute(text("SELECT id FROM staff_user")).scalar_one())


@pytest.fixture
def trail(staff: Staff, database: Database) -> Trail:  # noqa: F811
    """What is written down about the owner's agency from now on."""
    return Trail(database, staff.tenant_id)
