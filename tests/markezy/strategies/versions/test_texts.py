"""The texts an agency picks from: what is said now, where, and by whom."""

from collections.abc import Sequence

import pytest
from markezy.strategies.layers.layer import LayerName
from markezy.strategies.versions import adopting
from markezy.strategies.versions.model import Place, ProductFile
from markezy.strategies.versions.texts import WordingGroup, texts_in_force, versions_below

from tests.markezy.strategies.versions.conftest import AGENCY_EN, BASE_EN, Shelf

BASE = """
title: Ours
sections:
  risks:
    heading: Risks
    blocks:
      last: {after: list, when: budget, text: The end}
      list:
        kind: table
        columns: [What, Why]
        rows:
          any: {stand_in: true, cells: [Anything, Always]}
"""
FLOUR = "{sections: {risks: {blocks: {list: {rows: {flour: [Flour, Dear]}}}}}}"
LIST = "sections/risks/blocks/list"


@pytest.fixture
def based(shelf: Shelf) -> Shelf:
    """A shelf on which the base says something."""
    adopting.adopt(shelf.connection, shelf.tenant_id, [ProductFile(BASE_EN, BASE)])
    return shelf


def groups(shelf: Shelf, source: str, place: Place = AGENCY_EN) -> list[WordingGroup]:
    return texts_in_force(shelf.connection, shelf.tenant_id, place, source)


def told(found: Sequence[WordingGroup]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.at, one.layer, one.texts) for group in found for one in group.wordings]


def test_they_come_in_reading_order_with_their_layer(based: Shelf) -> None:
    found = groups(based, "title: Mine")
    assert [(group.id, group.heading) for group in found] == [("", ""), ("sections/risks", "Risks")]
    assert told(found) == [
        ("title", "agency", ("Mine",)),
        ("sections/risks/heading", "base", ("Risks",)),
        (f"{LIST}/columns", "base", ("What", "Why")),
        (f"{LIST}/rows/any/cells", "base", ("Anything", "Always")),
        ("sections/risks/blocks/last/text", "base", ("The end",)),
    ]


def test_conditions_and_what_stands_in_are_told(based: Shelf) -> None:
    by_place = {one.at: one for group in groups(based, "title: Mine") for one in group.wordings}
    assert by_place["sections/risks/blocks/last/text"].when == "budget"
    assert by_place[f"{LIST}/rows/any/cells"].stands_in
    assert by_place[f"{LIST}/rows/any/cells"].is_row


def test_what_stands_in_is_gone_where_there_are_others(based: Shelf) -> None:
    places = [at for at, _, _ in told(groups(based, FLOUR))]
    assert f"{LIST}/rows/flour" in places
    assert f"{LIST}/rows/any/cells" not in places


@pytest.mark.parametrize("source", ["", "a: [", "nothing_such: x"])
def test_a_source_that_cannot_be_read_says_nothing(based: Shelf, source: str) -> None:
    assert told(groups(based, source))[0] == ("title", "base", ("Ours",))


def test_figures_have_no_texts_and_only_layers_below_count(based: Shelf) -> None:
    assert groups(based, "", Place.named("agency", "", "plan")) == []
    based.publish_new("Mine")
    above = Place(LayerName.AGENCY_SECTOR, "ecommerce", "en")
    for place, layers in ((BASE_EN, []), (AGENCY_EN, ["base"]), (above, ["base", "agency"])):
        assert [one.layer for one in versions_below(based.connection, based.tenant_id, place)] == layers
