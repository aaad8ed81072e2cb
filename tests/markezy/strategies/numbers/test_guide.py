"""The guide's worked example: counted here once more, with a calculator's arithmetic, and what the code gives."""

from datetime import date
from decimal import Decimal
from math import exp, log, sqrt
from pathlib import Path

from markezy.strategies.numbers.checking import read_assumptions
from markezy.strategies.numbers.model import Plan, Range
from markezy.strategies.numbers.planning import make_plan

from tests.markezy.strategies.numbers.parts_of_tests import BASE, asking

GUIDE = Path(__file__).parents[4] / "docs" / "strategy-numbers.md"
ASSUMPTIONS = read_assumptions(BASE)


def _plan() -> Plan:
    lead = asking(
        goal="new_customers", situation="running", team="alone", channels=["google_ads"], average_order=60, budget=2000
    )
    return make_plan(ASSUMPTIONS, lead, date(2026, 6, 3))


def _written(found: Range | None) -> str:
    return f"{found.low:,}–{found.high:,}" if found else ""


def channels_table(plan: Plan) -> str:
    """The split and what it brings."""
    lines = ["| channel | % | EUR | views | clicks | results | EUR a result |", "|---|---|---|---|---|---|---|"]
    for one in plan.channels:
        brings = one.forecast
        cells = (
            [_written(part) for part in (brings.reach, brings.clicks, brings.results, brings.cost_per_result)]
            if brings
            else [""] * 4
        )
        lines.append(f"| {' | '.join([one.id, str(one.percent), str(one.amount), *cells])} |")
    return "\n".join(lines)


def months_table(plan: Plan) -> str:
    """The months and the quarter."""
    lines = ["| month | effect | budget | of it ads | results | EUR a result |", "|---|---|---|---|---|---|"]
    for one in plan.months:
        assert one.forecast
        results, cost = _written(one.forecast.results), _written(one.forecast.cost_per_result)
        lines.append(
            f"| {one.first} to {one.last} | {one.effect} | {one.spend:,} | {one.ad_spend:,} | {results} | {cost} |"
        )
    assert plan.quarter
    results, cost = _written(plan.quarter.results), _written(plan.quarter.cost_per_result)
    lines.append(f"| quarter | | {plan.spend:,} | {plan.ad_spend:,} | {results} | {cost} |")
    return "\n".join(lines)


def test_the_guide_shows_what_the_code_gives() -> None:
    guide, plan = GUIDE.read_text(), _plan()
    assert channels_table(plan) in guide
    assert months_table(plan) in guide
    assert f"makes {_written(plan.revenue)} EUR" in guide
    first, second = (one.forecast.results for one in plan.channels if one.forecast)
    full = plan.months[-1].forecast
    assert full
    sums = (
        f"{first.low} + {second.low} = {full.results.low} to {first.high} + {second.high} = {full.results.high} results"
    )
    assert sums in guide


def test_the_guides_split_is_what_a_calculator_says() -> None:
    weights = {id_: float(rule.weight) for id_, rule in ASSUMPTIONS.channels.items()}
    for tilt in (ASSUMPTIONS.objectives["new_customers"].tilt, ASSUMPTIONS.maturities["established"].tilt):
        weights |= {id_: weights[id_] * float(factor) for id_, factor in tilt.items()}
    weights["search_ads"] *= float(ASSUMPTIONS.running_tilt)
    ads = sum(weights[id_] for id_, rule in ASSUMPTIONS.channels.items() if rule.buys)
    whole = sum(weights.values())
    in_plan = weights["search_ads"] + weights["social_ads"]
    guide = GUIDE.read_text()
    assert f"22 × 1.3 × 1.25 = {weights['search_ads']:.2f}" in guide
    assert f"{ads:.2f} of {whole:.2f}, {ads / whole:.1%}".replace("%", " %") in guide
    share = weights["search_ads"] / in_plan * ads / whole
    assert f"{weights['search_ads']:.2f} / {in_plan:.2f} × {ads / whole:.1%} = {share:.1%}".replace("%", " %") in guide
    assert abs(_plan().channels[0].percent - share * 100) < 1


def test_the_guides_forecast_is_what_a_calculator_says() -> None:
    buys = ASSUMPTIONS.channels["search_ads"].buys
    assert buys
    (cost, cost_wide), (clicks, clicks_wide), (results, results_wide) = (
        (sqrt(pair[0] * pair[1]), float(pair[1] / pair[0]))
        for pair in (buys.cost_per_thousand, buys.click_rate, buys.result_rate)
    )
    wide = exp(sqrt(log(cost_wide) ** 2 + log(clicks_wide) ** 2 + log(results_wide) ** 2))
    middle = 620 / cost * 1000 * clicks * results
    half = sqrt(min(wide, 4))
    guide = GUIDE.read_text()
    for line in (
        f"√(30 × 90) = {cost:.2f} EUR for a thousand views: 620 / {cost:.2f} × 1,000 = {620 / cost * 1000:,.0f} views",
        f"√(0.03 × 0.06) = {clicks:.4f} clicks a view: {620 / cost * 1000 * clicks:,.0f} clicks",
        f"√(0.02 × 0.06) = {results:.4f} results a click: {middle:.1f} results",
        f"exp(√(ln² {cost_wide:.0f} + ln² {clicks_wide:.0f} + ln² {results_wide:.0f})) = {wide:.1f}, above 4",
        f"{middle:.1f} / 2 = {middle / half:.1f} to {middle:.1f} × 2 = {middle * half:.1f}",
    ):
        assert line in guide, line
    forecast = _plan().channels[0].forecast
    assert forecast
    assert forecast.results == Range(Decimal(round(middle / half)), Decimal(round(middle * half)))
