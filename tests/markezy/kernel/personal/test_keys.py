"""Keys of leads and agencies: made once, opened in their tenant only, gone for good when destroyed."""

from uuid import UUID

import pytest
from markezy.kernel import personal
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.personal import rotation
from sqlalchemy import event, text

from tests.markezy.conftest import MakeTenant


def test_a_lead_gets_a_key_when_something_is_to_be_kept(database: Database, tenant_id: UUID) -> None:
    lead = new_id()
    with database.transaction(tenant_id) as connection:
        assert personal.keys_of_one(connection, tenant_id, lead) is None
        box = personal.seal(
            personal.for_writing(connection, tenant_id, [lead])[lead], {"name": "Zoé"}, "x.y", tenant_id, lead
        )
    with database.transaction(tenant_id) as connection:
        keys = personal.for_writing(connection, tenant_id, [lead])[lead]
        assert personal.unseal(keys, box, "x.y", tenant_id, lead) == {"name": "Zoé"}


def test_a_destroyed_key_never_comes_back(database: Database, tenant_id: UUID) -> None:
    lead, stranger = new_id(), new_id()
    with database.transaction(tenant_id) as connection:
        personal.for_writing(connection, tenant_id, [lead])
    for _ in range(2):
        with database.transaction(tenant_id) as connection:
            personal.destroy(connection, tenant_id, lead)
            personal.destroy(connection, tenant_id, stranger)
    with database.transaction(tenant_id) as connection:
        assert personal.for_writing(connection, tenant_id, [lead, stranger]) == {}
        assert connection.execute(text("SELECT count(*) FROM lead_key WHERE wrapped IS NOT NULL")).scalar_one() == 0


def test_with_one_version_destroyed_the_lead_is_gone_whatever_else_is_there(
    database: Database, tenant_id: UUID
) -> None:
    lead = new_id()
    with database.transaction(tenant_id) as connection:
        personal.for_writing(connection, tenant_id, [lead])
        rotation.add_lead_key(connection, tenant_id, lead)
        connection.execute(text("UPDATE lead_key SET wrapped = NULL, destroyed_at = now() WHERE version = 1"))
    with database.transaction(tenant_id) as connection:
        assert personal.keys_of(connection, tenant_id, [lead]) == {}
        assert personal.for_writing(connection, tenant_id, [lead]) == {}
        assert rotation.add_lead_key(connection, tenant_id, lead) is None
        assert rotation.leads_with_keys(connection, tenant_id) == []


def test_no_tenant_reaches_another_s_keys(database: Database, make_tenant: MakeTenant) -> None:
    mine, theirs, lead = make_tenant(), make_tenant(), new_id()
    with database.transaction(mine) as connection:
        keys = personal.for_writing(connection, mine, [lead])[lead]
        agency = personal.tenant_keys(connection, mine).seal(b"token", "here")
        digest = personal.blind(connection, mine, "email", "a@b.example")
    with database.transaction(theirs) as connection:
        assert personal.keys_of(connection, mine, [lead]) == {}
        other = personal.for_writing(connection, theirs, [lead])[lead]
        with pytest.raises(ValueError, match="box"):
            other.open(keys.seal(b"x", "here"), "here")
        with pytest.raises(ValueError, match="box"):
            personal.tenant_keys(connection, theirs).open(agency, "here")
        assert personal.blind(connection, theirs, "email", "a@b.example") != digest


def test_many_leads_cost_as_many_queries_as_one(database: Database, tenant_id: UUID) -> None:
    leads = [new_id() for _ in range(30)]
    with database.transaction(tenant_id) as connection:
        assert set(personal.for_writing(connection, tenant_id, leads)) == set(leads)
    with database.transaction(tenant_id) as connection:
        counted = _Statements(connection)
        personal.keys_of(connection, tenant_id, leads)
        many = counted.take()
        personal.keys_of(connection, tenant_id, leads[:1])
        assert counted.take() == many == 2


class _Statements:
    """Counts what is sent to the database."""

    def __init__(self, connection: object) -> None:
        self._seen = 0
        event.listen(connection, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self._seen += 1

    def take(self) -> int:
        seen, self._seen = self._seen, 0
        return seen
