"""A migrated database of its own for each area in each test process, and tenants to fill it with."""

import base64
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from argon2 import PasswordHasher
from markezy.accounts import passwords
from markezy.kernel.db import Database, open_database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.web import create_app
from redis import Redis
from sqlalchemy import text

from tests.markezy.bot import Bot, standing_in
from tests.markezy.serving import serving

MakeTenant = Callable[..., UUID]
_HERE = Path(__file__).parent
_NUMBERS = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A folder is an area. What reads every agency - a projection, a sweep, a command - meets those of its own area only."""
    if "database_name" in metafunc.fixturenames:
        area = metafunc.definition.path.relative_to(_HERE).parts[0]
        metafunc.parametrize("database_name", [area], indirect=True, ids=[pytest.HIDDEN_PARAM], scope="session")


@pytest.fixture(scope="session")
def database_name(postgres_url: str) -> Iterator[str]:
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        # Two copies of one template at the same moment are refused by PostgreSQL.
        admin.execute("SELECT pg_advisory_lock(42)")
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE markezy_template')
        admin.execute("SELECT pg_advisory_unlock(42)")
    yield name
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def url_of(postgres_url: str, database_name: str) -> Callable[[str], str]:
    """The URL of the test database for a role: `markezy_app`, `markezy_relay` or `owner`."""

    def url(role: str) -> str:
        parts = psycopg.conninfo.conninfo_to_dict(postgres_url)
        if role == "owner":
            user, password = parts["user"], parts.get("password", "")
        else:
            user, password = role, "test"
        return f"postgresql://{user}:{password}@{parts['host']}:{parts['port']}/{database_name}"

    return url


@pytest.fixture(scope="session")
def settings(url_of: Callable[[str], str], redis_url: str) -> Settings:
    return Settings(
        MARKEZY_HOME=".markezy",
        MARKEZY_PORT=8000,
        MARKEZY_BOT_PORT=5005,
        DATABASE_URL=url_of("markezy_app"),
        MARKEZY_RELAY_DATABASE_URL=url_of("markezy_relay"),
        REDIS_URL=redis_url,
        MARKEZY_SERVICE_SECRET="s" * 32,
        MARKEZY_STAFF_SECRET="t" * 32,
        MARKEZY_MASTER_KEY=base64.b64encode(b"k" * 32).decode(),
        MARKEZY_SMTP_URL="smtp://127.0.0.1:1",
        MARKEZY_MAIL_FROM="hello@markezy.example",
        # All tests call from one address.
        MARKEZY_LIMITS_SCALE=1000,
    )


@pytest.fixture(scope="session")
def database(settings: Settings) -> Iterator[Database]:
    """As the application sees it: row-level security in force."""
    database = open_database(settings)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def relay_database(url_of: Callable[[str], str]) -> Iterator[Database]:
    database = Database(url_of("markezy_relay"))
    yield database
    database.dispose()


@pytest.fixture(scope="session", autouse=True)
def hasher() -> Iterator[PasswordHasher]:
    """Passwords are hashed with hardly any work: the product's own hasher, given here, fills 64 MB for each one."""
    with pytest.MonkeyPatch.context() as patch:
        own = passwords._hasher
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield own


@pytest.fixture(scope="session")
def web_url(settings: Settings, database_name: str) -> Iterator[str]:
    """The whole web process behind a real socket."""
    with serving(create_app(settings, f"web-on-{database_name}")) as url:
        yield url


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    client.close()


@pytest.fixture
def bot() -> Iterator[Bot]:
    with standing_in() as bot:
        yield bot


@pytest.fixture
def make_tenant(database: Database) -> MakeTenant:
    """Create a tenant and give its id; every test makes its own, so tests never see each other's rows."""

    def make(name: str = "Agency", locale: str = "en", sector: str = "ecommerce") -> UUID:
        tenant_id = new_id()
        with database.transaction(tenant_id) as connection:
            connection.execute(
                text(
                    "INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (:id, :slug, :name, :locale, :sector)"
                ),
                {"id": tenant_id, "slug": f"t-{tenant_id}", "name": name, "locale": locale, "sector": sector},
            )
        return tenant_id

    return make


@pytest.fixture
def tenant_id(make_tenant: MakeTenant) -> UUID:
    return make_tenant()
