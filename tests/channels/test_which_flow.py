"""Which of an agency's flows a visitor gets: the one the page names, else the agency's default."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from psycopg.types.json import Jsonb

URL = "/webhooks/widget/conversations"


@pytest.fixture
def add_flow(log: Any) -> Callable[..., str]:
    """Adds a flow to an agency that has one, younger than all others; gives the id of its version."""

    def add(tenant: Any, slug: str, *, published: bool = True) -> str:
        flow, version = str(uuid.uuid4()), str(uuid.uuid4())
        log.run("INSERT INTO flow (tenant_id, id, slug, name) VALUES (%s, %s, %s, 'More')", tenant.id, flow, slug)
        log.run(
            "INSERT INTO flow_version (tenant_id, id, flow_id, number, definition) VALUES (%s, %s, %s, 1, %s)",
            tenant.id,
            version,
            flow,
            Jsonb({}),
        )
        if published:
            log.run("UPDATE flow SET published_version_id = %s WHERE id = %s", version, flow)
        return version

    return add


@pytest.fixture
def choose(log: Any) -> Callable[[Any, str], None]:
    """Makes a flow the agency's default, as the platform does."""

    def prefer(tenant: Any, slug: str) -> None:
        log.run("UPDATE flow SET default_since = clock_timestamp() WHERE tenant_id = %s AND slug = %s", tenant.id, slug)

    return prefer


@pytest.fixture
def try_out(log: Any) -> Callable[[Any, str, str], str]:
    """Starts an experiment on a flow whose every visitor gets the given version."""

    def start(tenant: Any, slug: str, version: str) -> str:
        id_ = str(uuid.uuid4())
        log.run(
            "INSERT INTO experiment (tenant_id, id, flow_id, name)"
            " SELECT tenant_id, %s, id, 'Trial' FROM flow WHERE tenant_id = %s AND slug = %s",
            id_,
            tenant.id,
            slug,
        )
        log.run("INSERT INTO experiment_variant VALUES (%s, %s, 'only', 1, %s)", tenant.id, id_, version)
        return id_

    return start


@pytest.fixture
def version_of(log: Any) -> Callable[[Any], str]:
    def look(visitor: Any) -> str:
        rows = log.rows("SELECT flow_version_id FROM conversation WHERE id = %s", visitor.conversation_id)
        return str(rows[0]["flow_version_id"])

    return look


def test_a_page_gets_the_flow_it_names_and_one_that_names_none_the_oldest(
    arrive: Any, tenant: Any, add_flow: Any, version_of: Any, bot: Any
) -> None:
    events = add_flow(tenant, "events")
    named = arrive(tenant, flow="events")
    assert bot.actions.calls[-1]["tracker"]["latest_message"]["metadata"]["flow_version_id"] == events
    assert version_of(named) == events
    assert version_of(arrive(tenant)) == version_of(arrive(tenant, flow=None)) == tenant.flow_version_id
    assert version_of(arrive(tenant, flow="main")) == tenant.flow_version_id


def test_the_default_is_the_published_flow_that_was_chosen_last(
    arrive: Any, tenant: Any, add_flow: Any, choose: Any, version_of: Any, log: Any
) -> None:
    events, menus = add_flow(tenant, "events"), add_flow(tenant, "menus")
    choose(tenant, "menus")
    assert version_of(arrive(tenant)) == menus
    choose(tenant, "events")
    before = arrive(tenant)
    assert version_of(before) == events
    choose(tenant, "main")
    assert version_of(arrive(tenant)) == tenant.flow_version_id
    assert before.say("bicycles").status_code == 200
    assert version_of(before) == events
    log.run("UPDATE flow SET published_version_id = NULL WHERE tenant_id = %s AND slug = 'main'", tenant.id)
    assert version_of(arrive(tenant)) == events


def test_a_flow_that_is_not_there_for_visitors_is_refused_by_name_and_leaves_nothing(
    http: Any, tenant: Any, new_tenant: Any, add_flow: Any, log: Any
) -> None:
    add_flow(tenant, "unfinished", published=False)
    add_flow(new_tenant(), "theirs")
    before = (log.count("conversation"), log.count("event"), log.count("inbox"), log.count("lead_key"))
    for slug in ("unfinished", "theirs", "nowhere", "MAIN", "main'--"):
        answer = http.post(URL, json={"widget_key": tenant.widget_key, "flow": slug})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert "flow" in answer.json()["detail"]
    assert (log.count("conversation"), log.count("event"), log.count("inbox"), log.count("lead_key")) == before


def test_the_same_opening_leads_to_the_same_conversation_whatever_flow_it_names_then(
    http: Any, tenant: Any, add_flow: Any
) -> None:
    add_flow(tenant, "events")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    answers = [
        http.post(URL, json={"widget_key": tenant.widget_key, "flow": slug}, headers=key)
        for slug in ("events", "main", "nowhere")
    ]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["conversation_id"] for answer in answers}) == 1


def test_an_experiment_is_for_the_visitors_of_its_flow(
    arrive: Any, tenant: Any, add_flow: Any, choose: Any, try_out: Any, version_of: Any, log: Any
) -> None:
    events, variant = add_flow(tenant, "events"), add_flow(tenant, "variant", published=False)
    id_ = try_out(tenant, "events", variant)
    named, unnamed = arrive(tenant, flow="events"), arrive(tenant)
    assert (version_of(named), version_of(unnamed)) == (variant, tenant.flow_version_id)
    choose(tenant, "events")
    by_default = arrive(tenant)
    assert version_of(by_default) == variant != events
    for visitor, expected in ((named, [id_]), (by_default, [id_]), (unnamed, [])):
        assigned = log.rows(
            "SELECT data FROM event WHERE stream_id = %s AND type = 'experiment.assigned'", visitor.conversation_id
        )
        assert [row["data"]["experiment_id"] for row in assigned] == expected
