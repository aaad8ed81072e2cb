"""The guide's sector of an agency's own does what the guide says."""

import re
from datetime import date
from pathlib import Path

from markezy.strategies.checks import blocking, find_defects
from markezy.strategies.layers.layer import PLAN
from markezy.strategies.production.drafting import draft, draft_briefing
from markezy.strategies.rendering.markup import content_html
from markezy.strategies.versions.model import Place, Stack
from markezy.strategies.versions.workshop import WORKSHOP
from markezy.strategies.writing.case import Case

from tests.markezy.strategies.leads_of_tests import lead
from tests.markezy.strategies.stacks_of_tests import shipped_stack
from tests.markezy.strategies.words_of_tests import AGENCY, blocks_of

GUIDE = Path(__file__).parents[3] / "docs" / "strategies.md"
ANSWERS = {
    "goal": ("regulars", "More regulars"), "average_bouquet": (35, "€35"), "team": ("several", "Two of us"),
    "channels": (["google_ads"], "Google Ads"), "city": ("Lyon", "Lyon"), "budget": (1800, "€1,800"),
}  # fmt: skip


def _florist() -> Stack:
    _, _, section = GUIDE.read_text().partition("## A sector of your own\n")
    plan, words = re.findall(r"```yaml\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    return shipped_stack("florist", "en", {PLAN: plan, "en": words})


def test_the_sector_may_be_saved() -> None:
    for part in (PLAN, "en"):
        assert WORKSHOP.check(_florist(), Place.named("agency-sector", "florist", part)) == []


def test_a_lead_of_the_sector_gets_a_strategy_in_its_words() -> None:
    case = Case(lead(ANSWERS, locale="en"), AGENCY, "florist", "en", date(2026, 6, 3))
    made = draft(_florist(), case)
    found = find_defects(made.document, made.plan, case, made.words, content_html(made.document, color=AGENCY.color))
    assert [f"{one.place}: {one.text('en')}" for one in blocking(found)] == []
    shown = blocks_of(made.document)
    assert made.document.title == "Flowers for every week: Chez Zoë"
    assert "Flowers are bought for a day" in shown["summary.essence"].text
    assert [row[0] for row in shown["audience.personas"].rows] == ["<b>Late for a birthday</b>"]
    assert "window" in {step.id for step in made.plan.steps}
    assert "subscriptions" in {kpi.id for kpi in made.plan.kpis}
    assert made.plan.quarter is not None
    assert made.plan.revenue is not None
    assert draft_briefing(_florist(), case).sections
