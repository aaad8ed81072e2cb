"""What a source would change on the sample leads, before it is a version."""

from collections.abc import Mapping

import pytest
import yaml
from markezy.leads.api import QualifiedLead
from markezy.strategies.versions.model import Place, Stack
from markezy.strategies.versions.previewing import Failure, GoldenChange, preview
from markezy.strategies.versions.reading import Finding, find_problems
from markezy.strategies.versions.workshop import NotComposed, Workshop
from markezy.strategies.writing.document import Block, Document, Kind, Origin, Section
from sqlalchemy import text

from tests.markezy.strategies.leads_of_tests import lead
from tests.markezy.strategies.versions.conftest import AGENCY_EN, BASE_EN, BASE_PLAN, Counter, Shelf


def golden(sector: str, locale: str) -> Mapping[str, QualifiedLead]:
    return {f"{sector}-small": lead(locale=locale), f"{sector}-large": lead({}, locale=locale)}


def compose(stack: Stack, told: QualifiedLead) -> Document:
    """A document in small: the title of the last layer, and a block a figure of the plan."""
    words: dict[str, str] = {}
    for _, source in stack.sources(stack.locale):
        words.update(yaml.safe_load(source))
    if "{{" in words.get("title", ""):
        raise NotComposed("the title has a gap")
    figures = {name: value for _, source in stack.sources("plan") for name, value in yaml.safe_load(source).items()}
    blocks = [
        Block("budget.table", Kind.TABLE, Origin("base"), columns=("Channel", "Share"), rows=(("Ads", str(figures)),)),
        Block("budget.chart", Kind.FIGURE, Origin("base"), figure="budget_split", data={"center": words.get("center", "")}),
    ]  # fmt: skip
    if told.answers:
        blocks.append(Block("budget.list", Kind.LIST, Origin("base"), text="Said", items=(words.get("note", ""),)))
    return Document(words.get("title", ""), "", stack.locale, (Section("budget", "Budget", tuple(blocks)),))


WORKSHOP = Workshop(find_problems, golden, compose)


def test_each_sample_lead_s_changed_blocks_are_told(shelf: Shelf) -> None:
    shelf.adopt("Plan", BASE_EN, BASE_PLAN)
    source = "title: Better\nnote: fresh\n"
    told = preview(shelf.connection, shelf.tenant_id, AGENCY_EN, source, "legal", WORKSHOP)
    assert (told.findings, told.failures, told.leads) == ((), (), 2)
    assert told.changes == (
        GoldenChange("legal-small", "en", "title", "changed", "Plan", "Better"),
        GoldenChange("legal-small", "en", "budget.list", "changed", "Said", "Said\nfresh"),
        GoldenChange("legal-large", "en", "title", "changed", "Plan", "Better"),
    )


def test_a_plan_is_tried_in_every_language(shelf: Shelf) -> None:
    shelf.adopt("Plan", BASE_PLAN)
    place = Place.named("agency", "", "plan")
    told = preview(shelf.connection, shelf.tenant_id, place, "title: 7", "legal", WORKSHOP)
    assert told.leads == 6
    assert {(one.locale, one.block) for one in told.changes} == {
        (locale, "budget.table") for locale in ("en", "fr", "es")
    }
    assert "Channel | Share" in str(told.changes[0].after)


def test_a_chart_counts_by_what_it_shows(shelf: Shelf) -> None:
    told = preview(shelf.connection, shelf.tenant_id, AGENCY_EN, "center: 900 EUR", "legal", WORKSHOP)
    assert {one.block for one in told.changes} == {"budget.chart"}


def test_what_can_not_be_read_has_findings_and_is_not_tried(shelf: Shelf) -> None:
    told = preview(shelf.connection, shelf.tenant_id, AGENCY_EN, "a: 1\na: 2", "legal", WORKSHOP)
    assert told.findings == (Finding("This name is there twice.", "a", 2),)
    assert told.leads == 0


def test_what_can_not_be_written_is_named_with_its_lead(shelf: Shelf) -> None:
    told = preview(shelf.connection, shelf.tenant_id, AGENCY_EN, 'title: "{{ gap }}"', "legal", WORKSHOP)
    assert told.changes == ()
    assert told.failures[0] == Failure("legal-small", "en", "the title has a gap")


def test_nothing_is_kept_and_the_number_of_queries_does_not_grow(shelf: Shelf, statements: Counter) -> None:
    preview(shelf.connection, shelf.tenant_id, Place.named("agency", "", "plan"), "a: 1", "legal", WORKSHOP)
    assert statements.statements == 3
    for table in ("strategy_template_version", "strategy_template_release", "strategy"):
        assert shelf.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


@pytest.mark.parametrize("source", ["title: One", "title: Two"])
def test_a_preview_of_what_is_in_force_shows_nothing(shelf: Shelf, source: str) -> None:
    shelf.publish(shelf.add(source.removeprefix("title: ")))
    assert preview(shelf.connection, shelf.tenant_id, AGENCY_EN, source, "legal", WORKSHOP).changes == ()
