"""Parts of layers are read from their text, and what is wrong with one is said with its place."""

import json
import re
from pathlib import Path

import pytest
from markezy.strategies.layers.findings import NotALayer
from markezy.strategies.layers.layer import LANGUAGES, read
from markezy.strategies.layers.schema import schema_text
from markezy.strategies.layers.shipped import sectors, shipped_layers, shipped_text
from markezy.strategies.writing.assembling import words_of
from markezy.strategies.writing.trial import find_problems

DOCS = Path(__file__).parents[4] / "docs"


@pytest.mark.parametrize(
    ("text", "line", "place", "message"),
    [
        ("title: [", None, "", "no YAML"),
        ("title: a\ntitle: b", 2, "title", "twice"),
        ("title: &x a", 1, "", "Anchors"),
        ("title: a\nheadline: b", 2, "headline", "no such key"),
        ("sections:\n  summary:\n    blocks:\n      a: {kind: poem, text: x}", 4, "sections/summary/blocks/a/kind", "paragraph"),
        ("sections:\n  Summary: {heading: a}", 2, "sections/Summary", "match"),
        ("title: ''", 1, "title", "at least 1"),
        ("- a", 1, "", "mapping"),
    ],
)  # fmt: skip
def test_what_is_no_layer_says_where(text: str, line: int | None, place: str, message: str) -> None:
    with pytest.raises(NotALayer) as caught:
        read(text, "base", "en", "base/en.yml")
    finding = caught.value.findings[0]
    assert (finding.at, message in finding.message) == (place, True), finding
    assert line is None or finding.line == line
    assert str(finding).startswith("error in base/en.yml")


def test_the_example_of_the_guide_is_a_layer_that_works() -> None:
    example = re.findall(r"```yaml\n(.*?)```", (DOCS / "strategies.md").read_text(), re.DOTALL)[0]
    words = words_of((*shipped_layers("", "en"), read(example, "sector", "en", "docs/strategies.md")))
    assert list(find_problems(words, "docs/strategies.md", "en")) == []


def test_figures_are_read_by_their_own_rules() -> None:
    with pytest.raises(NotALayer) as caught:
        read("channels:\n  print: {weight: heavy}", "base", "plan", "base/plan.yml")
    assert (caught.value.findings[0].at, caught.value.findings[0].line) == ("channels/print/weight", 2)
    read("channels: {print: null, email: {weight: 3}}", "sector", "plan", "plan.yml")


def test_a_sector_without_layers_is_served_by_the_base() -> None:
    assert [layer.name for layer in shipped_layers("beekeeping", "en")] == ["base"]


@pytest.mark.parametrize("name", ["../base", "..", "", "/etc"])
def test_a_sector_is_no_path(name: str) -> None:
    assert shipped_text("sector", name, "en") is None


def test_a_part_that_nobody_wrote_is_no_layer() -> None:
    with pytest.raises(NotALayer, match=r"base/xx\.yml"):
        shipped_layers("ecommerce", "xx")


@pytest.mark.parametrize("part", ["words", "plan"])
def test_the_schemas_of_the_docs_are_those_of_the_code(part: str) -> None:
    file = DOCS / f"strategy-{part}.schema.json"
    assert file.read_text() == schema_text(part), f"run: python -m markezy.cli strategy schema {part} > {file.name}"


def test_a_share_of_a_plan_and_null_fit_the_schema_of_plans() -> None:
    schema = json.loads(schema_text("plan"))
    assert "required" not in json.dumps(schema)
    assert {"type": "null"} in schema["properties"]["channels"]["anyOf"]


def test_each_shipped_sector_has_figures_and_every_language() -> None:
    for sector in sectors():
        assert shipped_text("sector", sector, "plan"), sector
        assert all(shipped_text("sector", sector, language) for language in LANGUAGES), sector
