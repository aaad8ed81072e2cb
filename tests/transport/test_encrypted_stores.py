"""PostgreSQL and Redis over TLS, with the certificate checked against the name that was asked for."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from celery import Celery
from kombu.exceptions import OperationalError as BrokerAway
from markezy.kernel.broker import connect
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy.exc import OperationalError

from tests.transport.conftest import MakePapers, Papers

Door = Callable[..., int]


@pytest.fixture
def database_url(postgres_url: str, door: Door, papers: Papers) -> Callable[[Papers, Papers], str]:
    """The address of the database behind a door with certain papers, for a client who trusts certain others."""
    parts = psycopg.conninfo.conninfo_to_dict(postgres_url)

    def url(shown: Papers, trusted: Papers) -> str:
        port = door(shown, parts["host"], int(parts["port"] or 5432), postgres=True)
        options = f"sslmode=verify-full&sslrootcert={trusted.certificate}"
        return f"postgresql://markezy_app:test@localhost:{port}/markezy_template?{options}"

    return url


@pytest.fixture
def redis_address(redis_url: str, door: Door) -> Callable[[Papers, Papers], str]:
    parts = urlsplit(redis_url)

    def url(shown: Papers, trusted: Papers) -> str:
        port = door(shown, parts.hostname, parts.port)
        options = f"ssl_cert_reqs=required&ssl_check_hostname=true&ssl_ca_certs={trusted.certificate}"
        return f"rediss://{parts.netloc.rpartition('@')[0]}@localhost:{port}{parts.path}?{options}"

    return url


def settings_with(redis: str, home: Path) -> Settings:
    values = {
        "MARKEZY_HOME": home, "MARKEZY_PORT": 8000, "MARKEZY_BOT_PORT": 5005, "DATABASE_URL": "postgresql:///m",
        "REDIS_URL": redis, "MARKEZY_SERVICE_SECRET": "s" * 32, "MARKEZY_STAFF_SECRET": "t" * 32,
        "MARKEZY_MASTER_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=", "MARKEZY_SMTP_URL": "smtp://127.0.0.1:1",
        "MARKEZY_MAIL_FROM": "hello@markezy.example",
    }  # fmt: skip
    return Settings(**values)


def test_the_database_is_reached_over_tls(database_url: Callable[..., str], papers: Papers) -> None:
    database = Database(database_url(papers, papers))
    database.ping()
    database.dispose()


def test_a_database_with_somebody_elses_certificate_is_not_believed(
    database_url: Callable[..., str], papers: Papers, make_papers: MakePapers
) -> None:
    database = Database(database_url(make_papers(), papers))
    with pytest.raises(OperationalError, match="certificate"):
        database.ping()
    database.dispose()


def test_a_database_of_another_name_is_not_believed(database_url: Callable[..., str], make_papers: MakePapers) -> None:
    other = make_papers("db.example.com", None)
    database = Database(database_url(other, other))
    with pytest.raises(OperationalError, match="host name"):
        database.ping()
    database.dispose()


def test_redis_is_reached_over_tls(redis_address: Callable[..., str], papers: Papers) -> None:
    with Redis.from_url(redis_address(papers, papers)) as redis:
        assert redis.ping()


def test_a_redis_of_another_name_is_not_believed(redis_address: Callable[..., str], make_papers: MakePapers) -> None:
    other = make_papers("cache.example.com", None)
    with Redis.from_url(redis_address(other, other)) as redis, pytest.raises(RedisAway, match="certificate"):
        redis.ping()


def test_celery_reaches_its_broker_over_tls(redis_address: Callable[..., str], papers: Papers, tmp_path: Path) -> None:
    app = connect(Celery(), settings_with(redis_address(papers, papers), tmp_path))
    app.send_task("test.nothing", retry=False, queue=f"tls-{os.getpid()}")


def test_celery_does_not_believe_another_certificate(
    redis_address: Callable[..., str], papers: Papers, make_papers: MakePapers, tmp_path: Path
) -> None:
    app = connect(Celery(), settings_with(redis_address(make_papers(), papers), tmp_path))
    with pytest.raises(BrokerAway, match="certificate"):
        app.send_task("test.nothing", retry=False, queue=f"tls-{os.getpid()}")
