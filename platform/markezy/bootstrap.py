"""Bring a database to the state the code expects: roles first, then the migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from markezy.kernel.db import psycopg_url

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_ONE_MIGRATOR = 0x4D61726B657A79
"""Advisory lock key ("Markezy" in ASCII): two processes that start at once migrate one after the other."""


def prepare_database(owner_url: str, app_password: str, relay_password: str) -> None:
    """Create or update the login roles and run all migrations; harmless when repeated.

    `owner_url` names a role that may create roles and tables. The passwords are set on every call, so that a changed
    secret takes effect at the next start.
    """
    engine = create_engine(psycopg_url(owner_url))
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ONE_MIGRATOR})
            _prepare_roles(connection, app_password, relay_password)
            connection.commit()
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(MIGRATIONS))
            command.upgrade(config, "head")
            connection.commit()
    finally:
        engine.dispose()


def _prepare_roles(connection: Connection, app_password: str, relay_password: str) -> None:
    for role, password in (("markezy_app", app_password), ("markezy_relay", relay_password)):
        _create_role_if_missing(connection, role, "LOGIN")
        _set_password(connection, role, password)
    _create_role_if_missing(connection, "markezy_directory", "NOLOGIN")
    # Handing a function over to a role takes membership in it; superusers have it anyway, a managed database's owner
    # may not.
    connection.execute(text("GRANT markezy_directory TO CURRENT_USER"))


def _create_role_if_missing(connection: Connection, role: str, login: str) -> None:
    known = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar()
    if not known:
        connection.execute(text(f"CREATE ROLE {role} {login} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"))


def _set_password(connection: Connection, role: str, password: str) -> None:
    # ALTER ROLE takes no bind parameters; the server quotes the literal.
    statement = connection.execute(
        text("SELECT format('ALTER ROLE %I PASSWORD %L', CAST(:role AS text), CAST(:password AS text))"),
        {"role": role, "password": password},
    ).scalar_one()
    connection.exec_driver_sql(statement.replace("%", "%%"))
