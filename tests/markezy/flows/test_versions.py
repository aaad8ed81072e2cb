"""Drafts, versions and the way back, in the database."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from markezy.flows import api
from markezy.kernel.db import Database
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.ids import new_id
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.markezy.conftest import MakeTenant
from tests.markezy.flows.conftest import greeting, small_flow

SOMEBODY = new_id()


@pytest.fixture
def connection(database: Database, tenant_id: UUID) -> Iterator[Connection]:
    with database.transaction(tenant_id) as connection:
        yield connection


class Flow:
    """One flow of a tenant, in a transaction."""

    def __init__(self, connection: Connection, tenant_id: UUID, slug: str = "shop") -> None:
        self.connection, self.tenant_id, self.slug = connection, tenant_id, slug

    def save(self, words: str, revision: int | None = None, name: str = "Shop") -> api.Draft:
        return api.save_draft(
            self.connection, self.tenant_id, self.slug, name, greeting(words), revision, SOMEBODY
        )  # fmt: skip

    def publish(self, words: str) -> api.FlowVersion:
        draft = self.save(words)
        return api.publish_draft(self.connection, self.tenant_id, self.slug, words, SOMEBODY, draft.revision)

    def rollback(self) -> int:
        return api.rollback(self.connection, self.tenant_id, self.slug, SOMEBODY).number

    def current(self) -> int:
        return api.published_version(self.connection, self.tenant_id, self.slug).number

    def summary(self) -> api.FlowSummary:
        return api.get_flow(self.connection, self.tenant_id, self.slug)


@pytest.fixture
def flow(connection: Connection, tenant_id: UUID) -> Flow:
    return Flow(connection, tenant_id)


def test_a_draft_is_kept_without_being_published(flow: Flow) -> None:
    draft = flow.save("Hello there")
    assert (draft.revision, draft.updated_by, draft.name) == (1, SOMEBODY, "Shop")
    assert api.get_draft(flow.connection, flow.tenant_id, "shop") == draft
    assert (flow.summary().draft_revision, flow.summary().number) == (1, None)
    with pytest.raises(NotFound):
        flow.current()


def test_half_done_work_is_kept_and_refused_only_at_publishing(flow: Flow) -> None:
    unfinished = {**small_flow(), "start": "nowhere"}
    api.save_draft(flow.connection, flow.tenant_id, "shop", "Shop", unfinished, None, SOMEBODY)
    with pytest.raises(Invalid) as refused:
        api.publish_draft(flow.connection, flow.tenant_id, "shop", "", SOMEBODY)
    found: Any = refused.value.extra["findings"]
    assert [(finding["at"], finding["code"]) for finding in found] == [("start", "unknown_target")]
    assert api.get_draft(flow.connection, flow.tenant_id, "shop").definition["start"] == "nowhere"


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"questions": {}}, "questions"),
        ({"questions": {"goal": {"type": "riddle"}}}, "questions/goal/type"),
        ({"greeting": {"en": "a\0b"}}, "greeting/en"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_definition_of_the_wrong_shape_is_refused_with_the_place(flow: Flow, change: dict[str, Any], at: str) -> None:
    with pytest.raises(Invalid) as refused:
        api.save_draft(flow.connection, flow.tenant_id, "shop", "Shop", {**small_flow(), **change}, None, SOMEBODY)
    found: Any = refused.value.extra["findings"]
    assert at in [finding["at"] for finding in found]
    assert {finding["code"] for finding in found} == {"malformed"}
    assert api.list_flows(flow.connection, flow.tenant_id) == []


@pytest.mark.parametrize("slug", ["", "Shop", "a b", "-shop", "shop-", "import", "x" * 61, "schema.json", "ß"])
def test_a_slug_that_can_not_stand_in_an_address_is_refused(flow: Flow, slug: str) -> None:
    flow.slug = slug
    with pytest.raises(Invalid, match="slug"):
        flow.save("Hello")


def test_a_change_to_an_older_draft_is_refused_with_the_current_revision(flow: Flow) -> None:
    first = flow.save("one")
    second = flow.save("two", first.revision)
    for stale in (first.revision, None, 99):
        with pytest.raises(Conflict) as refused:
            flow.save("three", stale)
        assert refused.value.extra["revision"] == second.revision
    assert api.get_draft(flow.connection, flow.tenant_id, "shop") == second


def test_saving_the_same_again_changes_nothing(flow: Flow) -> None:
    draft = flow.save("one")
    assert flow.save("one") == draft


def test_a_new_name_counts_at_once(flow: Flow) -> None:
    draft = flow.save("one")
    assert flow.save("one", draft.revision, name="The shop").revision == 2
    assert flow.summary().name == "The shop"


def test_no_two_drafts_of_a_flow_ever_have_the_same_revision(flow: Flow) -> None:
    flow.save("one")
    api.discard_draft(flow.connection, flow.tenant_id, "shop")
    assert flow.save("two").revision == 2
    api.publish_draft(flow.connection, flow.tenant_id, "shop", "", SOMEBODY)
    assert flow.save("three").revision == 3


def test_discarding_leaves_what_is_published(flow: Flow) -> None:
    flow.publish("one")
    flow.save("two")
    for _ in range(2):
        api.discard_draft(flow.connection, flow.tenant_id, "shop")
    assert (flow.summary().draft_revision, flow.current()) == (None, 1)


def test_a_flow_whose_first_draft_was_discarded_is_gone(flow: Flow) -> None:
    flow.save("one")
    api.discard_draft(flow.connection, flow.tenant_id, "shop")
    assert api.list_flows(flow.connection, flow.tenant_id) == []
    with pytest.raises(NotFound):
        flow.summary()


def test_publishing_a_draft_makes_a_version_that_says_who_and_what(flow: Flow) -> None:
    version = flow.publish("A warmer hello")
    assert (version.number, version.note, version.created_by) == (1, "A warmer hello", SOMEBODY)
    assert flow.current() == 1
    with pytest.raises(NotFound):
        api.get_draft(flow.connection, flow.tenant_id, "shop")


def test_a_draft_that_changed_meanwhile_is_not_published(flow: Flow) -> None:
    first = flow.save("one")
    flow.save("two", first.revision)
    with pytest.raises(Conflict):
        api.publish_draft(flow.connection, flow.tenant_id, "shop", "", SOMEBODY, first.revision)
    with pytest.raises(NotFound):
        flow.current()


def test_a_draft_equal_to_what_is_published_makes_no_version(flow: Flow) -> None:
    flow.publish("one")
    assert flow.publish("one").number == 1
    assert [each.number for each in api.list_versions(flow.connection, flow.tenant_id, "shop")] == [1]
    assert flow.summary().draft_revision is None


def test_each_rollback_goes_one_step_further_back(flow: Flow) -> None:
    for words in ("one", "two", "three"):
        flow.publish(words)
    assert (flow.rollback(), flow.current()) == (2, 2)
    assert flow.rollback() == 1
    with pytest.raises(Conflict, match="Nothing was published before version 1"):
        flow.rollback()
    assert flow.current() == 1


def test_the_way_back_from_a_new_version_is_what_it_replaced(flow: Flow) -> None:
    flow.publish("one")
    flow.publish("two")
    flow.rollback()
    assert flow.publish("three").number == 3
    assert flow.rollback() == 1


def test_a_rollback_is_part_of_the_history(flow: Flow) -> None:
    first, second = flow.publish("one"), flow.publish("two")
    flow.rollback()
    rows = flow.connection.execute(
        text("SELECT version_id, published_by FROM flow_publication ORDER BY published_at, id")
    ).all()
    assert rows == [(first.id, SOMEBODY), (second.id, SOMEBODY), (first.id, SOMEBODY)]


def test_a_rollback_of_what_is_not_published_any_more_is_refused(flow: Flow) -> None:
    for words in ("one", "two"):
        flow.publish(words)
    api.rollback(flow.connection, flow.tenant_id, "shop", SOMEBODY, expected_number=2)
    with pytest.raises(Conflict, match="Version 1 is published by now"):
        api.rollback(flow.connection, flow.tenant_id, "shop", SOMEBODY, expected_number=2)
    assert flow.current() == 1


def test_what_was_rolled_back_can_be_published_again(flow: Flow) -> None:
    flow.publish("one")
    flow.publish("two")
    flow.rollback()
    again = flow.publish("two")
    assert (again.number, flow.current()) == (3, 3)


def test_versions_come_newest_first_and_page_by_page(flow: Flow) -> None:
    for words in ("one", "two", "three"):
        flow.publish(words)
    flow.rollback()
    page = api.list_versions(flow.connection, flow.tenant_id, "shop", limit=2)
    assert [(each.number, each.note, each.published) for each in page] == [(3, "three", False), (2, "two", True)]
    rest = api.list_versions(flow.connection, flow.tenant_id, "shop", before=2)
    assert [each.number for each in rest] == [1]


def test_a_seeded_flow_does_not_undo_what_the_agency_made_of_it(flow: Flow) -> None:
    def seed(words: str) -> int:
        return api.publish_new(flow.connection, flow.tenant_id, "shop", "Shop", greeting(words)).number

    assert seed("seeded") == 1
    flow.publish("ours")
    assert (seed("seeded"), flow.current()) == (1, 2)
    assert (seed("a new seed"), flow.current()) == (3, 3)


@pytest.mark.parametrize("change", ["UPDATE flow_version SET note = 'x'", "DELETE FROM flow_version"])
def test_no_one_can_change_a_version(database: Database, tenant_id: UUID, url_of: Any, change: str) -> None:
    with database.transaction(tenant_id) as connection:
        Flow(connection, tenant_id).publish("one")
    with pytest.raises(DBAPIError, match="permission denied"), database.transaction(tenant_id) as connection:
        connection.execute(text(change))
    with psycopg.connect(url_of("owner")) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(change)


def test_another_tenants_drafts_and_versions_are_not_there(database: Database, make_tenant: MakeTenant) -> None:
    mine, theirs = make_tenant(), make_tenant()
    with database.transaction(theirs) as connection:
        Flow(connection, theirs).publish("one")
        Flow(connection, theirs).save("two")
    with database.transaction(mine) as connection:
        for tenant in (mine, theirs):
            for look in (api.get_draft, api.get_flow, api.list_versions, api.published_version, api.discard_draft):
                with pytest.raises(NotFound):
                    look(connection, tenant, "shop")
            with pytest.raises(NotFound):
                api.get_numbered(connection, tenant, "shop", 1)
            with pytest.raises(NotFound):
                api.rollback(connection, tenant, "shop", SOMEBODY)
            with pytest.raises(NotFound):
                api.publish_draft(connection, tenant, "shop", "", SOMEBODY)
