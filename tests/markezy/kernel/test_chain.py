from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markezy.kernel.chain import Break, Fault, verify
from markezy.kernel.db import Database
from markezy.kernel.errors import Conflict
from markezy.kernel.events import NewEvent, append
from markezy.kernel.ids import new_id
from sqlalchemy import text

from tests.markezy.kernel.tampering import Tamperer

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)
DATA = st.dictionaries(TEXT, VALUES, max_size=4)


@pytest.fixture
def tamperer(url_of: Callable[[str], str]) -> Tamperer:
    return Tamperer(url_of("owner"))


def put(database: Database, tenant_id: UUID, stream_id: UUID, *datas: dict[str, Any], actor: str = "platform") -> None:
    with database.transaction(tenant_id) as connection:
        append(connection, tenant_id, "lead", stream_id, None, [NewEvent("said", data, actor) for data in datas], "c-1")


@pytest.fixture
def stream_id(database: Database, tenant_id: UUID) -> UUID:
    """A lead's stream of five events."""
    stream_id = new_id()
    put(database, tenant_id, stream_id, *({"text": f"line {number}"} for number in range(5)))
    return stream_id


def conversation(database: Database, tenant_id: UUID, events: int) -> UUID:
    """A conversation with its row, its events written by one statement as the tracker store does."""
    conversation_id, flow_id = new_id(), new_id()
    with database.transaction(tenant_id) as connection:
        mine = {"tenant": tenant_id, "id": conversation_id, "flow": flow_id, "events": events}
        for statement in (
            "INSERT INTO flow (tenant_id, id, slug, name) VALUES (:tenant, :flow, :flow, 'Main')",
            "INSERT INTO flow_version (tenant_id, id, flow_id, number, definition) VALUES (:tenant, :flow, :flow, 1, '{}')",
            "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
            " VALUES (:tenant, :id, :id, 'widget', 'en', :flow, :events)",
            "INSERT INTO event (tenant_id, stream_id, stream_type, version, id, type, actor, data, correlation_id,"
            " occurred_at) SELECT :tenant, :id, 'conversation', number, gen_random_uuid(), 'said', 'visitor', '{}', 'c',"
            " clock_timestamp() FROM generate_series(1, :events) AS number ORDER BY number",
        ):
            connection.execute(text(statement), mine)
    return conversation_id


def test_an_untouched_record_is_whole(database: Database, tenant_id: UUID, stream_id: UUID) -> None:
    conversation(database, tenant_id, 4)
    put(database, tenant_id, stream_id, {"text": "later"})
    verified = verify(database, tenant_id)
    assert (verified.streams, verified.events, verified.breaks) == (2, 10, ())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.lists(DATA, min_size=1, max_size=3),
    actor=TEXT.filter(bool),
    at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
)
def test_whatever_an_event_says_it_is_hashed_alike_on_both_sides(
    database: Database, tenant_id: UUID, data: list[dict[str, Any]], actor: str, at: datetime
) -> None:
    stream_id = new_id()
    put(database, tenant_id, stream_id, *data, actor=actor)
    with database.transaction(tenant_id) as connection:
        connection.execute(
            text(
                "INSERT INTO event (tenant_id, stream_id, version, id, stream_type, type, data, actor, correlation_id,"
                " occurred_at) VALUES (:tenant, :stream, :version, gen_random_uuid(), 'lead', :actor, '1.50', 'x', :actor, :at)"
            ),
            {"tenant": tenant_id, "stream": stream_id, "version": len(data) + 1, "actor": actor, "at": at},
        )
    assert verify(database, tenant_id).breaks == ()


@pytest.mark.parametrize(
    "assignment",
    [
        """data = '{"text": "I never said that"}'""",
        "actor = 'visitor'",
        "type = 'unsaid'",
        "occurred_at = occurred_at + interval '1 microsecond'",
        "correlation_id = 'c-2'",
        "schema_version = 2",
        "stream_type = 'conversation'",
        "id = gen_random_uuid()",
        "hash = sha256('')",
    ],
)
@pytest.mark.parametrize("version", [1, 3, 5])
def test_a_changed_event_shows(
    database: Database, tenant_id: UUID, stream_id: UUID, tamperer: Tamperer, assignment: str, version: int
) -> None:
    tamperer.change(stream_id, version, assignment)
    assert verify(database, tenant_id).breaks == (Break(tenant_id, stream_id, version, Fault.CHANGED),)


def test_a_change_that_brings_its_own_hash_shows_at_its_successor(
    database: Database, tenant_id: UUID, stream_id: UUID, tamperer: Tamperer
) -> None:
    tamperer.change(stream_id, 3, "actor = 'visitor'")
    tamperer.run(
        "UPDATE event SET hash = event_hash(before.hash, event.tenant_id, event.stream_id, event.version, event.id,"
        " event.stream_type, event.type, event.schema_version, event.data, event.actor, event.correlation_id,"
        " event.occurred_at) FROM event AS before WHERE event.stream_id = %(stream)s AND event.version = 3"
        " AND before.stream_id = event.stream_id AND before.version = 2",
        stream=stream_id,
    )
    assert verify(database, tenant_id).breaks == (Break(tenant_id, stream_id, 4, Fault.CHANGED),)


@pytest.mark.parametrize(("one", "other"), [(2, 3), (1, 2), (2, 5), (4, 5)])
def test_swapped_events_show(
    database: Database, tenant_id: UUID, stream_id: UUID, tamperer: Tamperer, one: int, other: int
) -> None:
    tamperer.swap(stream_id, one, other)
    assert verify(database, tenant_id).breaks == (Break(tenant_id, stream_id, one, Fault.OUT_OF_ORDER),)


@pytest.mark.parametrize("version", [1, 3, 5])
def test_a_removed_event_shows(
    database: Database, tenant_id: UUID, stream_id: UUID, tamperer: Tamperer, version: int
) -> None:
    tamperer.remove(stream_id, version)
    assert verify(database, tenant_id).breaks == (Break(tenant_id, stream_id, version, Fault.MISSING),)


def test_the_removed_last_event_of_a_conversation_shows(
    database: Database, tenant_id: UUID, tamperer: Tamperer
) -> None:
    stream_id = conversation(database, tenant_id, 3)
    tamperer.remove(stream_id, 3)
    assert verify(database, tenant_id).breaks == (Break(tenant_id, stream_id, 3, Fault.MISSING),)


@pytest.mark.parametrize("kind", ["lead", "conversation"])
def test_a_stream_removed_as_a_whole_shows(
    database: Database, tenant_id: UUID, stream_id: UUID, tamperer: Tamperer, kind: str
) -> None:
    gone = stream_id if kind == "lead" else conversation(database, tenant_id, 3)
    tamperer.run("DELETE FROM event WHERE stream_id = %(gone)s", gone=gone)
    assert verify(database, tenant_id).breaks == (Break(tenant_id, gone, 1, Fault.MISSING),)


def test_an_event_that_was_slipped_in_shows(
    database: Database, tenant_id: UUID, stream_id: UUID, tamperer: Tamperer
) -> None:
    tamperer.run(
        "INSERT INTO event (tenant_id, stream_id, version, id, stream_type, type, data, actor, correlation_id, occurred_at,"
        " hash) SELECT tenant_id, stream_id, 6, gen_random_uuid(), stream_type, type, data, actor, correlation_id,"
        " occurred_at, hash FROM event WHERE stream_id = %(stream)s AND version = 5",
        stream=stream_id,
    )
    assert verify(database, tenant_id).breaks == (Break(tenant_id, stream_id, 6, Fault.CHANGED),)


def test_a_lost_witness_shows(database: Database, tenant_id: UUID, stream_id: UUID, tamperer: Tamperer) -> None:
    tamperer.run("UPDATE stream_head SET version = 4 WHERE stream_id = %(stream)s", stream=stream_id)
    assert verify(database, tenant_id).breaks == (Break(tenant_id, stream_id, 5, Fault.UNWITNESSED),)
    tamperer.run("DELETE FROM stream_head WHERE stream_id = %(stream)s", stream=stream_id)
    assert verify(database, tenant_id).breaks == (Break(tenant_id, stream_id, 1, Fault.UNWITNESSED),)


def test_each_broken_stream_is_told_once_and_whole_ones_are_not(
    database: Database, tenant_id: UUID, tamperer: Tamperer
) -> None:
    streams = sorted(new_id() for _ in range(4))
    for each in streams:
        put(database, tenant_id, each, {"text": "a"}, {"text": "b"}, {"text": "c"})
    tamperer.change(streams[0], 2, "actor = 'x'")
    tamperer.change(streams[0], 3, "actor = 'x'")
    tamperer.remove(streams[2], 1)
    assert verify(database, tenant_id).breaks == (
        Break(tenant_id, streams[0], 2, Fault.CHANGED),
        Break(tenant_id, streams[2], 1, Fault.MISSING),
    )


def test_a_gap_can_not_be_written(database: Database, tenant_id: UUID, stream_id: UUID) -> None:
    with pytest.raises(Conflict), database.transaction(tenant_id) as connection:
        append(connection, tenant_id, "lead", stream_id, 7, [NewEvent("early", {})], "c")
    assert verify(database, tenant_id).breaks == ()


@pytest.mark.parametrize("statement", ["UPDATE stream_head SET version = 1", "DELETE FROM stream_head"])
def test_the_application_can_not_touch_the_witness(
    url_of: Callable[[str], str], tenant_id: UUID, stream_id: UUID, statement: str
) -> None:
    with psycopg.connect(url_of("markezy_app")) as connection:
        connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(tenant_id)])
        assert connection.execute("SELECT count(*) FROM stream_head").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_application_can_not_choose_a_hash(database: Database, tenant_id: UUID) -> None:
    with database.transaction(tenant_id) as connection:
        connection.execute(
            text(
                "INSERT INTO event (tenant_id, stream_id, version, id, stream_type, type, data, actor, correlation_id,"
                " occurred_at, hash) VALUES (:tenant, gen_random_uuid(), 1, gen_random_uuid(), 'lead', 't', '{}', 'a', 'c',"
                " :at, sha256('mine'))"
            ),
            {"tenant": tenant_id, "at": datetime.now(UTC) - timedelta(days=1)},
        )
    assert verify(database, tenant_id).breaks == ()
