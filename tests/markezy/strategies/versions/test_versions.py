"""Versions never change, are numbered, and an agency writes in its own layers only."""

from uuid import UUID

import pytest
from markezy.kernel.db import Database
from markezy.kernel.errors import Invalid, NotFound
from markezy.strategies.layers.layer import LARGEST_PART
from markezy.strategies.versions import adding, repository, stacks
from markezy.strategies.versions.model import Place
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.markezy.conftest import MakeTenant
from tests.markezy.strategies.versions.conftest import AGENCY_EN, BASE_EN, SHOP_EN, Shelf


def test_versions_are_numbered_by_part_and_know_author_and_note(shelf: Shelf) -> None:
    first, second = shelf.add("one"), shelf.add("two")
    other = shelf.add("one", Place.named("agency-sector", "ecommerce", "en"))
    assert [first.number, second.number, other.number] == [1, 2, 1]
    assert (second.author, second.note, second.format, second.source) == ("staff:ada", "new", "layer", "title: two\n")


def test_the_same_source_as_the_newest_is_no_new_version(shelf: Shelf) -> None:
    first = shelf.add("one")
    assert shelf.add("one") == first
    shelf.add("two")
    assert shelf.add("one").number == 3


@pytest.mark.parametrize("table", ["strategy_template_version", "strategy_template_release", "strategy_composition"])
@pytest.mark.parametrize("change", ["UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}"])
def test_nobody_changes_them(database: Database, tenant_id: UUID, url_of: object, table: str, change: str) -> None:
    with database.transaction(tenant_id) as connection:
        shelf = Shelf(connection, tenant_id)
        version = shelf.add("one")
        shelf.publish(version)
        shelf.write(version)
    with pytest.raises(DBAPIError, match="permission denied"), database.transaction(tenant_id) as connection:
        connection.execute(text(change.format(table)))
    owner = Database(url_of("owner"), pool_size=1)  # type: ignore[operator]
    with pytest.raises(DBAPIError, match="never change"), owner.transaction(tenant_id) as connection:
        connection.execute(text(change.format(table)))
    owner.dispose()


def test_the_product_s_layers_are_not_written_by_the_agency(shelf: Shelf) -> None:
    for place in (BASE_EN, SHOP_EN):
        with pytest.raises(Invalid, match="comes with the product"):
            shelf.add("ours", place)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("title: [1", "no YAML"),
        ("- a", "mapping"),
        ("", "empty"),
        ("title: a\ntitle: b", "twice"),
        ("title: &x 1\nsubtitle: *x", "Anchors"),
        ("title: !!python/none x", "Tags"),
        ("title: b\0", "character"),
        ("title: " + "x" * LARGEST_PART, "longer"),
        ("title: " + "[" * 40 + "]" * 40, "nested"),
        ("tittle: x", "no such key"),
    ],
)
def test_a_source_that_can_not_be_read_is_refused_with_its_findings(shelf: Shelf, source: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        adding.add_version(shelf.connection, shelf.tenant_id, AGENCY_EN, source, "staff:ada")
    assert problem in str(refused.value.extra["findings"])


@pytest.mark.parametrize(
    ("layer", "sector", "part"),
    [
        ("agency", "ecommerce", "en"), ("sector", "", "en"), ("agency-sector", "A b", "en"), ("agency-sector", "x" * 61, "en"),
        ("top", "", "en"), ("agency", "", "de"),
    ],
)  # fmt: skip
def test_a_place_that_there_is_not_has_no_name(layer: str, sector: str, part: str) -> None:
    with pytest.raises(Invalid):
        Place.named(layer, sector, part)


def test_another_agency_sees_and_uses_none_of_them(
    database: Database, tenant_id: UUID, make_tenant: MakeTenant
) -> None:
    with database.transaction(tenant_id) as connection:
        version = Shelf(connection, tenant_id).add("ours")
        Shelf(connection, tenant_id).publish(version)
    stranger = make_tenant()
    with database.transaction(stranger) as connection:
        shelf = Shelf(connection, stranger)
        with pytest.raises(NotFound):
            adding.get_version(connection, stranger, version.id)
        with pytest.raises(NotFound):
            shelf.publish(version)
        assert shelf.titles() == []
        assert repository.list_versions(connection, stranger, {}, None, 10) == []
        # The wall holds when the code asks for somebody else.
        assert repository.list_versions(connection, tenant_id, {}, None, 10) == []


def test_lists_begin_with_the_newest_and_go_on_behind_an_entry(shelf: Shelf) -> None:
    added = [shelf.add(title) for title in ("one", "two", "three")]
    shelf.add("else", Place.named("agency", "", "fr"))
    found = repository.list_versions(shelf.connection, shelf.tenant_id, {"layer": "agency", "part": "en"}, None, 2)
    assert [one.number for one in found] == [3, 2]
    rest = repository.list_versions(shelf.connection, shelf.tenant_id, {"part": "en"}, found[-1].id, 2)
    assert [one.id for one in rest] == [added[0].id]


def test_a_strategy_knows_its_versions_and_a_version_its_strategies(shelf: Shelf) -> None:
    first, second = shelf.add("one"), shelf.add("2", Place.named("agency", "", "plan"))
    older, newer = shelf.write(first, second), shelf.write(first)
    stack = stacks.composed_of(shelf.connection, shelf.tenant_id, older, "ecommerce", "en")
    assert [one.id for one in stack.versions] == [second.id, first.id]
    made = repository.strategies_made_with(shelf.connection, shelf.tenant_id, first.id, None, 10)
    assert [strategy_id for strategy_id, _ in made] == [newer, older]
    assert repository.strategies_made_with(shelf.connection, shelf.tenant_id, first.id, newer, 10) == made[1:]
