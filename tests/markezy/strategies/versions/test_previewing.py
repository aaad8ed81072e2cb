"""What a source would change on the sample leads, before it is a version."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
import yaml
from markezy.kernel.errors import Invalid
from markezy.leads.api import QualifiedLead
from markezy.strategies import api
from markezy.strategies.layers.findings import Finding
from markezy.strategies.layers.layer import LANGUAGES, PLAN
from markezy.strategies.layers.shipped import shipped_text
from markezy.strategies.versions.adding import add_version
from markezy.strategies.versions.model import Place, ProductFile, Stack
from markezy.strategies.versions.previewing import Failure, GoldenChange, preview
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


WORDS = """
title: "Plan for {{ called }}"
subtitle: "For 90 days"
briefing_title: "Briefing"
terms: {business: your shop, result: order, results: orders, customer: customer, customers: customers, value: order}
sections:
  budget: {heading: Budget, blocks: {size: {text: "A {{ plan.size }} budget"}}}
"""
SMALL = Workshop(lambda _stack, _place: [], golden, compose)


def test_each_sample_lead_s_changed_blocks_are_told(shelf: Shelf) -> None:
    shelf.adopt("Plan", BASE_EN, BASE_PLAN)
    source = "title: Better\nnote: fresh\n"
    told = preview(shelf.connection, shelf.tenant_id, AGENCY_EN, source, "legal", SMALL)
    assert (told.findings, told.failures, told.leads) == ((), (), 2)
    assert told.changes == (
        GoldenChange("legal-small", "en", "title", "changed", "Plan", "Better"),
        GoldenChange("legal-small", "en", "budget.list", "changed", "Said", "Said\nfresh"),
        GoldenChange("legal-large", "en", "title", "changed", "Plan", "Better"),
    )


def test_a_plan_is_tried_in_every_language(shelf: Shelf) -> None:
    shelf.adopt("Plan", BASE_PLAN)
    place = Place.named("agency", "", "plan")
    told = preview(shelf.connection, shelf.tenant_id, place, "title: 7", "legal", SMALL)
    assert told.leads == 6
    assert {(one.locale, one.block) for one in told.changes} == {
        (locale, "budget.table") for locale in ("en", "fr", "es")
    }
    assert "Channel | Share" in str(told.changes[0].after)


def test_a_chart_counts_by_what_it_shows(shelf: Shelf) -> None:
    told = preview(shelf.connection, shelf.tenant_id, AGENCY_EN, "center: 900 EUR", "legal", SMALL)
    assert {one.block for one in told.changes} == {"budget.chart"}


def test_what_is_wrong_is_told_and_not_tried(shelf: Shelf) -> None:
    wrong = Finding("agency/en", "title", "A gap.", "Close it.")
    told = preview(
        shelf.connection, shelf.tenant_id, AGENCY_EN, "title: x", "legal", replace(SMALL, check=lambda *_: [wrong])
    )
    assert (told.findings, told.leads) == ((wrong,), 0)


def test_what_can_not_be_written_is_named_with_its_lead(shelf: Shelf) -> None:
    told = preview(shelf.connection, shelf.tenant_id, AGENCY_EN, 'title: "{{ gap }}"', "legal", SMALL)
    assert told.changes == ()
    assert told.failures[0] == Failure("legal-small", "en", "the title has a gap")


def test_nothing_is_kept_and_the_number_of_queries_does_not_grow(shelf: Shelf, statements: Counter) -> None:
    preview(shelf.connection, shelf.tenant_id, Place.named("agency", "", "plan"), "a: 1", "legal", SMALL)
    assert statements.statements == 4
    for table in ("strategy_template_version", "strategy_template_release", "strategy"):
        assert shelf.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


@pytest.mark.parametrize("source", ["title: One", "title: Two"])
def test_a_preview_of_what_is_in_force_shows_nothing(shelf: Shelf, source: str) -> None:
    shelf.publish(shelf.add(source.removeprefix("title: ")))
    assert preview(shelf.connection, shelf.tenant_id, AGENCY_EN, source, "legal", SMALL).changes == ()


@pytest.fixture
def whole(shelf: Shelf) -> Shelf:
    """The shelf with short words and the figures that come with the product: enough to write strategies from."""
    files = [ProductFile(Place.named("base", "", language), WORDS) for language in LANGUAGES]
    for place in (BASE_PLAN, Place.named("sector", "restaurant", PLAN)):
        source = shipped_text(place.layer, place.sector, place.part)
        assert source is not None
        files.append(ProductFile(place, source))
    api.adopt(shelf.connection, shelf.tenant_id, files)
    return shelf


def test_the_product_s_own_sample_leads_show_what_an_agency_changes(whole: Shelf) -> None:
    source = "title: Our very own title\nsections: {budget: {heading: What it costs}}\n"
    told = preview(whole.connection, whole.tenant_id, AGENCY_EN, source, "restaurant")
    assert (told.findings, told.failures) == ((), ())
    assert told.leads >= 3
    assert {(one.block, one.after) for one in told.changes} == {
        ("title", "Our very own title"), ("budget", "What it costs"),
    }  # fmt: skip


def test_figures_are_tried_with_every_language_s_words(whole: Shelf) -> None:
    place = Place.named("agency-sector", "restaurant", PLAN)
    told = preview(whole.connection, whole.tenant_id, place, "sizes: {small: {below: 100}}", "restaurant")
    assert {(one.locale, one.block) for one in told.changes} == {(locale, "budget.size") for locale in LANGUAGES}


@pytest.mark.parametrize(
    ("part", "source", "problem"),
    [
        ("en", "title: '{{ nobody_knows }}'", "nobody_knows"),
        ("en", "title: null", "title"),
        ("plan", "channels: {search_ads: {weight: -1}}", "weight"),
        ("plan", "objectives: null", "objectives"),
    ],
)
def test_what_breaks_the_whole_does_not_become_a_version(whole: Shelf, part: str, source: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_version(whole.connection, whole.tenant_id, Place.named("agency", "", part), source, "staff:ada")
    assert problem in str(refused.value.extra["findings"])


def test_what_fits_becomes_a_version(whole: Shelf) -> None:
    for part, source in (("fr", "title: Notre titre"), ("plan", "channels: {email: {weight: 20}}")):
        place = Place.named("agency-sector", "restaurant", part)
        assert add_version(whole.connection, whole.tenant_id, place, source, "staff:ada").number == 1
