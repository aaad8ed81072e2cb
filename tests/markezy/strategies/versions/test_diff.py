"""What changed between two versions, told place by place."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markezy.kernel.errors import Invalid
from markezy.strategies.versions.diff import Change, ChangeKind, diff, diff_sources
from markezy.strategies.versions.model import Version
from yaml import safe_dump

OLD = """
title: "More orders"
terms: {business: your shop, result: order}
sections:
  audience:
    heading: Who they are
    blocks:
      personas: {kind: table, columns: [Who, What], rows: {regulars: ["Regulars", "To be known"]}}
  risks: {heading: Risks}
"""
NEW = """
title: "More orders"
terms: {result: order, business: your store}
sections:
  audience:
    heading: Who they are
    blocks:
      personas: {kind: table, columns: [Who, What], rows: {regulars: ["Regulars", "To be greeted"]}}
      intro: {text: "Two groups"}
"""


def version(source: str, format_: str = "layer") -> Version:
    return Version(UUID(int=1), format_, "agency", "", "en", 1, "", "", datetime(2026, 1, 1, tzinfo=UTC), source)


def test_each_difference_has_its_place_and_both_texts() -> None:
    assert diff(version(OLD), version(NEW)) == [
        Change("terms/business", ChangeKind.CHANGED, "your shop", "your store"),
        Change("terms", ChangeKind.MOVED, "business, result", "result, business"),
        Change(
            "sections/audience/blocks/personas/rows/regulars", ChangeKind.CHANGED,
            "Regulars\nTo be known", "Regulars\nTo be greeted",
        ),
        Change("sections/audience/blocks/intro/text", ChangeKind.ADDED, None, "Two groups"),
        Change("sections/risks/heading", ChangeKind.REMOVED, "Risks", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("a: 1", "a: true", "1", "true"),
        ("a: 1", 'a: "1"', "1", "1"),
        ("a: x", "a: null", "x", "null"),
        ("a: [1, 2]", "a: [1, 3]", "[1, 2]", "[1, 3]"),
        ("a: 2026-01-31", "a: é", "2026-01-31", "é"),
    ],
)
def test_values_are_shown_as_somebody_would_write_them(old: str, new: str, before: str, after: str) -> None:
    assert diff_sources(old, new) == [Change("a", ChangeKind.CHANGED, before, after)]


def test_a_mapping_that_becomes_a_text_is_both_removed_and_added() -> None:
    assert diff_sources("a: {b: x}", "a: y") == [
        Change("a/b", ChangeKind.REMOVED, "x", None), Change("a", ChangeKind.ADDED, None, "y"),
    ]  # fmt: skip


def test_old_templates_are_compared_line_by_line_and_not_with_layers() -> None:
    old, new = version("<p>one</p>\n<p>two</p>\n<p>three</p>", "html"), version("<p>one</p>\n<p>2</p>\n", "html")
    assert diff(old, new) == [Change("line 2", ChangeKind.CHANGED, "<p>two</p>\n<p>three</p>", "<p>2</p>")]
    with pytest.raises(Invalid):
        diff(old, version(NEW))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="ascii", exclude_categories=["C"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex("[a-z]{1,3}", fullmatch=True), inner),
    max_leaves=8,
)
SOURCES = st.dictionaries(st.from_regex("[a-z]{1,3}", fullmatch=True), VALUES).map(
    lambda data: safe_dump(data, sort_keys=False)
)


@given(SOURCES, SOURCES)
def test_there_is_a_difference_exactly_where_the_data_differ(old: str, new: str) -> None:
    assert diff_sources(old, old) == []
    changes = diff_sources(old, new)
    mirrored = {(one.at, one.before, one.after) for one in diff_sources(new, old)}
    assert {(one.at, one.after, one.before) for one in changes} == mirrored
