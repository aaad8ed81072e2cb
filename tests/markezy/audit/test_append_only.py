"""The audit grows and does nothing else, and belongs to one agency: also by SQL."""

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest
from markezy.kernel import audit
from markezy.kernel.db import Database
from sqlalchemy import text


@pytest.fixture
def entry(database: Database, tenant_id: UUID) -> audit.Entry:
    written = audit.Entry(tenant_id, "staff", str(uuid4()), "lead.read", 200, "correlation-1")
    with database.transaction(tenant_id) as connection:
        audit.write(connection, written)
    return written


CHANGES = (
    "UPDATE audit_entry SET status = 403",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (tenant_id, id) DO UPDATE SET status = 403",
)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["markezy_app", "markezy_relay", "owner"])
def test_no_role_changes_an_entry(entry: audit.Entry, url_of: Callable[[str], str], role: str, change: str) -> None:
    with psycopg.connect(url_of(role)) as connection:
        connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(entry.tenant_id)])
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)):
            connection.execute(change)
        connection.rollback()


def test_another_agency_sees_and_writes_nothing_of_it(
    entry: audit.Entry, database: Database, make_tenant: Callable[[], UUID]
) -> None:
    with database.transaction(make_tenant()) as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == 0
        with pytest.raises(Exception, match="row-level security"):
            audit.write(connection, entry)


def test_the_same_look_is_one_entry_and_another_one_is_another(database: Database, tenant_id: UUID) -> None:
    look = audit.Entry(tenant_id, "staff", "somebody", "leads.listed", 200, "correlation-1", session_id=uuid4())
    with database.transaction(tenant_id) as connection:
        for _ in range(2):
            audit.write_unless_seen(connection, look)
        for other in (
            {"session_id": None},
            {"filters": ("search",)},
            {"lead_id": uuid4()},
            {"actor_id": "somebody else"},
        ):
            audit.write_unless_seen(connection, audit.Entry(**{**vars(look), **other}))
        assert connection.execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == 5


def test_operators_are_written_down_with_what_they_can_do_only(database: Database, tenant_id: UUID) -> None:
    with database.transaction(tenant_id) as connection:
        audit.by_operator(connection, tenant_id, "plan.changed", subject_kind="plan", subject_id="large")
        row = connection.execute(text("SELECT actor_kind, action, subject_id FROM audit_entry")).one()
        assert tuple(row) == ("operator", "plan.changed", "large")
        with pytest.raises(ValueError, match="none of the actions"):
            audit.by_operator(connection, tenant_id, "leads.listed")
