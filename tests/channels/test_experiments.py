"""Which version of a flow a visitor's conversation gets, and keeps."""

import asyncio
import os
import random
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from channels import conversations
from channels.conversations import Conversation
from channels.experiments import Experiment, Variant, assign
from envelope.keys import Keys

EXPERIMENT = "019ab000-0000-7000-8000-000000000001"
VISITOR = "3f2b8c1e-7a54-4d09-9c1d-5e8f0a6b7c8d"


def experiment(**weights: int) -> Experiment:
    return Experiment(EXPERIMENT, tuple(Variant(name, weight, f"version-{name}") for name, weight in weights.items()))


def visitors(count: int) -> list[str]:
    source = random.Random(7)
    return [str(uuid.UUID(int=source.getrandbits(128), version=4)) for _ in range(count)]


def shares(wanted: Experiment, count: int = 20_000) -> dict[str, float]:
    counted = Counter(assign(wanted, visitor).variant.name for visitor in visitors(count))
    return {name: number / count for name, number in counted.items()}


def test_every_variant_gets_its_share_of_the_visitors() -> None:
    found = shares(experiment(calm=1, bold=3, plain=6))
    # Five standard deviations of a binomial share at 20,000 draws are below 0.018.
    assert found == {
        "calm": pytest.approx(0.1, abs=0.018),
        "bold": pytest.approx(0.3, abs=0.018),
        "plain": pytest.approx(0.6, abs=0.018),
    }


def test_the_order_in_which_variants_are_stored_changes_nothing() -> None:
    there, back = experiment(a=1, b=2, c=3), experiment(c=3, b=2, a=1)
    assert [assign(there, each) for each in visitors(200)] == [assign(back, each) for each in visitors(200)]


def test_another_experiment_shuffles_anew() -> None:
    first = experiment(a=1, b=1)
    second = Experiment(str(uuid.UUID(int=5)), first.variants)
    moved = sum(assign(first, each).variant != assign(second, each).variant for each in visitors(2000))
    assert 850 < moved < 1150


def test_another_process_comes_to_the_same() -> None:
    script = (
        "import sys; from channels.experiments import Experiment, Variant, assign\n"
        f"wanted = Experiment({EXPERIMENT!r}, (Variant('a', 1, 'x'), Variant('b', 1, 'y'), Variant('c', 1, 'z')))\n"
        "print(' '.join(assign(wanted, each).variant.name for each in sys.argv[1:]))"
    )
    some = visitors(50)
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    done = subprocess.run(
        [sys.executable, "-c", script, *some], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.split() == [assign(experiment(a=1, b=1, c=1), each).variant.name for each in some]


def test_the_hash_stays_what_it_is() -> None:
    """A new hash would give every returning visitor of a running experiment another variant."""
    wanted = experiment(a=1, b=1, c=1, d=1)
    assert "".join(assign(wanted, each).variant.name for each in visitors(8)) == "cbcadacc"


@pytest.fixture
def new_version(log: Any) -> Callable[[Any, int], str]:
    """Adds a version to the tenant's flow, published at once if wanted."""

    def add(tenant: Any, number: int, *, published: bool = False) -> str:
        id_ = str(uuid.uuid4())
        log.run(
            "INSERT INTO flow_version (tenant_id, id, flow_id, number, definition)"
            " SELECT tenant_id, %s, id, %s, %s FROM flow WHERE tenant_id = %s",
            id_,
            number,
            Jsonb({}),
            tenant.id,
        )
        if published:
            log.run("UPDATE flow SET published_version_id = %s WHERE tenant_id = %s", id_, tenant.id)
        return id_

    return add


@pytest.fixture
def start_experiment(log: Any) -> Callable[..., str]:
    """Starts one on the tenant's flow: name → (weight, version)."""

    def start(tenant: Any, **variants: tuple[int, str]) -> str:
        id_ = str(uuid.uuid4())
        log.run(
            "INSERT INTO experiment (tenant_id, id, flow_id, name) SELECT tenant_id, %s, id, 'Trial' FROM flow"
            " WHERE tenant_id = %s",
            id_,
            tenant.id,
        )
        for name, (weight, version) in variants.items():
            log.run("INSERT INTO experiment_variant VALUES (%s, %s, %s, %s, %s)", tenant.id, id_, name, weight, version)
        return id_

    return start


@pytest.fixture
def version_of(log: Any) -> Callable[[Any], str]:
    def look(visitor: Any) -> str:
        rows = log.rows("SELECT flow_version_id FROM conversation WHERE id = %s", visitor.conversation_id)
        return str(rows[0]["flow_version_id"])

    return look


def assigned(log: Any, visitor: Any) -> list[dict[str, Any]]:
    return log.rows(
        "SELECT version, actor, data FROM event WHERE stream_id = %s AND type = 'experiment.assigned'",
        visitor.conversation_id,
    )


def test_a_conversation_keeps_the_version_it_began_with(
    arrive: Any, tenant: Any, new_version: Any, version_of: Any, bot: Any
) -> None:
    before = arrive(tenant)
    second = new_version(tenant, 2, published=True)
    after = arrive(tenant)
    assert before.say("bicycles").status_code == 200
    assert bot.actions.calls[-1]["tracker"]["latest_message"]["metadata"]["flow_version_id"] == tenant.flow_version_id
    assert (version_of(before), version_of(after)) == (tenant.flow_version_id, second)


def test_a_conversation_begins_with_its_variants_version(
    arrive: Any, tenant: Any, new_version: Any, start_experiment: Any, version_of: Any, log: Any, bot: Any
) -> None:
    second = new_version(tenant, 2)
    id_ = start_experiment(tenant, bold=(1, second))
    visitor = arrive(tenant, visitor=VISITOR)
    assert version_of(visitor) == second
    assert assigned(log, visitor) == [
        {
            "version": 2,
            "actor": "assistant",
            "data": {"experiment_id": id_, "variant": "bold", "flow_version_id": second},
        }
    ]
    started = log.rows("SELECT data FROM event WHERE stream_id = %s AND version = 1", visitor.conversation_id)
    assert started[0]["data"]["flow_version_id"] == second
    assert bot.actions.calls[-1]["tracker"]["latest_message"]["metadata"]["flow_version_id"] == second


def test_such_a_conversation_goes_on_like_any_other(arrive: Any, tenant: Any, start_experiment: Any, log: Any) -> None:
    start_experiment(tenant, only=(1, tenant.flow_version_id))
    visitor = arrive(tenant)
    assert [entry["text"] for entry in visitor.greeting] == ["Hello! What do you do?"]
    assert visitor.say("bicycles").status_code == 200
    assert log.types(visitor.conversation_id)[:3] == [
        "conversation.started",
        "experiment.assigned",
        "message.received",
    ]
    rows = log.rows("SELECT version FROM event WHERE stream_id = %s ORDER BY version", visitor.conversation_id)
    stored = log.rows("SELECT version FROM conversation WHERE id = %s", visitor.conversation_id)[0]["version"]
    assert [row["version"] for row in rows] == list(range(1, stored + 1))
    assert [entry["from"] for entry in visitor.transcript()["messages"]] == ["assistant", "visitor", "assistant"]


def test_a_visitor_who_comes_back_gets_the_same_variant(
    arrive: Any, tenant: Any, new_version: Any, start_experiment: Any, version_of: Any
) -> None:
    weights = {name: (1, new_version(tenant, number)) for number, name in enumerate("abcdefgh", 2)}
    start_experiment(tenant, **weights)
    spellings = (VISITOR, VISITOR.upper(), VISITOR)
    assert len({version_of(arrive(tenant, visitor=each)) for each in spellings}) == 1
    others = {version_of(arrive(tenant, visitor=each)) for each in visitors(12)}
    assert len(others) > 1


def test_without_a_visitor_each_conversation_is_assigned_for_itself(
    arrive: Any, tenant: Any, new_version: Any, start_experiment: Any, log: Any
) -> None:
    id_ = start_experiment(tenant, a=(1, tenant.flow_version_id), b=(1, new_version(tenant, 2)))
    variants = (Variant("a", 1, ""), Variant("b", 1, ""))
    for _ in range(4):
        visitor = arrive(tenant)
        expected = assign(Experiment(id_, variants), visitor.conversation_id).variant.name
        assert assigned(log, visitor)[0]["data"]["variant"] == expected


def test_a_stopped_experiment_assigns_nobody(
    arrive: Any, tenant: Any, new_version: Any, start_experiment: Any, version_of: Any, log: Any
) -> None:
    start_experiment(tenant, bold=(1, new_version(tenant, 2)))
    log.run("UPDATE experiment SET stopped_at = now() WHERE tenant_id = %s", tenant.id)
    visitor = arrive(tenant, visitor=VISITOR)
    assert version_of(visitor) == tenant.flow_version_id
    assert assigned(log, visitor) == []
    assert log.types(visitor.conversation_id)[:2] == ["conversation.started", "message.received"]


def test_another_agencys_experiment_assigns_nobody_here(
    arrive: Any, tenant: Any, new_tenant: Any, start_experiment: Any, log: Any
) -> None:
    theirs = new_tenant()
    start_experiment(theirs, bold=(1, theirs.flow_version_id))
    assert assigned(log, arrive(tenant, visitor=VISITOR)) == []


@pytest.mark.parametrize(
    "wrong",
    ["", "somebody", 7, [], {}, True, "{3f2b8c1e-7a54-4d09-9c1d-5e8f0a6b7c8d}", "3f2b8c1e7a544d099c1d5e8f0a6b7c8d"],
)
def test_a_visitor_that_is_no_uuid_is_refused_and_leaves_nothing(http: Any, tenant: Any, log: Any, wrong: Any) -> None:
    before = (log.count("conversation"), log.count("event"), log.count("inbox"))
    body = {"widget_key": tenant.widget_key, "visitor": wrong}
    response = http.post("/webhooks/widget/conversations", json=body)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert "visitor" in response.json()["detail"]
    assert (log.count("conversation"), log.count("event"), log.count("inbox")) == before


class Counted(psycopg.AsyncConnection):
    """Counts what is sent to the database."""

    statements = 0

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        self.statements += 1
        return await super().execute(*arguments, **options)


def test_neither_an_experiment_nor_a_flow_by_name_costs_a_further_round_trip(
    database_url: str, tenant: Any, new_tenant: Any, start_experiment: Any
) -> None:
    other = new_tenant()
    start_experiment(tenant, only=(1, tenant.flow_version_id))

    async def statements(tenant_id: str, flow: str | None = None) -> int:
        async with await Counted.connect(database_url, row_factory=dict_row) as connection:
            await connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", (tenant_id,))
            connection.statements = 0
            found = await conversations.welcome(connection, tenant_id, flow)
            id_ = str(uuid.uuid4())
            given = assign(found.experiment, id_) if found.experiment else None
            keys = Keys(id_, {1: b"k" * 32})
            conversation = Conversation(tenant_id, id_, str(uuid.uuid4()), "widget", "en", found.flow_version_id, keys)
            await conversations.create(connection, conversation, {}, {}, "correlation", given)
            assert (given is not None) == (tenant_id == tenant.id)
            return connection.statements

    assert asyncio.run(statements(tenant.id)) == asyncio.run(statements(other.id)) == 3
    assert asyncio.run(statements(tenant.id, "main")) == asyncio.run(statements(other.id, "main")) == 3
