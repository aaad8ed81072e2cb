"""Logs from before events were chained, brought up by an owner that is no superuser."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from markezy.bootstrap import MIGRATIONS
from markezy.kernel.chain import Break, Fault, verify
from markezy.kernel.db import Database, psycopg_url
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine


@pytest.fixture
def owned(postgres_url: str) -> Iterator[tuple[str, str]]:
    """URLs of an empty database: of its owner, who is no superuser, and of the application's role."""
    name = f"owned_{uuid4().hex}"
    place = conninfo_to_dict(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'test' IN ROLE markezy_directory")
        admin.execute(f"CREATE DATABASE {name} OWNER {name}")
    at = f"{place['host']}:{place['port']}/{name}"
    yield f"postgresql://{name}:test@{at}", f"postgresql://markezy_app:test@{at}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        admin.execute(f"DROP ROLE {name}")


def migrate(owner_url: str, revision: str) -> None:
    engine = create_engine(psycopg_url(owner_url))
    with engine.connect() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, revision)
        connection.commit()
    engine.dispose()


def test_old_events_are_chained_and_witnessed(owned: tuple[str, str]) -> None:
    owner_url, app_url = owned
    migrate(owner_url, "0003")
    tenants = [uuid4(), uuid4()]
    streams = [uuid4() for _ in range(3)]
    with psycopg.connect(app_url) as connection:
        for tenant_id in tenants:
            connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(tenant_id)])
            connection.execute(
                "INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (%s, %s, 'A', 'en', 'x')",
                [tenant_id, str(tenant_id)],
            )
            for version in (1, 2, 3):
                for stream_id in streams:
                    connection.execute(
                        "INSERT INTO event (tenant_id, stream_id, version, id, stream_type, type, data, actor,"
                        " correlation_id, occurred_at) VALUES (%s, %s, %s, gen_random_uuid(), 'lead', 'said',"
                        """ '{"z": 1.0, "a": "é\\n"}', 'visitor', 'c', now())""",
                        [tenant_id, stream_id, version],
                    )
    migrate(owner_url, "head")
    database = Database(app_url, pool_size=1)
    for tenant_id in tenants:
        verified = verify(database, tenant_id)
        assert (verified.streams, verified.events, verified.breaks) == (3, 9, ())
    with psycopg.connect(owner_url) as owner:
        owner.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(tenants[0])])
        owner.execute("ALTER TABLE event DISABLE TRIGGER event_is_append_only")
        owner.execute("DELETE FROM event WHERE stream_id = %s AND version = 3", [streams[1]])
        owner.execute("ALTER TABLE event ENABLE TRIGGER event_is_append_only")
    assert verify(database, tenants[0]).breaks == (Break(tenants[0], streams[1], 3, Fault.MISSING),)
    assert verify(database, tenants[1]).breaks == ()
    database.dispose()
