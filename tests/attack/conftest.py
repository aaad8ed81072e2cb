"""Two agencies with everything an agency can have, a running web process, and the tally of what is tried on them."""

import os
from collections.abc import Callable, Iterator

import pytest
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from markezy.web import create_app
from redis import Redis

from tests.attack.tally import Attacks
from tests.attack.world import Agency, build, log_in
from tests.markezy.conftest import (  # noqa: F401 - fixtures
    database,
    database_name,
    hasher,
    redis,
    relay_database,
    settings,
    url_of,
)
from tests.markezy.serving import serving

_TALLY = pytest.StashKey[Attacks]()
LONG = bool(os.environ.get("MARKEZY_ATTACK_LONG"))
"""`make attack` tries more."""


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TALLY] = Attacks()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.write_line("")
    terminalreporter.write_line(config.stash[_TALLY].table())


@pytest.fixture(scope="session")
def attacks(pytestconfig: pytest.Config) -> Attacks:
    return pytestconfig.stash[_TALLY]


@pytest.fixture(scope="session")
def web_url(settings: Settings) -> Iterator[str]:  # noqa: F811
    with serving(create_app(settings, "web-under-attack")) as url:
        yield url


@pytest.fixture(scope="session")
def victim(database: Database, settings: Settings) -> Agency:  # noqa: F811
    return build(database, settings, "victim")


@pytest.fixture(scope="session")
def intruder(database: Database, settings: Settings) -> Agency:  # noqa: F811
    return build(database, settings, "intruder")


@pytest.fixture(autouse=True)
def _no_failed_logins_yet(redis_url: str) -> None:
    """All attacks come from one address: what one of them was refused must not keep the next one from trying."""
    with Redis.from_url(redis_url) as client:
        for key in client.scan_iter("markezy:login:*"):
            client.delete(key)


@pytest.fixture
def fresh_token(database: Database, settings: Settings) -> Callable[[Agency, str], str]:  # noqa: F811
    """An access token of a new session of this role: for what ends sessions."""

    def fresh(agency: Agency, role: str) -> str:
        return log_in(database, settings, agency, role)[0]

    return fresh
