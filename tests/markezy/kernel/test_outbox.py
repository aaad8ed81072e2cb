import uuid
from datetime import timedelta
from uuid import UUID

import pytest
from markezy.kernel import outbox, task
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from markezy.kernel.task import PermanentFailure, TaskCall
from sqlalchemy import text


def write(database: Database, tenant_id: UUID, name: str = "test.work", **more) -> UUID:
    with database.transaction(tenant_id) as connection:
        return outbox.enqueue(connection, tenant_id, name, {"n": 1}, "corr-1", **more)


def claim(relay_database: Database, tenant_id: UUID) -> list[outbox.OutboxRow]:
    with relay_database.unscoped() as connection:
        return [row for row in outbox.claim_due(connection) if row.tenant_id == tenant_id]


def row(database: Database, tenant_id: UUID, row_id: UUID):
    with database.transaction(tenant_id) as connection:
        return connection.execute(text("SELECT * FROM outbox WHERE id = :id"), {"id": row_id}).one()


def test_a_row_of_a_rolled_back_transaction_is_never_handed_out(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    def decide_and_fail() -> None:
        with database.transaction(tenant_id) as connection:
            outbox.enqueue(connection, tenant_id, "test.work", {}, "c")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        decide_and_fail()
    assert claim(relay_database, tenant_id) == []


def test_a_claimed_row_is_not_due_again_until_its_wait_is_over(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    row_id = write(database, tenant_id)
    assert [one.id for one in claim(relay_database, tenant_id)] == [row_id]
    assert claim(relay_database, tenant_id) == []


def test_a_delayed_row_waits(database: Database, relay_database: Database, tenant_id: UUID) -> None:
    write(database, tenant_id, delay=timedelta(hours=1))
    assert claim(relay_database, tenant_id) == []


def test_a_hand_out_that_fails_leaves_the_row_due(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    row_id = write(database, tenant_id)

    def claim_and_fail() -> None:
        with relay_database.unscoped() as connection:
            outbox.claim_due(connection)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        claim_and_fail()
    assert [one.id for one in claim(relay_database, tenant_id)] == [row_id]


def test_two_relays_never_hold_the_same_row(database: Database, relay_database: Database, tenant_id: UUID) -> None:
    write(database, tenant_id)
    with relay_database.unscoped() as first:
        mine = [one for one in outbox.claim_due(first) if one.tenant_id == tenant_id]
        assert len(mine) == 1
        assert claim(relay_database, tenant_id) == []


def test_the_last_wait_over_a_row_becomes_a_dead_letter(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    row_id = write(database, tenant_id)
    with database.transaction(tenant_id) as connection:
        connection.execute(
            text("UPDATE outbox SET attempts = :most, due_at = now() WHERE id = :id"),
            {"most": len(outbox.RETRY_AFTER), "id": row_id},
        )
    assert claim(relay_database, tenant_id) == []
    with relay_database.unscoped() as connection:
        assert row_id in [one.id for one in outbox.give_up(connection)]
    assert row(database, tenant_id, row_id).failed_at is not None


@pytest.fixture
def named_task(monkeypatch: pytest.MonkeyPatch):
    """Register a task under a fresh name for one test."""

    def register(function) -> str:
        name = f"test.{uuid.uuid4().hex}"
        monkeypatch.setitem(task._tasks, name, function)
        return name

    return register


@pytest.fixture
def call_of(settings: Settings, database: Database, tenant_id: UUID):
    def make(row_id: UUID) -> TaskCall:
        return TaskCall(tenant_id, row_id, "corr-1", settings, database)

    return make


def test_a_completed_row_is_not_run_again(database: Database, tenant_id: UUID, call_of, named_task) -> None:
    runs = []

    def work(call: TaskCall, n: int) -> None:
        runs.append(n)
        with call.transaction() as connection:
            call.complete(connection)

    name = named_task(work)
    row_id = write(database, tenant_id, name)
    assert task.run(name, call_of(row_id), {"n": 1})
    assert not task.run(name, call_of(row_id), {"n": 1})
    assert runs == [1]


def test_a_task_that_is_under_way_is_not_started_twice(
    database: Database, tenant_id: UUID, call_of, named_task
) -> None:
    inner = []

    def work(call: TaskCall, n: int) -> None:
        inner.append(task.run(name, call, {"n": n}))
        with call.transaction() as connection:
            call.complete(connection)

    name = named_task(work)
    row_id = write(database, tenant_id, name)
    task.run(name, call_of(row_id), {"n": 1})
    assert inner == [False]


def test_a_failure_keeps_its_reason_and_the_row_open(database: Database, tenant_id: UUID, call_of, named_task) -> None:
    def work(_call: TaskCall, n: int) -> None:
        raise ValueError("secret of a person")

    name = named_task(work)
    row_id = write(database, tenant_id, name)
    with pytest.raises(ValueError, match="secret"):
        task.run(name, call_of(row_id), {"n": 1})
    found = row(database, tenant_id, row_id)
    assert (found.failure, found.failed_at) == ("ValueError", None)


def test_a_permanent_failure_is_a_dead_letter_at_once(database: Database, tenant_id: UUID, call_of, named_task) -> None:
    def work(_call: TaskCall, n: int) -> None:
        raise PermanentFailure("the agency's token was revoked")

    name = named_task(work)
    row_id = write(database, tenant_id, name)
    task.run(name, call_of(row_id), {"n": 1})
    found = row(database, tenant_id, row_id)
    assert found.failure == "the agency's token was revoked"
    assert found.failed_at is not None
