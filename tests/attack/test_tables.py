"""Every table by raw SQL, as the application's role: under another tenant, and under none."""

from collections.abc import Callable

import psycopg
from markezy.kernel.db import Database

from tests.attack.tally import Attacks
from tests.attack.test_routes import _everything_of
from tests.attack.world import Agency

KIND = "raw SQL under another tenant"
TABLES = """
    SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
    AND relname <> 'alembic_version'
"""
NULLABLE = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO'"


def test_no_statement_reaches_another_agency_s_rows(
    url_of: Callable[[str], str], victim: Agency, intruder: Agency, database: Database, attacks: Attacks
) -> None:
    before = _everything_of(database, victim)
    with psycopg.connect(url_of("markezy_app"), autocommit=True) as connection:
        tables = [name for (name,) in connection.execute(TABLES)]
        for table in tables:
            for tenant in (str(intruder.tenant_id), ""):
                _attack(connection, table, tenant, str(victim.tenant_id), attacks)
    assert len(tables) > 30
    for table, rows in _everything_of(database, victim).items():
        attacks.held(KIND, f"rows of {table} changed", rows == before[table])
    attacks.check(KIND)


def _attack(connection: psycopg.Connection, table: str, tenant: str, victim: str, attacks: Attacks) -> None:
    copied = f"INSERT INTO {table} SELECT * FROM {table} WHERE tenant_id = %s"
    moved = f"UPDATE {table} SET tenant_id = %s"
    statements = {
        "read": (f"SELECT count(*) FROM {table} WHERE tenant_id = %s", (victim,)),
        "read beside": (
            f"SELECT count(*) FROM {table} WHERE tenant_id <> nullif(%s, '')::uuid OR %s = ''",
            (tenant, tenant),
        ),
        "lock": (f"SELECT tenant_id FROM {table} WHERE tenant_id = %s FOR UPDATE", (victim,)),
        "change": (f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = %s", (victim,)),
        "move there": (moved, (victim,)),
        "remove": (f"DELETE FROM {table} WHERE tenant_id = %s", (victim,)),
        "copy": (copied, (victim,)),
        "truncate": (f"TRUNCATE {table} CASCADE", ()),
        "drop the wall": (f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", ()),
    }
    for what, (statement, parameters) in statements.items():
        attacks.held(
            KIND, f"{what} {table} as {tenant or 'nobody'}", _is_harmless(connection, tenant, statement, parameters)
        )


def _is_harmless(connection: psycopg.Connection, tenant: str, statement: str, parameters: tuple[str, ...]) -> bool:
    """Whether the statement is refused or touches nothing. It is rolled back in any case."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [tenant])
            cursor = connection.execute(statement, parameters)
            if cursor.description is not None:
                row = cursor.fetchone()
                return row is None or row[0] == 0
            return cursor.rowcount == 0
    except psycopg.errors.Error:
        return True
