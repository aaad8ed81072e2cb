from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag
from uuid import UUID

import pytest
from markezy.kernel.db import Database
from markezy.kernel.errors import Conflict
from markezy.kernel.events import Event, NewEvent, append, read_stream
from markezy.kernel.ids import new_id
from markezy.kernel.projection import Projector
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.markezy.settling import project_all


def put(database: Database, tenant_id: UUID, stream_id: UUID, expected: int | None, *types: str) -> list[Event]:
    with database.transaction(tenant_id) as connection:
        return append(connection, tenant_id, "lead", stream_id, expected, [NewEvent(name, {}) for name in types], "c-1")


def test_a_stream_reads_back_in_order(database: Database, tenant_id: UUID) -> None:
    stream_id = new_id()
    put(database, tenant_id, stream_id, 0, "a", "b")
    put(database, tenant_id, stream_id, 2, "c")
    with database.transaction(tenant_id) as connection:
        found = read_stream(connection, tenant_id, stream_id)
    assert [(one.version, one.type) for one in found] == [(1, "a"), (2, "b"), (3, "c")]


def test_a_stale_writer_is_refused_and_leaves_nothing(database: Database, tenant_id: UUID) -> None:
    stream_id = new_id()
    put(database, tenant_id, stream_id, 0, "a")
    with pytest.raises(Conflict):
        put(database, tenant_id, stream_id, 0, "b")
    with database.transaction(tenant_id) as connection:
        assert [one.type for one in read_stream(connection, tenant_id, stream_id)] == ["a"]


def test_of_many_writers_with_one_expectation_one_wins(database: Database, tenant_id: UUID) -> None:
    stream_id = new_id()

    def attempt(number: int) -> bool:
        try:
            put(database, tenant_id, stream_id, 0, f"writer-{number}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_writers_without_an_expectation_all_get_their_place(database: Database, tenant_id: UUID) -> None:
    stream_id = new_id()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: put(database, tenant_id, stream_id, None, f"w{number}", "x"), range(16)))
    with database.transaction(tenant_id) as connection:
        found = read_stream(connection, tenant_id, stream_id)
    assert [one.version for one in found] == list(range(1, 33))


@pytest.mark.parametrize("statement", ["UPDATE event SET type = 'x'", "DELETE FROM event", "TRUNCATE event"])
def test_the_application_can_not_change_the_log(database: Database, tenant_id: UUID, statement: str) -> None:
    put(database, tenant_id, new_id(), 0, "a")
    with pytest.raises(DBAPIError), database.transaction(tenant_id) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", ["UPDATE event SET type = 'x'", "DELETE FROM event", "TRUNCATE event"])
def test_not_even_the_owner_changes_the_log(url_of, tenant_id: UUID, database: Database, statement: str) -> None:
    put(database, tenant_id, new_id(), 0, "a")
    owner = Database(url_of("owner"))
    with pytest.raises(DBAPIError, match="append-only"), owner.transaction(tenant_id) as connection:
        connection.execute(text(statement))
    owner.dispose()


class Recorder:
    """A projection that remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[Event] = []

    def __call__(self, _connection: Connection, tenant_id: UUID, events: list[Event]) -> None:
        assert {one.tenant_id for one in events} == {tenant_id}
        self.seen.extend(events)

    def types(self, tenant_id: UUID) -> list[str]:
        return [one.type for one in self.seen if one.tenant_id == tenant_id]


def test_a_projection_gets_each_event_once_and_in_order(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    recorder = Recorder()
    projector = Projector(relay_database, database, {"recorder-1": recorder}, batch=2)
    stream_id = new_id()
    put(database, tenant_id, stream_id, 0, "a", "b", "c")
    project_all(projector, relay_database)
    put(database, tenant_id, stream_id, 3, "d")
    project_all(projector, relay_database)
    project_all(projector, relay_database)
    project_all(Projector(relay_database, database, {"recorder-1": recorder}), relay_database)
    assert recorder.types(tenant_id) == ["a", "b", "c", "d"]


def test_a_reader_waits_for_an_older_transaction_instead_of_overtaking_it(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    recorder = Recorder()
    projector = Projector(relay_database, database, {"recorder-2": recorder})
    written, may_commit = Flag(), Flag()

    def slow_writer() -> None:
        with database.transaction(tenant_id) as connection:
            append(connection, tenant_id, "lead", new_id(), 0, [NewEvent("slow", {})], "c")
            written.set()
            assert may_commit.wait(20)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slow_writer)
        assert written.wait(20)
        put(database, tenant_id, new_id(), 0, "fast")
        projector.run_once()
        assert recorder.types(tenant_id) == []
        may_commit.set()
        slow.result(20)
    project_all(projector, relay_database)
    assert recorder.types(tenant_id) == ["slow", "fast"]


def test_a_failing_projection_is_tried_again_and_holds_nobody_else_up(
    database: Database, relay_database: Database, make_tenant
) -> None:
    good, bad = make_tenant(), make_tenant()
    recorder = Recorder()
    broken = [True]

    def project(connection: Connection, tenant_id: UUID, events: list[Event]) -> None:
        if tenant_id == bad and broken:
            raise RuntimeError("broken read model")
        recorder(connection, tenant_id, events)

    projector = Projector(relay_database, database, {"recorder-3": project})
    put(database, bad, new_id(), 0, "first")
    put(database, good, new_id(), 0, "first")
    project_all(projector, relay_database)
    assert (recorder.types(good), recorder.types(bad)) == (["first"], [])
    broken.clear()
    project_all(projector, relay_database)
    assert recorder.types(bad) == ["first"]
