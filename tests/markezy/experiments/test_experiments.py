"""Starting, stopping and counting experiments."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from markezy.experiments import api
from markezy.experiments.api import Count, NewVariant
from markezy.flows import api as flows
from markezy.kernel.db import Database
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.ids import new_id
from sqlalchemy import Connection, event, text

from tests.markezy.conftest import MakeTenant
from tests.markezy.flows.conftest import said, small_flow
from tests.markezy.leads.conversations import Conversation, ReadModel

PAIR = (NewVariant("calm", 1, 1), NewVariant("bold", 3, 2))
SOMEBODY = new_id()


def publish_two(connection: Connection, tenant_id: UUID, slug: str = "shop") -> list[UUID]:
    """Versions 1 and 2 of a flow."""
    return [
        flows.publish(connection, tenant_id, slug, "Shop", {**small_flow(), "greeting": said(words)}).id
        for words in ("calm", "bold")
    ]


def start(connection: Connection, tenant_id: UUID, variants: Any = PAIR, flow: str = "shop") -> api.Experiment:
    return api.start(connection, tenant_id, flow, "Which greeting?", variants, SOMEBODY)


@pytest.fixture
def connection(database: Database, tenant_id: UUID) -> Iterator[Connection]:
    with database.transaction(tenant_id) as connection:
        publish_two(connection, tenant_id)
        yield connection


def test_an_experiment_compares_versions_of_a_flow(connection: Connection, tenant_id: UUID) -> None:
    begun = start(connection, tenant_id)
    assert (begun.flow, begun.name, begun.created_by, begun.stopped_at) == ("shop", "Which greeting?", SOMEBODY, None)
    assert [(each.name, each.weight, each.version) for each in begun.variants] == [("bold", 3, 2), ("calm", 1, 1)]
    assert api.get(connection, tenant_id, begun.id) == begun


def test_one_experiment_runs_per_flow(connection: Connection, tenant_id: UUID) -> None:
    publish_two(connection, tenant_id, "other")
    first = start(connection, tenant_id)
    with pytest.raises(Conflict, match="running already"):
        start(connection, tenant_id)
    assert start(connection, tenant_id, flow="other").flow == "other"
    api.stop(connection, tenant_id, first.id)
    assert start(connection, tenant_id).id != first.id


def test_stopping_again_changes_nothing(database: Database, tenant_id: UUID) -> None:
    with database.transaction(tenant_id) as connection:
        publish_two(connection, tenant_id)
        id_ = start(connection, tenant_id).id
    stopped = []
    for _ in range(2):
        with database.transaction(tenant_id) as connection:
            stopped.append(api.stop(connection, tenant_id, id_))
    assert stopped[0].stopped_at is not None
    assert stopped[0] == stopped[1]


@pytest.mark.parametrize(
    ("variants", "refusal"),
    [
        ((), Invalid),
        ((NewVariant("a", 1, 1),), Invalid),
        (tuple(NewVariant(f"v{place}", 1, 1) for place in range(11)), Invalid),
        ((NewVariant("a", 1, 1), NewVariant("a", 1, 2)), Invalid),
        ((NewVariant("a", 0, 1), NewVariant("b", 1, 2)), Invalid),
        ((NewVariant("a", 1001, 1), NewVariant("b", 1, 2)), Invalid),
        ((NewVariant("a", 1, 1), NewVariant("b", 1, 3)), NotFound),
    ],
)
def test_variants_that_make_no_experiment_are_refused(
    connection: Connection, tenant_id: UUID, variants: Any, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        start(connection, tenant_id, variants)
    assert api.list_experiments(connection, tenant_id).items == ()


def test_a_flow_that_nobody_gets_can_not_be_experimented_on(connection: Connection, tenant_id: UUID) -> None:
    flows.save_draft(connection, tenant_id, "draft-only", "Draft", small_flow(), None, SOMEBODY)
    for slug in ("draft-only", "unknown"):
        with pytest.raises(NotFound):
            start(connection, tenant_id, flow=slug)


def test_the_same_version_may_stand_against_itself(connection: Connection, tenant_id: UUID) -> None:
    begun = start(connection, tenant_id, (NewVariant("a", 1, 1), NewVariant("b", 1, 1)))
    assert [each.version for each in begun.variants] == [1, 1]


def test_experiments_come_latest_first_and_page_by_page(database: Database, tenant_id: UUID) -> None:
    ids = []
    for slug in ("a", "b", "c"):
        with database.transaction(tenant_id) as connection:
            publish_two(connection, tenant_id, slug)
            ids.append(start(connection, tenant_id, flow=slug).id)
    with database.transaction(tenant_id) as connection:
        first = api.list_experiments(connection, tenant_id, limit=2)
        rest = api.list_experiments(connection, tenant_id, limit=2, cursor=first.next_cursor)
    assert [one.id for one in (*first.items, *rest.items)] == ids[::-1]
    assert rest.next_cursor is None


def test_another_tenants_experiment_is_not_there(database: Database, make_tenant: MakeTenant) -> None:
    mine, theirs = make_tenant(), make_tenant()
    with database.transaction(theirs) as connection:
        publish_two(connection, theirs)
        id_ = start(connection, theirs).id
    with database.transaction(mine) as connection:
        assert api.list_experiments(connection, mine).items == ()
        for tenant in (mine, theirs):
            for act in (api.get, api.stop):
                with pytest.raises(NotFound):
                    act(connection, tenant, id_)
    with database.transaction(theirs) as connection:
        assert api.get(connection, theirs, id_).stopped_at is None


class Trial:
    """A running experiment whose conversations are written into the log."""

    def __init__(self, database: Database, tenant_id: UUID) -> None:
        self.database, self.tenant_id = database, tenant_id
        with database.transaction(tenant_id) as connection:
            publish_two(connection, tenant_id)
            self.experiment = start(connection, tenant_id)

    def assign(self, variant: str, experiment_id: UUID | None = None) -> Conversation:
        data = {"experiment_id": str(experiment_id or self.experiment.id), "variant": variant, "flow_version_id": ""}
        return Conversation(self.database, self.tenant_id).start().add("experiment.assigned", data)

    def counts(self) -> dict[str, Count]:
        with self.database.transaction(self.tenant_id) as connection:
            return api.counts(connection, self.tenant_id, self.experiment)


@pytest.fixture
def trial(database: Database, tenant_id: UUID) -> Trial:
    return Trial(database, tenant_id)


def test_conversations_are_counted_by_variant_and_by_how_they_ended(trial: Trial) -> None:
    assert trial.counts() == {"bold": Count(0, 0, 0), "calm": Count(0, 0, 0)}
    trial.assign("bold").complete("qualified")
    trial.assign("bold").complete("nurture")
    trial.assign("bold")
    trial.assign("calm").complete("disqualified")
    assert trial.counts() == {"bold": Count(3, 2, 1), "calm": Count(1, 1, 0)}


def test_of_several_ends_of_a_conversation_the_last_counts(trial: Trial) -> None:
    trial.assign("calm").complete("nurture").complete("qualified")
    trial.assign("bold").complete("qualified").complete("disqualified")
    assert trial.counts() == {"bold": Count(1, 1, 0), "calm": Count(1, 1, 1)}


def test_conversations_of_other_experiments_and_none_are_not_counted(trial: Trial, make_tenant: MakeTenant) -> None:
    trial.assign("bold", new_id()).complete()
    Conversation(trial.database, trial.tenant_id).start().complete()
    Trial(trial.database, make_tenant()).assign("bold").complete()
    assert trial.counts() == {"bold": Count(), "calm": Count()}


def test_what_goes_on_after_the_stop_still_counts(trial: Trial) -> None:
    conversation = trial.assign("bold")
    with trial.database.transaction(trial.tenant_id) as connection:
        api.stop(connection, trial.tenant_id, trial.experiment.id)
    conversation.complete()
    assert trial.counts()["bold"] == Count(1, 1, 1)


def test_a_lead_is_the_same_with_and_without_an_experiment(
    trial: Trial, database: Database, relay_database: Database
) -> None:
    read_model = ReadModel(database, relay_database)
    conversation = Conversation(database, trial.tenant_id).start()
    before = read_model.lead(conversation)
    assigned = {"experiment_id": str(trial.experiment.id), "variant": "bold", "flow_version_id": str(new_id())}
    assert read_model.lead(conversation.add("experiment.assigned", assigned)) == before


def test_counting_reads_only_what_the_experiment_wrote(trial: Trial) -> None:
    """Read by their indexes, however long the rest of the log is."""
    trial.assign("bold").complete()
    with trial.database.transaction(trial.tenant_id) as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plans: list[str] = []

        def explain(conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if "LATERAL" in statement and not statement.startswith("EXPLAIN"):
                rows = conn.exec_driver_sql(f"EXPLAIN {statement}", parameters)
                plans.extend(row[0] for row in rows)

        event.listen(connection, "before_cursor_execute", explain)
        api.counts(connection, trial.tenant_id, trial.experiment)
    plan = "\n".join(plans)
    assert "event_experiment_assigned" in plan
    assert "event_qualification_completed" in plan
