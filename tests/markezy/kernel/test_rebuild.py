"""The read model of leads made anew: by an owner that is no superuser, beside everything else that goes on."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag
from typing import Any
from uuid import UUID

import psycopg
import pytest
from markezy.commands.replay import READ_MODELS
from markezy.kernel import personal, rebuild, shadow
from markezy.kernel.db import Database
from markezy.kernel.events import Event, read_stream
from markezy.kernel.projection import Projector
from markezy.kernel.rebuild import CannotRebuild, ReadModel, Rebuild
from markezy.leads import api as leads
from markezy.leads.fold import fold
from sqlalchemy import Connection, text

from tests.markezy.leads.conversations import Conversation
from tests.markezy.owned import Owned, add_tenant, copy_of, owned_database
from tests.markezy.sealed import ring_of_tests
from tests.markezy.settling import project_all, settle

LEADS = READ_MODELS[leads.PROJECTION_NAME]
TABLES = ("lead", "lead_answer", "blind_index")


@pytest.fixture(scope="module")
def migrated(postgres_url: str) -> Iterator[Owned]:
    with owned_database(postgres_url) as owned:
        owned.migrate()
        yield owned


@pytest.fixture
def owned(migrated: Owned, postgres_url: str) -> Iterator[Owned]:
    """One for each test: a replay reads everything there is."""
    with copy_of(migrated, postgres_url) as owned:
        yield owned


@pytest.fixture
def database(owned: Owned) -> Iterator[Database]:
    database = Database(owned.url("markezy_app"), ring=ring_of_tests())
    yield database
    database.dispose()


@pytest.fixture
def relay_database(owned: Owned) -> Iterator[Database]:
    database = Database(owned.url("markezy_relay"))
    yield database
    database.dispose()


@pytest.fixture
def owner(owned: Owned) -> Iterator[Database]:
    database = Database(owned.url("owner"), ring=ring_of_tests())
    yield database
    database.dispose()


@pytest.fixture
def projector(database: Database, relay_database: Database) -> Projector:
    return Projector(relay_database, database, {leads.PROJECTION_NAME: _project}, batch=3)


@pytest.fixture
def tenants(database: Database) -> list[UUID]:
    return [add_tenant(database) for _ in range(2)]


def _project(*arguments: Any) -> None:
    leads.project(*arguments)


def talk(database: Database, tenant_id: UUID) -> Conversation:
    conversation = Conversation(database, tenant_id).start().ask("Votre objectif ?").say("des ventes")
    return conversation.answer("goal", "sales", 1).answer("phone", "1", 2).answer("goal", "visits", 1).complete()


def rows(database: Database, tenant_id: UUID) -> dict[str, list[Any]]:
    with database.transaction(tenant_id) as connection:
        return {table: sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}")))) for table in TABLES}


def descriptions(owner: Database) -> dict[str, list[str]]:
    with owner.unscoped() as connection:
        connection.execute(text("SELECT set_config('search_path', '', true)"))
        return {table: shadow.describe(connection, "public", table) for table in LEADS.tables}


def copies(owner: Database) -> int:
    with owner.unscoped() as connection:
        query = "SELECT count(*) FROM pg_namespace WHERE nspname = 'rebuild'"
        return int(connection.execute(text(query)).scalar_one())


def test_the_new_read_model_is_the_live_one_row_by_row(
    owner: Database, database: Database, relay_database: Database, projector: Projector, tenants: list[UUID]
) -> None:
    for tenant_id in tenants * 3:
        talk(database, tenant_id)
    project_all(projector, relay_database)
    before = [rows(database, tenant_id) for tenant_id in tenants]
    described = descriptions(owner)
    assert [len(one["lead"]) for one in before] == [3, 3]
    assert Rebuild(owner, database, LEADS).compare() == {"lead": 0, "lead_answer": 0, "blind_index": 0}
    Rebuild(owner, database, LEADS).swap()
    assert [rows(database, tenant_id) for tenant_id in tenants] == before
    assert descriptions(owner) == described
    assert copies(owner) == 0


def test_a_damaged_read_model_is_found_and_healed_and_goes_on(
    owner: Database, database: Database, relay_database: Database, projector: Projector, tenants: list[UUID]
) -> None:
    conversation = talk(database, tenants[0])
    talk(database, tenants[1])
    project_all(projector, relay_database)
    before = rows(database, tenants[0])
    with database.transaction(tenants[0]) as connection:
        connection.execute(text("UPDATE lead SET score = 1"))
        connection.execute(text("DELETE FROM lead_answer WHERE question = 'goal'"))
    assert Rebuild(owner, database, LEADS).compare() == {"lead": 2, "lead_answer": 1, "blind_index": 0}
    Rebuild(owner, database, LEADS).swap()
    assert rows(database, tenants[0]) == before
    conversation.answer("city", "Lyon", 3)
    project_all(projector, relay_database)
    with database.transaction(tenants[0]) as connection:
        answers = leads.get_lead(connection, tenants[0], conversation.lead_id).answers
    assert [one.question for one in answers] == ["goal", "phone", "city"]


def test_nothing_is_lost_or_doubled_while_leads_go_on_writing(
    owner: Database, database: Database, relay_database: Database, tenants: list[UUID]
) -> None:
    for tenant_id in tenants:
        talk(database, tenant_id)
    settle(relay_database)
    conversations: list[Conversation] = []
    replaying, done = Flag(), Flag()
    written_meanwhile = Flag()

    def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
        """The first batch of the replay waits until the writers have written beside it."""
        replaying.set()
        assert written_meanwhile.wait(60)
        leads.project(connection, tenant_id, events)

    def write(number: int) -> None:
        assert replaying.wait(60)
        while not done.is_set():
            conversations.append(talk(database, tenants[number % 2]))
            written_meanwhile.set()

    def follow() -> None:
        projector = Projector(relay_database, database, {leads.PROJECTION_NAME: _project}, batch=7)
        while not done.is_set():
            projector.run_once()

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(write, 0), pool.submit(write, 1), pool.submit(follow)]
        try:
            for _ in range(3):
                Rebuild(owner, database, ReadModel(LEADS.name, LEADS.tables, project)).swap()
        finally:
            replaying.set()
            done.set()
        for one in running:
            one.result(60)
    project_all(Projector(relay_database, database, {leads.PROJECTION_NAME: _project}), relay_database)
    assert len(conversations) > 2
    for one in conversations:
        with database.transaction(one.tenant_id) as connection:
            folded = fold(read_stream(connection, one.tenant_id, one.id))
            assert leads.get_lead(connection, one.tenant_id, one.lead_id) == folded
    assert Rebuild(owner, database, LEADS).compare() == {"lead": 0, "lead_answer": 0, "blind_index": 0}


def test_words_a_lead_was_found_by_once_do_not_come_back_while_it_runs(
    owner: Database, database: Database, relay_database: Database, projector: Projector, tenants: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(rebuild, "_BATCH", 1)
    conversation = Conversation(database, tenants[0]).start().answer("name", "Ada", 1)
    conversation.answer("name", "Grace", 1, changed=True).say("des ventes")
    project_all(projector, relay_database)
    before = rows(database, tenants[0])["blind_index"]
    seen = []

    def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
        leads.project(connection, tenant_id, events)
        # In a session of its own nothing of the replay's is in the way: it neither wrote here nor holds a row.
        with database.transaction(tenant_id) as reader:
            reader.execute(text("SET LOCAL lock_timeout = '5s'"))
            reader.execute(text("SELECT FROM blind_index FOR UPDATE"))
        if tenant_id == tenants[0]:
            seen.append(rows(database, tenant_id)["blind_index"])

    assert set(Rebuild(owner, database, ReadModel(LEADS.name, LEADS.tables, project)).compare().values()) == {0}
    assert len(seen) == 4
    assert all(one == before for one in seen)
    with database.transaction(tenants[0]) as connection:
        assert leads.list_leads(connection, tenants[0], search="ada").items == ()
        connection.execute(text("DELETE FROM blind_index WHERE kind = 'lead.said'"))
    assert Rebuild(owner, database, LEADS).compare()["blind_index"] == 2
    Rebuild(owner, database, LEADS).swap()
    assert rows(database, tenants[0])["blind_index"] == before


def test_a_forgotten_lead_is_the_same_in_one_batch_and_in_many(
    owner: Database, database: Database, relay_database: Database, projector: Projector, tenants: list[UUID]
) -> None:
    tenant_id, conversation = tenants[0], talk(database, tenants[0])
    project_all(projector, relay_database)
    with database.transaction(tenant_id) as connection:
        leads.rotate_key(connection, tenant_id, conversation.lead_id)
        leads.forget_lead(connection, tenant_id, conversation.lead_id, "staff", "staff:x", "correlation-1")
        personal.destroy(connection, tenant_id, conversation.lead_id)
    project_all(projector, relay_database)
    conversation.ask("Encore là ?").say("oui").add("qualification.question_asked", {"question": "city", "ordinal": 4})
    conversation.answer("city", "Lyon", 4).add("qualification.stopped")
    project_all(projector, relay_database)
    assert set(Rebuild(owner, database, LEADS).compare().values()) == {0}


def test_a_rotated_lead_is_sealed_anew_in_both(
    owner: Database, database: Database, relay_database: Database, projector: Projector, tenants: list[UUID]
) -> None:
    conversation = talk(database, tenants[0])
    project_all(projector, relay_database)
    with database.transaction(tenants[0]) as connection:
        assert leads.rotate_key(connection, tenants[0], conversation.lead_id)
    conversation.answer("city", "Lyon", 3).add("qualification.answer_set_aside", {"question": "phone", "ordinal": 2})
    project_all(projector, relay_database)
    assert set(Rebuild(owner, database, LEADS).compare().values()) == {0}


def test_tenants_stay_apart_in_the_new_tables(owned: Owned, owner: Database, database: Database) -> None:
    tenant_id = add_tenant(database)
    talk(database, tenant_id)
    Rebuild(owner, database, LEADS).swap()
    for role in ("markezy_app", "owner"):
        with psycopg.connect(owned.url(role)) as connection:
            for table in LEADS.tables:
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_reader_who_holds_the_tables_is_waited_for(
    owner: Database, database: Database, tenants: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "_LOCK_TIMEOUT", "50ms")
    attempted = Flag()
    noted = rebuild.log.info

    def note(event: str, **values: Any) -> None:
        noted(event, **values)
        if event == "rebuild.held_up":
            attempted.set()

    monkeypatch.setattr(rebuild.log, "info", note)
    talk(database, tenants[0])
    settle(database)
    with ThreadPoolExecutor(1) as pool:
        with database.transaction(tenants[0]) as reader:
            reader.execute(text("SELECT count(*) FROM lead"))
            swapping = pool.submit(Rebuild(owner, database, LEADS).swap)
            assert attempted.wait(60)
        swapping.result(60)
    with database.transaction(tenants[0]) as connection:
        assert connection.execute(text("SELECT count(*) FROM lead")).scalar_one() == 1


def test_tables_that_never_get_free_are_left_as_they_are(
    owner: Database, database: Database, relay_database: Database, projector: Projector, tenants: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(rebuild, "_LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(rebuild, "_ATTEMPTS", 2)
    talk(database, tenants[0])
    project_all(projector, relay_database)
    before = rows(database, tenants[0])
    with database.transaction(tenants[1]) as reader:
        reader.execute(text("SELECT count(*) FROM lead"))
        with pytest.raises(CannotRebuild, match="for too long"):
            Rebuild(owner, database, LEADS).swap()
    assert (rows(database, tenants[0]), copies(owner)) == (before, 0)


def test_there_is_one_replay_at_a_time(owner: Database, database: Database, tenants: list[UUID]) -> None:
    talk(database, tenants[0])
    settle(database)
    refusals = []

    def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
        if not refusals:
            with pytest.raises(CannotRebuild, match="Another replay") as refused:
                Rebuild(owner, database, LEADS).swap()
            refusals.append(refused.value)
        leads.project(connection, tenant_id, events)

    Rebuild(owner, database, ReadModel(LEADS.name, LEADS.tables, project)).swap()
    assert len(refusals) == 1


def test_a_projection_that_fails_leaves_the_old_read_model(
    owner: Database, database: Database, relay_database: Database, projector: Projector, tenants: list[UUID]
) -> None:
    talk(database, tenants[0])
    project_all(projector, relay_database)
    before = rows(database, tenants[0])

    def project(_connection: Connection, tenant_id: UUID, _events: Sequence[Event]) -> None:
        if tenant_id == tenants[0]:
            raise KeyError("display")

    with pytest.raises(CannotRebuild, match=str(tenants[0])):
        Rebuild(owner, database, ReadModel(LEADS.name, LEADS.tables, project)).swap()
    assert (rows(database, tenants[0]), copies(owner)) == (before, 0)
