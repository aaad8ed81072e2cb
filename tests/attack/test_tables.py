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
OWN_ROWS = "SELECT count(*) FROM {} WHERE tenant_id = %s"


def test_no_statement_reaches_another_agency_s_rows(
    url_of: Callable[[str], str], victim: Agency, intruder: Agency, database: Database, attacks: Attacks
) -> None:
    before = _everything_of(database, victim)
    with psycopg.connect(url_of("markezy_app"), autocommit=True) as connection:
        tables = [name for (name,) in connection.execute(TABLES)]
        for table in tables:
            _attack_with_own_rows(connection, table, str(intruder.tenant_id), str(victim.tenant_id), attacks)
        for table in tables:
            for tenant in (str(intruder.tenant_id), ""):
                _attack(connection, table, tenant, str(victim.tenant_id), attacks)
    assert len(tables) > 30
    for table, rows in _everything_of(database, victim).items():
        attacks.held(KIND, f"rows of {table} changed", rows == before[table])
    attacks.check(KIND)


def _attack(connection: psycopg.Connection, table: str, tenant: str, victim: str, attacks: Attacks) -> None:
    statements = {
        "read": (f"SELECT count(*) FROM {table} WHERE tenant_id = %s", (victim,)),
        "read beside": (
            f"SELECT count(*) FROM {table} WHERE tenant_id <> nullif(%s, '')::uuid OR %s = ''",
            (tenant, tenant),
        ),
        "lock": (f"SELECT tenant_id FROM {table} WHERE tenant_id = %s FOR UPDATE", (victim,)),
        "change": (f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = %s", (victim,)),
        "remove": (f"DELETE FROM {table} WHERE tenant_id = %s", (victim,)),
        "truncate": (f"TRUNCATE {table} CASCADE", ()),
        "drop the wall": (f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", ()),
    }
    for what, (statement, parameters) in statements.items():
        attacks.held(
            KIND, f"{what} {table} as {tenant or 'nobody'}", _is_harmless(connection, tenant, statement, parameters)
        )


def _attack_with_own_rows(
    connection: psycopg.Connection, table: str, intruder: str, victim: str, attacks: Attacks
) -> None:
    """Rows the intruder may see, put under the victim's name: refused for want of the right, not by chance of another rule."""
    statements = {
        "move there": (f"UPDATE {table} SET tenant_id = %s WHERE tenant_id = %s", (victim, intruder)),
        "add there": (
            f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::{table},"
            f" to_jsonb(one) || jsonb_build_object('tenant_id', %s::text))).* FROM {table} AS one WHERE tenant_id = %s",
            (victim, intruder),
        ),
    }
    for what, (statement, parameters) in statements.items():
        try:
            with connection.transaction(force_rollback=True):
                connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [intruder])
                if not _count(connection, table, intruder):
                    continue
                connection.execute(statement, parameters)
                refused: object = "done"
        except psycopg.errors.Error as error:
            refused = error
        held = isinstance(refused, psycopg.errors.InsufficientPrivilege | psycopg.errors.RaiseException)
        attacks.held(KIND, f"{what} {table}: {refused}", held)


def _count(connection: psycopg.Connection, table: str, tenant: str) -> int:
    try:
        with connection.transaction():
            row = connection.execute(OWN_ROWS.format(table), [tenant]).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return 0
    return int(row[0]) if row else 0


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
