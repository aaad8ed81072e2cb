"""Every table, today's and tomorrow's, stands behind the wall between tenants."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import namedtuple_row

TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AS rls, c.relforcerowsecurity AS forced,
           (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = c.oid AND i.indisprimary) AS first_key,
           (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid
            AND pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = current_tenant())'
            AND pg_get_expr(p.polwithcheck, p.polrelid) = '(tenant_id = current_tenant())') AS walls
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
"""


@pytest.fixture(scope="module")
def template(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url, dbname="markezy_template", row_factory=namedtuple_row) as connection:
        yield connection


def app_connection(postgres_url: str) -> psycopg.Connection:
    return psycopg.connect(postgres_url, dbname="markezy_template", user="markezy_app", password="test")


def test_every_table_starts_its_key_with_the_tenant_and_forces_the_policy(template: psycopg.Connection) -> None:
    tables = template.execute(TABLES).fetchall()
    assert len(tables) >= 20
    wrong = [one for one in tables if not (one.first_key == "tenant_id" and one.rls and one.forced and one.walls == 1)]
    assert wrong == []


def test_other_policies_only_widen_reading_for_roles_of_our_own(template: psycopg.Connection) -> None:
    others = template.execute(
        "SELECT tablename, policyname, roles::text[] AS roles FROM pg_policies WHERE policyname <> 'tenant'"
    ).fetchall()
    assert {role for one in others for role in one.roles} == {"markezy_relay", "markezy_directory"}


def test_the_application_role_owns_nothing_and_bypasses_nothing(template: psycopg.Connection) -> None:
    role = template.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'markezy_app'"
    ).fetchone()
    assert role == (False, False, False, False)
    owned = template.execute(
        "SELECT count(*) FROM pg_class WHERE relowner = 'markezy_app'::regrole OR relowner = 'markezy_relay'::regrole"
    ).fetchone()
    assert owned == (0,)


def test_without_a_tenant_every_table_is_empty_and_refuses_rows(
    template: psycopg.Connection, postgres_url: str
) -> None:
    names = [one.name for one in template.execute(TABLES).fetchall()]
    tenant_id = uuid4()
    with app_connection(postgres_url) as connection:
        connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(tenant_id)])
        connection.execute(
            "INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (%s, %s, 'A', 'en', 'x')",
            [tenant_id, str(tenant_id)],
        )
        connection.execute("SELECT set_config('markezy.tenant_id', '', true)")
        for name in names:
            assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,), name
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (%s, 's', 'A', 'en', 'x')", [uuid4()]
            )
        connection.rollback()


def test_a_tenant_can_not_write_into_another(postgres_url: str) -> None:
    with app_connection(postgres_url) as connection:
        connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(uuid4())])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (%s, 's', 'A', 'en', 'x')", [uuid4()]
            )
        connection.rollback()


def test_the_application_role_can_not_become_the_relay(postgres_url: str) -> None:
    with app_connection(postgres_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SET ROLE markezy_relay")
