"""The whole web application behind a real socket, and browsers of staff who are logged in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
import requests
from markezy.accounts.api import add_user, add_widget_key
from markezy.kernel.db import Database
from redis import Redis

from tests.markezy.strategies.conftest import desk, mailbox, open_desk

__all__ = ["desk", "mailbox", "open_desk"]
"""Fixtures of the strategies' tests that hold here, too."""

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Staff:
    """Somebody at their browser."""

    tenant_id: UUID
    email: str
    url: str
    browser: requests.Session

    def get(self, path: str, **options: object) -> requests.Response:
        return self.browser.get(self.url + path, timeout=20, **options)

    def post(self, path: str, data: dict[str, str] | None = None, **options: object) -> requests.Response:
        """As the console's own forms do."""
        headers = {"Origin": self.url, **options.pop("headers", {})}
        return self.browser.post(self.url + path, data=data, headers=headers, timeout=20, **options)

    def log_in(self, password: str = PASSWORD, **more: str) -> requests.Response:
        form = {"email": self.email, "password": password, **more}
        return self.post("/console/login", form, allow_redirects=False)


@pytest.fixture
def make_staff(web_url: str, database: Database, make_tenant: Callable[..., UUID]) -> Iterator[Callable[..., Staff]]:
    """Somebody of a new agency, or of the given one, in front of the login form."""
    browsers = []

    def make(role: str = "owner", tenant_id: UUID | None = None) -> Staff:
        agency = tenant_id or make_tenant("Northlight Agency")
        email = f"{role}@{agency}.example"
        with database.transaction(agency) as connection:
            add_user(connection, agency, email=email, name="Olivia Grant", role=role, password=PASSWORD)
            if tenant_id is None:
                add_widget_key(connection, agency, f"wk_{agency}")
        browsers.append(requests.Session())
        return Staff(agency, email, web_url, browsers[-1])

    yield make
    for browser in browsers:
        browser.close()


@pytest.fixture
def staff(make_staff: Callable[..., Staff]) -> Staff:
    """An owner who is logged in."""
    owner = make_staff()
    assert owner.log_in().status_code == 303
    return owner


@pytest.fixture(autouse=True)
def _no_failed_logins_yet(redis: Redis) -> None:
    """All tests come from one address, whose failures must not add up over them."""
    for key in redis.scan_iter("markezy:login:*"):
        redis.delete(key)
