"""Which versions count: publishing, going back, and what comes with the product."""

import threading
from uuid import UUID

import pytest
from markezy.kernel.db import Database
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.ids import new_id
from markezy.strategies import api
from markezy.strategies.tables import strategy_template_version
from markezy.strategies.versions import repository, stacks
from markezy.strategies.versions.model import Format, Place
from sqlalchemy import insert

from tests.markezy.strategies.versions.conftest import AGENCY_EN, BASE_EN, BASE_PLAN, SHOP_EN, Counter, Shelf


def test_a_version_counts_once_it_is_published(shelf: Shelf) -> None:
    version = shelf.add("one")
    assert shelf.titles() == []
    release = shelf.publish(version, note="first")
    assert (release.number, release.kind, release.note, release.author) == (1, "publish", "first", "staff:ada")
    assert shelf.titles() == ["one"]
    shelf.publish_new("two")
    assert shelf.titles() == ["two"]


def test_publishing_what_counts_already_changes_nothing(shelf: Shelf) -> None:
    release = shelf.publish_new("one")
    assert shelf.publish(shelf.newest(AGENCY_EN)) == release


def test_one_step_back_and_another_one(shelf: Shelf) -> None:
    for title in ("one", "two", "three"):
        shelf.publish_new(title)
    back = shelf.roll_back()
    assert (back.number, back.kind, shelf.titles()) == (4, "rollback", ["two"])
    shelf.roll_back()
    assert shelf.titles() == ["one"]
    with pytest.raises(Conflict, match="nothing to go back to"):
        shelf.roll_back()


def test_what_was_taken_back_stays_away(shelf: Shelf) -> None:
    shelf.publish_new("one")
    shelf.publish_new("bad")
    shelf.roll_back()
    shelf.publish_new("three")
    shelf.roll_back()
    assert shelf.titles() == ["one"]


def test_going_back_to_an_experiment_deals_as_it_did(shelf: Shelf) -> None:
    versions = [shelf.add("one"), shelf.add("two")]
    shelf.try_out(*((version, 1) for version in versions))
    leads = [UUID(int=number) for number in range(64)]
    before = [shelf.titles(lead) for lead in leads]
    shelf.publish_new("three")
    shelf.roll_back()
    assert [shelf.titles(lead) for lead in leads] == before


def test_nothing_was_ever_released_to_go_back_from(shelf: Shelf) -> None:
    with pytest.raises(NotFound):
        shelf.roll_back()
    with pytest.raises(Conflict):
        shelf.publish(None)


def test_an_agency_s_layer_can_be_taken_out(shelf: Shelf) -> None:
    shelf.publish_new("one")
    shelf.publish(None)
    assert shelf.titles() == []
    shelf.roll_back()
    assert shelf.titles() == ["one"]
    shelf.adopt("base")
    with pytest.raises(Invalid):
        shelf.publish(None, BASE_EN)


def test_who_names_a_release_replaces_that_one_or_none(shelf: Shelf) -> None:
    shelf.publish_new("one")
    with pytest.raises(Conflict) as refused:
        shelf.publish(shelf.add("two"), expected_number=0)
    assert refused.value.extra["number"] == 1
    with pytest.raises(Conflict):
        shelf.roll_back(expected_number=2)
    assert shelf.publish(shelf.newest(AGENCY_EN), expected_number=1).number == 2


def test_only_versions_of_this_part_are_released(shelf: Shelf) -> None:
    shelf.add("one")
    other = shelf.add("un", Place.named("agency", "", "fr"))
    with pytest.raises(NotFound):
        shelf.publish(other)


def test_a_template_from_before_layers_is_never_released(shelf: Shelf) -> None:
    old = new_id()
    shelf.connection.execute(
        insert(strategy_template_version).values(
            tenant_id=shelf.tenant_id, id=old, format=Format.HTML, layer=SHOP_EN.layer, sector=SHOP_EN.sector, part=SHOP_EN.part,
            number=1, source="<p>old</p>", author="", note="",
        )
    )  # fmt: skip
    adopted = shelf.adopt("shop", SHOP_EN)
    assert (adopted.released, shelf.newest(SHOP_EN).number) == ((SHOP_EN,), 2)
    found = repository.find_version(shelf.connection, shelf.tenant_id, old)
    assert found is not None
    with pytest.raises(Invalid, match="before layers"):
        shelf.publish(found, SHOP_EN)


@pytest.mark.parametrize("weights", [(1,), (1, 0), (1, 1001), (1, 1, 1, 1, 1, 1)])
def test_an_experiment_has_some_versions_of_sensible_weights(shelf: Shelf, weights: tuple[int, ...]) -> None:
    versions = [shelf.add(str(number)) for number in range(len(weights))]
    with pytest.raises(Invalid):
        shelf.try_out(*zip(versions, weights, strict=True))
    with pytest.raises(Invalid, match="twice"):
        shelf.try_out((versions[0], 1), (versions[0], 1))


def test_two_who_publish_at_once_make_one_release_each_in_turn(database: Database, tenant_id: UUID) -> None:
    with database.transaction(tenant_id) as connection:
        shelf = Shelf(connection, tenant_id)
        shelf.publish_new("one")
        versions = [shelf.add("two"), shelf.add("three")]
    started = threading.Barrier(2)
    numbers: dict[int, str] = {}

    def publish(place: int) -> None:
        with database.transaction(tenant_id) as connection:
            started.wait(10)
            release = Shelf(connection, tenant_id).publish(versions[place])
            numbers[release.number] = ("two", "three")[place]

    threads = [threading.Thread(target=publish, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(numbers) == [2, 3]
    with database.transaction(tenant_id) as connection:
        shelf = Shelf(connection, tenant_id)
        assert shelf.titles() == [numbers[3]]
        listed = repository.list_releases(connection, tenant_id, {"part": "en"}, None, 10)
        assert [one.number for one in sorted(listed, key=lambda one: one.created_at)] == [1, 2, 3]
        shelf.roll_back()
        assert shelf.titles() == [numbers[2]]


def test_what_comes_with_the_product_counts_by_itself(shelf: Shelf) -> None:
    adopted = shelf.adopt("base", BASE_EN, BASE_PLAN)
    assert adopted.added == adopted.released == (BASE_EN, BASE_PLAN)
    assert shelf.newest(BASE_EN).author == "markezy"
    assert shelf.adopt("base", BASE_EN, BASE_PLAN).added == ()
    newer = shelf.adopt("better", BASE_EN)
    assert (newer.released, shelf.titles()) == ((BASE_EN,), ["better"])


def test_a_part_the_agency_decided_on_waits_for_the_agency(shelf: Shelf) -> None:
    shelf.adopt("old")
    shelf.adopt("new")
    shelf.roll_back(BASE_EN)
    adopted = shelf.adopt("newer")
    assert (adopted.added, adopted.released, adopted.waiting) == ((BASE_EN,), (), (BASE_EN,))
    assert shelf.titles() == ["old"]
    (part,) = stacks.parts_in_force(shelf.connection, shelf.tenant_id, {})
    assert (part.versions[0].number, part.newest.number, part.release.follows_product) == (1, 3, False)
    shelf.publish(shelf.newest(BASE_EN), BASE_EN, follows_product=True)
    shelf.adopt("newest")
    assert shelf.titles() == ["newest"]


def test_publishing_the_product_s_version_pins_it_and_following_unpins_it(shelf: Shelf) -> None:
    shelf.adopt("one")
    version = shelf.newest(BASE_EN)
    pinned = shelf.publish(version, BASE_EN)
    assert (pinned.number, pinned.follows_product) == (2, False)
    assert shelf.publish(version, BASE_EN, follows_product=True).number == 3
    with pytest.raises(Invalid):
        shelf.publish(shelf.add("ours"), follows_product=True)


def test_all_the_product_s_parts_are_taken_over_in_a_fixed_number_of_queries(shelf: Shelf, statements: Counter) -> None:
    places = [Place.named("sector", f"s{number}", part) for number in range(10) for part in ("plan", "en", "fr", "es")]
    shelf.adopt("one", *places)
    assert statements.statements <= 6


def test_every_file_of_the_product_is_taken_over(shelf: Shelf) -> None:
    files = api.product_files()
    assert {BASE_EN, BASE_PLAN, SHOP_EN} <= {file.place for file in files}
    adopted = api.adopt(shelf.connection, shelf.tenant_id, files)
    assert len(adopted.released) == len(files)
    layers = {(one.layer, one.part) for one in shelf.stack().versions}
    assert {("base", "plan"), ("sector", "plan"), ("base", "en"), ("sector", "en")} <= layers


def test_a_stack_has_the_layers_in_the_order_of_merging_and_is_read_in_one_query(
    shelf: Shelf, statements: Counter
) -> None:
    shelf.adopt("base", BASE_EN, BASE_PLAN, Place.named("base", "", "fr"))
    shelf.adopt("shop", SHOP_EN, Place.named("sector", "legal", "en"))
    own = Place.named("agency-sector", "ecommerce", "en")
    shelf.publish(shelf.add("our shop", own), own)
    shelf.publish_new("ours")
    statements.statements = 0
    stack = shelf.stack()
    assert statements.statements == 1
    assert [(one.layer, one.part) for one in stack.versions] == [
        ("base", "plan"), ("base", "en"), ("sector", "en"), ("agency", "en"), ("agency-sector", "en"),
    ]  # fmt: skip
    assert stack.sources("plan") == [("base", "title: base\n")]
    assert shelf.titles() == ["base", "shop", "ours", "our shop"]


def test_a_sector_of_the_agency_s_own_needs_no_layer_of_the_product(shelf: Shelf) -> None:
    shelf.adopt("base", BASE_EN, BASE_PLAN)
    own = Place.named("agency-sector", "weddings", "en")
    shelf.publish(shelf.add("weddings", own), own)
    stack = shelf.stack(sector="weddings")
    assert [layer for layer, _ in stack.sources("en")] == ["base", "agency-sector"]
    assert stacks.languages_in_force(shelf.connection, shelf.tenant_id, "weddings") == {"en"}
    assert stacks.languages_in_force(shelf.connection, shelf.tenant_id, "ecommerce") == frozenset()
