"""A strategy without a defect, written by hand in each language, for the checks to be tried on."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from markezy.kernel.ids import new_id
from markezy.leads.api import Contact, QualifiedAnswer, QualifiedLead
from markezy.strategies.checks import Finding, find_defects
from markezy.strategies.formats import Formats
from markezy.strategies.model import Agency
from markezy.strategies.numbers.model import ChannelPlan, Facts, Forecast, Kpi, Month, Plan, Range, Step
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Block, Document, Kind, Origin, Section
from markezy.strategies.writing.sandbox import text_of
from markezy.strategies.writing.words import ChannelWords, KpiWords, Words

TODAY = date(2027, 5, 26)
START = date(2027, 5, 31)
CONTACT = Contact("Zoë Martín", "zoe@chez-zoe.example", "+33 6 12 34 56 78", "Chez Zoë")
AGENCY = Agency("Atelier Nova", "#a3361f", "bonjour@nova.example", "https://nova.example")
_VALUES: dict[str, Any] = {
    "situation": "running", "goal": "new_customers", "team": "alone", "channels": ["google_ads", "email"], "city": "Nîmes",
    "website": "https://chez-zoe.example", "timeline": "now", "budget": 2000, "audience": "families", "average_order": 64,
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A document with what it was written from."""

    name: str
    document: Document
    plan: Plan
    case: Case
    words: Words

    def with_document(self, document: Document) -> "Written":
        return replace(self, document=document)

    def defects(self, html: str = "") -> tuple[Finding, ...]:
        return find_defects(self.document, self.plan, self.case, self.words, html)

    @property
    def language(self) -> str:
        return self.document.locale


def plan() -> Plan:
    def results(low: int, high: int) -> Forecast:
        return Forecast(_range(8000, 25000), _range(800, 1600), _range(low, high), _range(26, 70))

    def step(id_: str, channel: str | None, first: int, last: int) -> Step:
        days = (START + timedelta(days=7 * (first - 1)), START + timedelta(days=7 * last - 1))
        return Step(id_, channel, (first - 1) // 4 + 1, first, last, *days, Decimal(3))

    shares = (("search_ads", 40, 800), ("social_ads", 30, 600), ("email", 18, 360), ("website", 12, 240))
    months = ((8, 21, "0.4"), (14, 37, "0.7"), (20, 53, "1"))
    return Plan(
        Facts("new_customers", "established", Decimal(3), Decimal(2000), "EUR", frozenset({"search_ads", "email"}), Decimal(64),
              (("objective", "goal"), ("budget", "budget"))),
        "medium", START, START + timedelta(days=90),
        tuple(
            ChannelPlan(id_, percent, Decimal(amount), id_ in ("search_ads", "email"), results(10, 26) if "ads" in id_ else None)
            for id_, percent, amount in shares
        ),
        tuple(
            Month(number, START + timedelta(days=30 * (number - 1)), START + timedelta(days=30 * number - 1),
                  Decimal(effect), Decimal(2000), results(low, high))
            for number, (low, high, effect) in enumerate(months, 1)
        ),
        Decimal(6000), results(42, 111), _range(2688, 7104),
        (
            step("measuring", None, 1, 2), step("ads_start", "search_ads", 2, 3), step("email_welcome", "email", 3, 4),
            step("review_month_one", None, 5, 5), step("social_start", "social_ads", 6, 8), step("review_quarter", None, 13, 13),
        ),
        ("content_plan",),
        (
            Kpi("visits", "count", _range(800, 1600)), Kpi("results", "count", _range(20, 53)),
            Kpi("cost_per_result", "money", _range(26, 70)), Kpi("conversion", "percent", Range(Decimal("1.5"), Decimal(3))),
        ),
    )  # fmt: skip


@lru_cache(maxsize=3)
def clean(language: str) -> Written:
    words = yaml.safe_load((Path(__file__).parent / "clean" / f"{language}.yml").read_text(encoding="utf-8"))
    answers = tuple(
        QualifiedAnswer(id_, words["labels"][id_], value, words["said"][id_]) for id_, value in _VALUES.items()
    )
    lead = QualifiedLead(new_id(), new_id(), new_id(), language, "strategy", 70, CONTACT, answers)
    case = Case(lead, AGENCY, "ecommerce", language, TODAY)
    document = _document(words, plan(), lead, language)
    return Written(language, document, plan(), case, _words(words))


def _words(words: dict[str, Any]) -> Words:
    """As far as checks read them."""
    empty = text_of("")
    return Words(
        empty, empty, empty, empty, {id_: text_of(term) for id_, term in words["terms"].items()},
        {id_: ChannelWords(text_of(entry["name"]), empty, "base") for id_, entry in words["channels"].items()}, {},
        {id_: KpiWords(text_of(entry["name"]), empty, "base") for id_, entry in words["kpis"].items()}, (), (), (),
    )  # fmt: skip


def _range(low: int, high: int) -> Range:
    return Range(Decimal(low), Decimal(high))


def _document(words: dict[str, Any], plan: Plan, lead: QualifiedLead, language: str) -> Document:
    formats = Formats(language)
    said = {one.question: one.display.rstrip(".") for one in lead.answers}
    texts = {
        **said, "phone": CONTACT.phone, "budget": formats.money(Decimal(2000)), "first": formats.percent(40),
        "second": formats.percent(30), "start": formats.day(plan.start), "end": formats.day(plan.end),
        "third": "20–53", "quarter": "42–111",
    }  # fmt: skip
    tables = _tables(words, plan, lead, formats)
    sections = []
    for id_, parts in words["sections"].items():
        blocks = [_block(f"{id_}.{name}", part, texts, tables) for name, part in parts.items() if name != "heading"]
        blocks += [replace(chart, id=f"{id_}.{chart.figure}") for chart in tables["charts"] if chart.id == id_]
        sections.append(Section(id_, parts["heading"], tuple(blocks)))
    return Document(words["title"], words["subtitle"], language, tuple(sections))


def _block(id_: str, part: Any, texts: dict[str, Any], tables: dict[str, Any]) -> Block:
    origin = Origin("sector")
    if isinstance(part, str):
        kind = Kind.QUOTE if id_.endswith("statement") else Kind.LEAD if id_.endswith("essence") else Kind.PARAGRAPH
        return Block(id_, kind, origin, part.format_map(texts))
    if isinstance(part, list):
        kind = Kind.STEPS if id_ == "next.steps" else Kind.LIST
        return Block(id_, kind, origin, items=tuple(item.format_map(texts) for item in part))
    rows = tables.get(id_) or tuple(map(tuple, part["rows"]))
    totals = id_ in ("budget.split", "forecast.months")
    return Block(id_, Kind.TABLE, origin, columns=tuple(part["columns"]), rows=rows, totals=totals)


def _tables(words: dict[str, Any], plan: Plan, lead: QualifiedLead, formats: Formats) -> dict[str, Any]:
    sections, total = words["sections"], words["total"]
    names = {id_: entry["name"] for id_, entry in words["channels"].items()}
    kpis = {**{id_: entry["name"] for id_, entry in words["kpis"].items()}, "results": words["results"]}
    units = {"count": formats.number, "money": formats.money, "percent": formats.percent}
    kpi_rows = []
    for kpi in plan.kpis:
        assert kpi.range is not None
        write = units[kpi.unit]
        target = f"{write(kpi.range.low)} – {write(kpi.range.high)}"
        kpi_rows.append((kpis[kpi.id], target, sections["forecast"]["kpis"]["how"][kpi.id]))
    money = [formats.money(part.amount or 0) for part in plan.channels]
    results = [(8, 21), (14, 37), (20, 53)]
    return {
        "situation.answers": tuple((one.label, f"<b>{one.display}</b>") for one in lead.answers),
        "channels.tasks": tuple((names[part.id], sections["channels"]["tasks"]["rows"][part.id]) for part in plan.channels),
        "calendar.steps": tuple(
            (formats.short_day(step.first), formats.short_day(step.last), sections["calendar"]["steps"]["rows"][step.id])
            for step in plan.steps
        ),
        "budget.split": (
            *((names[part.id], formats.percent(part.percent), amount) for part, amount in zip(plan.channels, money, strict=True)),
            (total, formats.percent(100), formats.money(2000)),
        ),
        "forecast.months": (
            *((name, formats.money(2000), f"{low}–{high}") for name, (low, high) in zip(words["months"], results, strict=True)),
            (total, formats.money(6000), "42–111"),
        ),
        "forecast.kpis": tuple(kpi_rows),
        "charts": _charts(words, plan, formats, names, money, results),
    }  # fmt: skip


def _charts(
    words: dict[str, Any], plan: Plan, formats: Formats, names: dict[str, str], money: list[str], results: Any
) -> list[Block]:
    split = {
        "center": formats.money(2000), "caption": "",
        "parts": [
            {"name": names[part.id], "percent": part.percent, "share": formats.percent(part.percent), "amount": amount}
            for part, amount in zip(plan.channels, money, strict=True)
        ],
    }  # fmt: skip
    calendar = {
        "weeks": [
            {"number": n, "first": formats.short_day(plan.start + timedelta(days=7 * n - 7))} for n in range(1, 14)
        ],
        "months": [{"name": name, "first": 4 * n + 1, "last": 4 * n + 4} for n, name in enumerate(words["months"])],
        "bars": [
            {
                "name": step.id,
                "first": step.first_week,
                "last": step.last_week,
                "channel": names.get(step.channel or "", ""),
            }
            for step in plan.steps
        ],
    }
    forecast = {
        "unit": words["terms"]["results"], "total": "42–111",
        "months": [
            {"name": name, "low": low, "high": high, "text": f"{low}–{high}"}
            for name, (low, high) in zip(words["months"], results, strict=True)
        ],
    }  # fmt: skip
    charts = (("budget", "budget_split", split), ("calendar", "calendar", calendar), ("forecast", "forecast", forecast))
    return [Block(section, Kind.FIGURE, Origin("base"), figure=figure, data=data) for section, figure, data in charts]
