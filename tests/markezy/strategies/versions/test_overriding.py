"""Putting one text into a source, and taking it out, without touching the rest."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markezy.kernel.strict_yaml import UnreadableYaml, load_strictly
from markezy.strategies.layers.layer import PLAN
from markezy.strategies.versions.adopting import product_files
from markezy.strategies.versions.overriding import with_value, without

ESSENCE = ("sections", "summary", "blocks", "essence", "text")


def read(source: str) -> Any:
    return load_strictly(source, 300_000)[0]


def at(data: Any, place: tuple[str, ...]) -> Any:
    for step in place:
        data = data.get(step) if isinstance(data, dict) else None
    return data


@pytest.mark.parametrize("source", ["", "# Nothing of our own yet.\n", "# Nothing of our own yet."])
def test_the_first_text_stands_below_the_comments(source: str) -> None:
    written = with_value(source, ESSENCE, "Ours.")
    assert written.startswith(source)
    assert read(written) == {"sections": {"summary": {"blocks": {"essence": {"text": "Ours."}}}}}


def test_comments_and_order_stay() -> None:
    source = '# Ours.\ntitle: "A"  # short\nsections:\n  summary:\n    heading: In short\n    # More to come.\nterms: {result: sale}\n'
    written = with_value(source, ESSENCE, 'Say "yes": {{ called }} # 1')
    assert [line for line in written.splitlines() if line in source.splitlines()] == source.splitlines()
    assert at(read(written), ESSENCE) == 'Say "yes": {{ called }} # 1'
    written = with_value(written, ("terms", "results"), "sales")
    assert 'terms: {result: sale, results: "sales"}' in written
    assert with_value(written, ("title",), "B").startswith('# Ours.\ntitle: "B"  # short\n')


def test_a_text_over_several_lines_is_replaced_as_a_whole() -> None:
    source = "sections:\n  summary:\n    blocks:\n      essence:\n        text: >-\n          One\n          two.\n\n      goal: null\n"
    written = with_value(source, ESSENCE, "Three\r\nfour.")
    assert read(written)["sections"]["summary"]["blocks"] == {"essence": {"text": "Three four."}, "goal": None}


def test_what_was_taken_out_can_be_said_again() -> None:
    written = with_value("sections: {summary: {blocks: {essence: null}}}\n", ESSENCE, "Ours.")
    assert at(read(written), ESSENCE) == "Ours."
    written = with_value("sections:\n  summary:\n", ESSENCE, "Ours.")
    assert at(read(written), ESSENCE) == "Ours."


def test_a_row_is_put_in_cell_by_cell() -> None:
    place = ("sections", "risks", "blocks", "list", "rows", "flour")
    assert at(read(with_value("title: A\n", place, ["<b>Flour</b>", "Dear"])), place) == ["<b>Flour</b>", "Dear"]


def test_what_is_taken_out_leaves_nothing_empty_behind() -> None:
    source = "# Ours.\ntitle: A  # short\n"
    assert without(with_value(source, ESSENCE, "Ours."), ESSENCE) == source
    assert without("title: A\n", ("title",)) == "{}\n"
    assert without(source, ESSENCE) == source
    assert read(without("terms: {result: sale, results: sales}\n", ("terms", "result"))) == {
        "terms": {"results": "sales"}
    }


@pytest.mark.parametrize("source", ["a: [", "- a\n", "a: 1\na: 2\n"])
def test_what_is_no_layer_is_left_alone(source: str) -> None:
    with pytest.raises(UnreadableYaml):
        with_value(source, ESSENCE, "Ours.")


WORDS = [file.source for file in product_files() if file.place.part != PLAN]


def texts_in(data: Any, place: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [place] if isinstance(data, str) else []
    return found + [
        each
        for name, below in (data.items() if isinstance(data, dict) else ())
        for each in texts_in(below, (*place, name))
    ]


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(WORDS), st.data(), st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40))
def test_any_text_of_the_products_can_be_replaced_and_only_that(source: str, data: st.DataObject, said: str) -> None:
    before = read(source)
    place = data.draw(st.sampled_from(texts_in(before)))
    written = with_value(source, place, said)
    after = read(written)
    assert at(after, place) == " ".join(said.strip().splitlines())
    assert with_value(written, place, at(before, place)).count("#") == source.count("#")
    gone = without(written, place)
    assert at(read(gone), place) is None
