"""A database that belongs to a role which is no superuser, as in production."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import psycopg
from alembic import command
from alembic.config import Config
from markezy.bootstrap import MIGRATIONS
from markezy.kernel.db import Database, psycopg_url
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine, text


@dataclass(frozen=True)
class Owned:
    """One database, and the name of its owner."""

    name: str
    owner: str
    place: str

    def url(self, role: str) -> str:
        """The URL for `owner`, `markezy_app` or `markezy_relay`."""
        return f"postgresql://{self.owner if role == 'owner' else role}:test@{self.place}/{self.name}"

    def migrate(self, revision: str = "head") -> None:
        engine = create_engine(psycopg_url(self.url("owner")))
        with engine.connect() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(MIGRATIONS))
            command.upgrade(config, revision)
            connection.commit()
        engine.dispose()


@contextmanager
def owned_database(postgres_url: str) -> Iterator[Owned]:
    """An empty database and its owner; both are gone afterwards."""
    name = f"owned_{uuid4().hex}"
    place = conninfo_to_dict(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'test' IN ROLE markezy_directory")
        admin.execute(f"CREATE DATABASE {name} OWNER {name}")
    yield Owned(name, name, f"{place['host']}:{place['port']}")
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        admin.execute(f"DROP ROLE {name}")


@contextmanager
def copy_of(original: Owned, postgres_url: str) -> Iterator[Owned]:
    """Another database of this owner with the same in it, which takes a moment where migrating takes a second.

    Nobody may be connected to the original.
    """
    name = f"owned_{uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {original.name} OWNER {original.owner}")
    yield replace(original, name=name)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def add_tenant(database: Database) -> UUID:
    """A tenant of that database."""
    tenant_id = uuid4()
    with database.transaction(tenant_id) as connection:
        connection.execute(
            text("INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (:id, :slug, 'Agency', 'en', 'x')"),
            {"id": tenant_id, "slug": f"t-{tenant_id}"},
        )
    return tenant_id
