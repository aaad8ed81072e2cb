"""The golden leads of every sector, from the shipped files to a document that may leave the house: what no change may break."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from markezy.strategies.checks import blocking, find_defects
from markezy.strategies.layers.golden import golden_file, golden_leads, golden_reasons
from markezy.strategies.layers.layer import LANGUAGES
from markezy.strategies.layers.shipped import sectors
from markezy.strategies.numbers.model import Plan, Range
from markezy.strategies.production.drafting import Draft, draft, draft_briefing
from markezy.strategies.rendering.markup import content_html
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Document

from tests.markezy.strategies.stacks_of_tests import shipped_stack
from tests.markezy.strategies.words_of_tests import AGENCY

TODAY = date(2026, 6, 3)
LEADS = [
    (sector, locale, name) for sector in sectors() for name in golden_file(sector).leads for locale in LANGUAGES
]  # fmt: skip


@dataclass(frozen=True)
class Golden:
    case: Case
    draft: Draft

    @property
    def plan(self) -> Plan:
        return self.draft.plan

    @property
    def document(self) -> Document:
        return self.draft.document


@cache
def _golden(sector: str, locale: str, name: str) -> Golden:
    reasons = golden_reasons(sector, locale)[name]
    case = Case(golden_leads(sector, locale)[name], AGENCY, sector, locale, TODAY, reasons)
    return Golden(case, draft(shipped_stack(sector, locale), case))


@pytest.mark.parametrize(("sector", "locale", "name"), LEADS)
class TestEachGoldenLead:
    def test_nothing_keeps_the_strategy_from_the_lead(self, sector: str, locale: str, name: str) -> None:
        golden = _golden(sector, locale, name)
        html = content_html(golden.document, color=AGENCY.color)
        found = find_defects(golden.document, golden.plan, golden.case, golden.draft.words, html)
        assert [f"{one.place}: {one.text('en')}" for one in blocking(found)] == []

    def test_the_figures_add_up(self, sector: str, locale: str, name: str) -> None:
        plan = _golden(sector, locale, name).plan
        assert sum(channel.percent for channel in plan.channels) == 100
        if plan.facts.budget is not None:
            assert sum(channel.amount or 0 for channel in plan.channels) == plan.facts.budget
            assert sum(month.spend or 0 for month in plan.months) == plan.spend
        if plan.quarter is not None:
            months = [month.forecast.results for month in plan.months if month.forecast]
            assert plan.quarter.results == Range(sum(one.low for one in months), sum(one.high for one in months))  # type: ignore[arg-type]

    def test_each_is_told_a_budget_a_way_to_measure_and_work_for_every_month(
        self, sector: str, locale: str, name: str
    ) -> None:
        golden = _golden(sector, locale, name)
        shown = {block.id: block for section in golden.document.sections for block in section.blocks}
        assert len(shown["channels.mix"].rows) == len(golden.plan.channels) + 1
        assert len(shown["forecast.kpis"].rows) == len(golden.plan.kpis) > 0
        assert {step.month for step in golden.plan.steps} == {1, 2, 3}
        assert max(step.hours for step in golden.plan.steps) > Decimal(0)

    def test_the_same_lead_gets_the_same_strategy(self, sector: str, locale: str, name: str) -> None:
        golden = _golden(sector, locale, name)
        assert draft(shipped_stack(sector, locale), golden.case).document == golden.document

    def test_the_staff_get_a_briefing(self, sector: str, locale: str, name: str) -> None:
        briefing = draft_briefing(shipped_stack(sector, locale), _golden(sector, locale, name).case)
        assert [section.id for section in briefing.sections][:4] == ["person", "score", "talking_points", "objections"]
