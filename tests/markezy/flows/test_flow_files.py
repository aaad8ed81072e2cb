"""Flows as YAML files: what is written is read back, and what can't be read says where."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markezy.flows import checks
from markezy.flows.checks import find_problems
from markezy.flows.definition import FlowDefinition, parse_definition
from markezy.flows.engine import Flow
from markezy.flows.exchange.flow_file import UnreadableFlow
from markezy.flows.exchange.schema import flow_schema, schema_text
from markezy.flows.exchange.yaml_files import export_flow, import_flow

from tests.markezy.flows.conftest import SEEDS, small_flow

DOCS = Path(__file__).parents[3] / "docs"
SMALL = FlowDefinition.model_validate(small_flow())


def test_the_seeded_flows_come_back_unchanged(seeded: Flow) -> None:
    text = export_flow(seeded.definition, "The shop", "shop")
    back = import_flow(text)
    assert (back.definition, back.name, back.slug) == (seeded.definition, "The shop", "shop")
    assert export_flow(back.definition, "The shop", "shop") == text
    assert max(map(len, text.splitlines())) < 600


@settings(max_examples=150, deadline=None)
@example("a\n")
@example("\n")
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_text_comes_back_unchanged(words: str) -> None:
    flow = small_flow()
    flow["greeting"] = {"en": words, "fr": f"{words}\n\n  {words}\n"}
    flow["questions"]["goal"]["options"][0]["synonyms"] = [words, "no", "12:30", "1e3", "0x1f", "2027-01-31", "~", "<<"]
    definition = FlowDefinition.model_validate(flow)
    assert import_flow(export_flow(definition, "A flow", "flow")).definition == definition


def test_questions_and_languages_are_written_in_the_order_of_the_way() -> None:
    """The database gives names back in an order of its own."""
    shuffled = json.loads(json.dumps(small_flow(), sort_keys=True))
    text = export_flow(FlowDefinition.model_validate({**shuffled, "locales": ["fr", "en"]}), "A flow", "flow")
    written = yaml.safe_load(text)
    assert list(written["questions"]) == ["goal", "budget", "rich", "reason", "name"]
    assert list(written["greeting"]) == ["fr", "en"]


def test_an_export_names_its_schema_first() -> None:
    assert export_flow(SMALL, "A", "a").startswith("# yaml-language-server: $schema=flow.schema.json\n")


def test_a_file_may_leave_name_and_slug_open() -> None:
    back = import_flow((SEEDS / "ecommerce.yml").read_text())
    assert (back.name, back.slug) == (None, None)


def test_words_that_other_yaml_takes_for_something_else_stay_words() -> None:
    text = export_flow(SMALL, "A", "a").replace("- value: other", "- value: no")
    assert import_flow(text).definition.questions["goal"].options[1].value == "no"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "empty"),
        ("a: [1\nb: 2", 2, "no YAML"),
        ("- 1\n- 2", 1, "mapping"),
        ("a: &x 1\nb: *x", 1, "Anchors"),
        ("a: 1\nb: !!python/object:os.system x", 2, "Tags"),
        ("start: a\nstart: b", 2, "twice"),
        ("a: 1\n---\nb: 2", 2, "one document"),
        ("[" * 5000, 1, "too deeply"),
        ("1: 2\n? [a]\n: b", 2, "has to be a text"),
        ("a: \x07", 1, "character"),
        ("x" * 1_000_001, None, "longer"),
        ("name: 5", 1, "characters"),
    ],
)
def test_what_is_no_flow_says_where(text: str, line: int | None, message: str) -> None:
    with pytest.raises(UnreadableFlow) as refused:
        import_flow(text)
    (problem,) = refused.value.problems
    assert (problem.line, message in problem.message) == (line, True), problem


def test_each_wrong_place_is_told_with_its_line() -> None:
    text = (SEEDS / "ecommerce.yml").read_text().replace("type: url", "type: uri").replace("points: 15", "points: many")
    lines = text.splitlines()
    with pytest.raises(UnreadableFlow) as refused:
        import_flow(text)
    for problem in refused.value.problems:
        assert problem.line is not None
        assert "uri" in lines[problem.line - 1] or "many" in lines[problem.line - 1]
    assert str(refused.value).startswith("line 128 questions/website/type: ")


def test_a_finding_is_found_in_the_file() -> None:
    flow = import_flow((SEEDS / "ecommerce.yml").read_text())
    lines = (SEEDS / "ecommerce.yml").read_text().splitlines()
    assert "value: tech" in lines[(flow.line_of("questions/category/options/tech") or 0) - 1]
    assert "budget < 300" in lines[(flow.line_of("questions/phone/next/1") or 0) - 1]
    assert lines[(flow.line_of("questions/phone/unknown/place") or 0) - 1].strip() == "phone:"


def test_the_published_schema_is_the_current_one() -> None:
    assert (DOCS / "flow.schema.json").read_text() == schema_text(), "write it anew: python -m markezy.cli flow schema"


def test_the_schema_explains_everything_a_flow_may_say() -> None:
    schema = flow_schema()
    parts: dict[str, Any] = {"FlowDefinition": schema, **schema["$defs"]}
    for name, part in parts.items():
        for key, property_ in part.get("properties", {}).items():
            assert property_.get("description"), f"{name}.{key}"
    assert set(FlowDefinition.model_fields) | {"name", "slug"} == set(schema["properties"])
    assert parse_definition(small_flow())


def test_the_example_for_agencies_is_a_flow_in_order() -> None:
    example = (DOCS / "flows.md").read_text().split("```yaml\n")[1].split("```")[0]
    assert find_problems(import_flow(example).definition) == []


def test_every_finding_is_explained_to_agencies() -> None:
    sources = (Path(checks.__file__).parent).glob("*.py")
    codes = {
        code
        for source in sources
        for code in re.findall(r'^ +"([a-z]+_[a-z]+|cycle|unreachable)",$', source.read_text(), re.M)
    }
    assert len(codes) > 15
    explained = (DOCS / "flows.md").read_text()
    assert [code for code in sorted(codes) if f"`{code}`" not in explained] == []
