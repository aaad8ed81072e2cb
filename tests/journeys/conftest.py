"""The whole of Markezy, started as `make demo` starts it, once for all journeys; and a browser to use it with."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page

from devstack.stack import Stack
from tests.headless import headless_browser
from tests.journeys.lead import Lead
from tests.markezy.strategies.enrichment.language_model import LanguageModel, serving


@pytest.fixture(scope="session")
def language_model() -> Iterator[LanguageModel]:
    """A stand-in that the stack may call, for the agencies that a test gives one."""
    with serving() as served:
        yield served


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, language_model: LanguageModel) -> Iterator[Stack]:
    allowed = {"MARKEZY_PRIVATE_HOSTS": language_model.host}
    with Stack(tmp_path_factory.mktemp("home"), environment=allowed) as stack:
        yield stack


@pytest.fixture(scope="session")
def demo(stack: Stack) -> dict[str, Any]:
    return stack.demo


@pytest.fixture(scope="session")
def tenants(demo: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {tenant["slug"]: tenant for tenant in demo["tenants"]}


@pytest.fixture
def make_lead(demo: dict[str, Any], tenants: dict[str, dict[str, Any]]) -> Callable[..., Lead]:
    """A lead who talks over the widget protocol, without a browser."""

    def make(slug: str = "brightlane", locale: str = "en") -> Lead:
        return Lead(demo["bot_url"], tenants[slug]["widget_key"], locale)

    return make


@pytest.fixture
def log_in(demo: dict[str, Any], tenants: dict[str, dict[str, Any]]) -> Callable[[str], requests.Session]:
    """A session of an agency's owner on the staff API."""

    def session(slug: str) -> requests.Session:
        owner = tenants[slug]["users"][0]
        credentials = {"email": owner["email"], "password": owner["password"]}
        answer = requests.post(f"{demo['platform_url']}/api/v1/auth/login", json=credentials, timeout=30)
        answer.raise_for_status()
        opened = requests.Session()
        opened.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return opened

    return session


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with headless_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def eventually(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """The first true value of `condition`, awaited; for what has no event of its own to wait for."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.2)
