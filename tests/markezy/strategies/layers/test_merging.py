"""The rule by which layers become one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markezy.strategies.layers.layer import LayerName
from markezy.strategies.layers.merging import circling, in_order, merge, merge_data, misplaced

from tests.markezy.strategies.words_of_tests import SMALL, layer

_KEYS = st.sampled_from(["a", "b", "c", "d"])
_LEAVES = st.one_of(st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2))
# Keys of one kind hold mappings, the others do not: as the schema has it, where no place is now a text and now a section.
_INNER = st.dictionaries(_KEYS, _LEAVES, max_size=4)
_TREES = st.builds(
    lambda leaves, inner: {**leaves, **{f"{key}_map": value for key, value in inner.items()}},
    st.dictionaries(_KEYS, _LEAVES, max_size=4),
    st.dictionaries(_KEYS, _INNER, max_size=3),
)


@given(_TREES, _TREES, _TREES)
def test_it_does_not_matter_which_neighbours_are_merged_first(low: Any, middle: Any, top: Any) -> None:
    assert merge_data(merge_data(low, middle), top) == merge_data(low, merge_data(middle, top))


@given(_TREES, _TREES)
def test_what_the_upper_layer_says_holds_and_the_rest_stays(low: Any, top: Any) -> None:
    merged = merge_data(low, top)
    assert set(merged) == set(low) | set(top)
    assert all(merged[key] == value for key, value in top.items() if not isinstance(value, dict))
    assert all(merged[key] == value for key, value in low.items() if key not in top)


@given(_TREES)
def test_a_layer_with_nothing_in_it_changes_nothing(tree: Any) -> None:
    assert merge_data(tree, {}) == tree == merge_data({}, tree)


@given(_TREES, _TREES, st.data())
def test_null_removes_a_key_and_all_below_it(low: Any, top: Any, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted({*low, *top, "a"})))
    merged = merge_data(low, {**top, key: None})
    assert key not in merged
    assert merged == {name: value for name, value in merge_data(low, top).items() if name != key}


@given(_TREES, _TREES)
def test_no_layer_is_changed_by_being_merged(low: Any, top: Any) -> None:
    copies = repr(low), repr(top)
    merge_data(low, top)
    assert (repr(low), repr(top)) == copies


@given(_TREES, _TREES)
def test_keys_stay_where_they_were_first_written(low: Any, top: Any) -> None:
    assert list(merge_data(low, top)) == [*low, *(key for key in top if key not in low)]


class TestOrder:
    def test_one_stands_behind_the_sibling_it_names(self) -> None:
        assert in_order({"a": {}, "b": {}, "c": {"after": "a"}}) == ["a", "c", "b"]

    def test_an_empty_name_is_the_first_place(self) -> None:
        assert in_order({"a": {}, "b": {"after": ""}}) == ["b", "a"]

    def test_several_behind_the_same_one_keep_their_order(self) -> None:
        assert in_order({"a": {}, "z": {}, "b": {"after": "a"}, "c": {"after": "a"}, "d": {"after": "b"}}) == list(
            "abdcz"
        )

    def test_one_whose_sibling_is_not_there_stays_where_it_is(self) -> None:
        entries = {"a": {}, "b": {"after": "x"}, "c": {}, "d": {"after": "d"}}
        assert in_order(entries) == list("abcd")
        assert misplaced(entries) == ["b", "d"]

    def test_a_circle_comes_last(self) -> None:
        entries = {"a": {"after": "b"}, "b": {"after": "a"}, "c": {}, "d": {"after": "a"}, "e": {"after": "c"}}
        assert in_order(entries) == ["c", "e", "a", "b", "d"]
        assert circling(entries) == ["a", "b", "d"]

    @given(
        st.dictionaries(
            _KEYS, st.one_of(st.just({}), st.builds(lambda to: {"after": to}, st.sampled_from(["", *"abcdx"])))
        )
    )
    def test_each_key_has_one_place(self, entries: Any) -> None:
        ordered = in_order(entries)
        assert sorted(ordered) == sorted(entries)
        for key, entry in entries.items():
            assert key not in circling(entries) or entry["after"] in entries
            if entry.get("after") in entries and entry["after"] != key and "after" not in entries[entry["after"]]:
                assert ordered.index(entry["after"]) < ordered.index(key)


class TestStandIns:
    def test_one_that_a_layer_above_changes_is_that_layers_own(self) -> None:
        low = {
            "rows": {
                "usual": {"stand_in": True, "when": "x", "cells": ["a"]},
                "other": {"stand_in": True, "cells": ["b"]},
            }
        }
        assert merge_data(low, {"rows": {"usual": {"cells": ["ours"]}}}) == {
            "rows": {"usual": {"when": "x", "cells": ["ours"]}, "other": {"stand_in": True, "cells": ["b"]}}
        }

    def test_one_stays_one_where_the_layer_above_says_so(self) -> None:
        assert merge_data({"a": {"stand_in": True, "text": "x"}}, {"a": {"stand_in": True, "text": "y"}}) == {
            "a": {"stand_in": True, "text": "y"}
        }


def test_it_is_known_which_layer_a_place_came_from() -> None:
    above = layer({"sections": {"summary": {"blocks": {"goal": {"text": "Ours."}}}}}, LayerName.AGENCY)
    merged = merge([layer(SMALL), above])
    blocks = ("sections", "summary", "blocks")
    assert merged.owner((*blocks, "goal")) is above
    assert merged.owner((*blocks, "goal", "when")).name == LayerName.BASE  # type: ignore[union-attr]
    assert merged.owner((*blocks, "essence")).name == LayerName.BASE  # type: ignore[union-attr]


def test_a_place_that_was_removed_belongs_to_nobody_but_is_remembered() -> None:
    merged = merge([layer(SMALL), layer({"channels": {"email": None}}, LayerName.SECTOR)])
    assert ("channels", "email", "name") not in merged.owners
    assert ("channels", "email", "name") in merged.written
