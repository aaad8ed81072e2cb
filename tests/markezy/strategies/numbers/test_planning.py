"""A plan: everything in it adds up, whoever the lead is and whatever is assumed."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markezy.strategies.layers.merging import merge_data
from markezy.strategies.numbers.checking import read_assumptions
from markezy.strategies.numbers.model import Forecast, Plan, Range
from markezy.strategies.numbers.planning import make_plan
from markezy.strategies.numbers.rounding import two_figures

from tests.markezy.strategies.numbers.parts_of_tests import ANSWERS, BASE, SMALL, asking, changed, parts

WEDNESDAY = date(2026, 6, 3)
FIGURES = ("reach", "clicks", "results")
SHIPPED = read_assumptions(BASE)


def _plan(part: dict[str, Any], **answers: Any) -> Plan:
    return make_plan(read_assumptions(part), asking(**answers), WEDNESDAY)


def _range(low: float | str, high: float | str) -> Range:
    return Range(Decimal(str(low)), Decimal(str(high)))


def _results(plan: Plan) -> Range:
    return plan.quarter.results if plan.quarter else _range(0, 0)


class TestBySmallFigures:
    """What the small part of the tests comes to, counted by hand."""

    def test_the_split_and_what_it_brings(self) -> None:
        # Above 500, so print weighs 40; 50 + 30 + 40 = 120. Ads get 50/120 = 42 %, e-mail 25 %, print 33 %.
        plan = _plan(SMALL, budget=600)
        assert [(one.id, one.percent, one.amount) for one in plan.channels] == [
            ("search_ads", 42, 252), ("print", 33, 198), ("email", 25, 150),
        ]  # fmt: skip
        # 252 at 10 to 40 a thousand views: 6,300 to 25,200; 4 % click: 252 to 1,008; 5 % of these: 12.6 to 50.4.
        full = Forecast(_range(6300, 25_000), _range(250, 1000), _range(13, 50), _range(5, 19))
        assert [one.forecast for one in plan.channels] == [full, None, None]

    def test_the_months_lead_to_the_quarter(self) -> None:
        plan = _plan(SMALL, budget=600)
        # Half of 13 to 50, three quarters, all of it.
        assert [one.forecast and one.forecast.results for one in plan.months] == [
            _range(7, 25),
            _range(10, 38),
            _range(13, 50),
        ]
        assert [(one.first, one.last) for one in plan.months] == [
            (date(2026, 6, 8), date(2026, 7, 7)), (date(2026, 7, 8), date(2026, 8, 6)), (date(2026, 8, 7), date(2026, 9, 5)),
        ]  # fmt: skip
        assert (plan.start, plan.end, plan.spend, plan.ad_spend) == (date(2026, 6, 8), date(2026, 9, 5), 1800, 756)
        assert plan.quarter is not None
        assert plan.quarter.results == _range(30, 113)
        assert plan.quarter.cost_per_result == _range("6.7", 25)

    def test_revenue_is_results_times_their_value(self) -> None:
        plan = _plan(SMALL, budget=600, average_order=80)
        assert plan.revenue == _range(1200, 4500)
        assert {kpi.id: kpi.range for kpi in plan.kpis} == {
            "results": _range(13, 50), "visits": _range(250, 1000), "revenue": _range(520, 2000),
        }  # fmt: skip

    def test_what_runs_already_weighs_more(self) -> None:
        # 30 x 1.5 = 45 of 50 + 45 + 40.
        plan = _plan(SMALL, budget=600, channels=["email"])
        assert [(one.id, one.percent, one.running) for one in plan.channels] == [
            ("search_ads", 37, False), ("email", 33, True), ("print", 30, False),
        ]  # fmt: skip

    def test_the_objective_tilts_and_names_its_figures_first(self) -> None:
        plan = _plan(SMALL, budget=600, goal="keep")
        assert [(one.id, one.percent) for one in plan.channels] == [("email", 40), ("search_ads", 33), ("print", 27)]
        assert [(kpi.id, kpi.unit, kpi.range) for kpi in plan.kpis][:1] == [("repeat_rate", "change", _range(2, 5))]
        assert [kpi.id for kpi in plan.kpis] == ["repeat_rate", "results", "visits"]

    def test_without_a_budget_shares_and_steps_remain(self) -> None:
        plan = _plan(SMALL)
        assert [(one.id, one.percent, one.amount, one.forecast) for one in plan.channels] == [
            ("search_ads", 50, None, None), ("email", 30, None, None), ("print", 20, None, None),
        ]  # fmt: skip
        assert (plan.spend, plan.ad_spend, plan.quarter, plan.revenue) == (None, None, None, None)
        assert [kpi.range for kpi in plan.kpis] == [None, None]
        assert [step.id for step in plan.steps] == ["measuring"]

    def test_minimums_sizes_and_prices_hold_in_another_currency(self) -> None:
        euros = _plan(SMALL, budget=600)
        dollars = _plan(SMALL, budget={"amount": 1200, "currency": "USD"})
        assert [one.id for one in dollars.channels] == [one.id for one in euros.channels]
        assert _results(dollars) == _results(euros)
        assert (dollars.size, dollars.spend, dollars.facts.currency) == (euros.size, 3600, "USD")

    def test_of_a_currency_nobody_can_weigh_only_the_split_is_known(self) -> None:
        plan = _plan(SMALL, budget={"amount": 90_000, "currency": "JPY"})
        assert sum(one.amount or 0 for one in plan.channels) == 90_000
        assert (plan.quarter, plan.size) == (None, "small")

    def test_conditions_decide_on_steps_and_figures(self) -> None:
        part = changed(SMALL, {
            "steps/second_ads": {"month": 1, "hours": 1, "channel": ["video_ads", "search_ads"]},
            "steps/on_radio": {"month": 1, "hours": 1, "channel": "video_ads"},
            "steps/opening": {"month": 1, "hours": 1, "maturities": ["starting"]},
            "steps/terrace": {"month": 1, "hours": 1, "when_chosen": {"services": ["terrace", "garden"]}},
            "kpis/site": {"unit": "percent", "range": [1, 2], "when_answered": "website"},
        })  # fmt: skip
        plan = _plan(part, budget=600)
        assert [(step.id, step.channel) for step in plan.steps] == [("measuring", None), ("second_ads", "search_ads")]
        assert "site" not in [kpi.id for kpi in plan.kpis]
        told = _plan(part, budget=600, situation="new", services=["garden", "bar"], website="https://a.example")
        assert {"opening", "terrace"} < {step.id for step in told.steps}
        assert "site" in [kpi.id for kpi in told.kpis]

    def test_a_figure_about_ads_needs_a_channel_bought_by_the_click(self) -> None:
        # 5 % of 600 are far below what search ads take.
        without = changed(SMALL, {"channels/search_ads/weight": 5})
        assert "search_ads" not in [one.id for one in _plan(without, budget=600).channels]
        assert [kpi.id for kpi in _plan(without, budget=600, goal="keep", average_order=80).kpis] == ["repeat_rate"]
        assert [kpi.id for kpi in _plan(SMALL, average_order=80).kpis] == ["results", "visits", "revenue"]

    def test_a_figure_may_need_one_of_some_channels(self) -> None:
        part = changed(SMALL, {"kpis/repeat_rate/channels": ["video_ads", "print"]})
        assert "repeat_rate" in [kpi.id for kpi in _plan(part, budget=600, goal="keep").kpis]
        part = changed(part, {"channels/print": None})
        assert "repeat_rate" not in [kpi.id for kpi in _plan(part, budget=600, goal="keep").kpis]


DEARER = {"channels": {"search_ads": {"buys": {"cost_per_thousand": [20, 80]}}}}


class TestAnAgencysOwnFigures:
    """What an agency changes changes the plan, and all figures follow."""

    def test_another_weight_is_another_split_and_another_forecast(self) -> None:
        before = _plan(SMALL, budget=1000)
        after = _plan(merge_data(SMALL, {"channels": {"search_ads": {"weight": 280}}}), budget=1000)
        # 50, 40 and 30 of 120; then 280 of 350, and 200 for the others, of which print would get less than its 150.
        assert [one.amount for one in before.channels] == [420, 330, 250]
        assert [one.amount for one in after.channels] == [800, 200]
        # 420 and 800, a twentieth of a click each, at 10 to 40 a thousand views and 4 % clicks.
        assert [plan.months[2].forecast and plan.months[2].forecast.results for plan in (before, after)] == [
            _range(21, 84), _range(40, 160),
        ]  # fmt: skip
        _holds_together(after)

    def test_a_channel_removed_gives_its_part_to_its_neighbours(self) -> None:
        plan = _plan(merge_data(SMALL, {"channels": {"print": None}, "sizes": {"large": {"tilt": None}}}), budget=1000)
        assert [(one.id, one.amount) for one in plan.channels] == [("search_ads", 630), ("email", 370)]

    def test_dearer_clicks_bring_fewer_results_at_a_higher_cost(self) -> None:
        before = _plan(SMALL, budget=1000)
        after = _plan(merge_data(SMALL, DEARER), budget=1000)
        assert before.quarter is not None
        assert after.quarter is not None
        assert [one.amount for one in after.channels] == [one.amount for one in before.channels]
        assert after.quarter.results.high < before.quarter.results.high
        assert after.quarter.cost_per_result.low > before.quarter.cost_per_result.low

    def test_a_higher_minimum_leaves_a_channel_out(self) -> None:
        plan = _plan(merge_data(SMALL, {"channels": {"print": {"minimum": 800}}}), budget=600)
        assert [one.id for one in plan.channels] == ["email", "search_ads"]

    def test_without_bought_channels_nothing_is_measured_that_ads_bring(self) -> None:
        assert [one.id for one in _plan(SMALL, budget=80, goal="keep").kpis] == ["repeat_rate"]
        assert [one.id for one in _plan(SMALL, goal="keep").kpis] == ["repeat_rate", "results", "visits"]


def _ranges(plan: Plan) -> Iterable[Range]:
    for forecast in [*(one.forecast for one in (*plan.channels, *plan.months)), plan.quarter]:
        if forecast:
            yield from (forecast.reach, forecast.clicks, forecast.results, forecast.cost_per_result)
    yield from (kpi.range for kpi in plan.kpis if kpi.range)
    if plan.revenue:
        yield plan.revenue


def _holds_together(plan: Plan) -> None:
    assert sum(one.percent for one in plan.channels) == 100
    assert all(one.percent > 0 for one in plan.channels)
    assert all(first.percent >= second.percent for first, second in pairwise(plan.channels))
    for found in _ranges(plan):
        assert found.low.is_finite()
        assert found.high.is_finite()
        assert 0 <= found.low <= found.high
    budget = plan.facts.budget
    if budget is None:
        assert all(one.amount is None and one.forecast is None for one in plan.channels)
    else:
        assert sum(one.amount or 0 for one in plan.channels) == budget
        assert sum(one.spend or 0 for one in plan.months) == plan.spend == budget * 3
    assert plan.start.weekday() == 0
    assert plan.end - plan.start == timedelta(days=89)
    assert [one.number for one in plan.months] == [1, 2, 3]
    assert all(first.last + timedelta(days=1) == second.first for first, second in pairwise(plan.months))
    assert (plan.months[0].first, plan.months[2].last) == (plan.start, plan.end)
    assert all(plan.start <= step.first <= step.last <= plan.end for step in plan.steps)
    if plan.quarter is None:
        assert all(one.forecast is None for one in (*plan.channels, *plan.months))
        return
    bought = [one for one in plan.channels if one.forecast]
    month_spend = sum(one.amount or 0 for one in bought)
    assert plan.ad_spend == month_spend * 3
    for figure in FIGURES:
        for end in ("low", "high"):
            shown = [getattr(getattr(one.forecast, figure), end) for one in plan.months]
            assert sum(shown) == getattr(getattr(plan.quarter, figure), end)
            if plan.months[2].effect == 1:
                assert shown[2] == sum(getattr(getattr(one.forecast, figure), end) for one in bought)
    priced = [(one.forecast, one.amount) for one in bought] + [(one.forecast, month_spend) for one in plan.months]
    for forecast, spend in [*priced, (plan.quarter, plan.ad_spend)]:
        assert forecast is not None
        assert spend is not None
        assert forecast.results.high >= 1
        assert forecast.cost_per_result.low == two_figures(spend / forecast.results.high)
        if forecast.results.low:
            assert forecast.cost_per_result.high == two_figures(spend / forecast.results.low)
    assert (plan.revenue is None) == (plan.facts.value is None)


@given(ANSWERS)
def test_the_shipped_plan_holds_together_for_whoever_comes(answers: dict[str, Any]) -> None:
    plan = make_plan(SHIPPED, asking(**answers), WEDNESDAY)
    _holds_together(plan)
    assert len(plan.channels) >= 2
    assert plan == make_plan(read_assumptions(BASE), asking(**answers), WEDNESDAY)


@given(parts(), ANSWERS, st.dates(date(2025, 1, 1), date(2040, 1, 1)))
def test_every_plan_holds_together_whatever_is_assumed(
    part: dict[str, Any], answers: dict[str, Any], today: date
) -> None:
    plan = make_plan(read_assumptions(part), asking(**answers), today)
    _holds_together(plan)
    assert timedelta(days=1) <= plan.start - today <= timedelta(days=7)


@given(parts(), ANSWERS, st.integers(1, 100_000), st.integers(1, 100_000))
def test_more_money_in_the_same_channels_never_brings_fewer_results(
    part: dict[str, Any], answers: dict[str, Any], one: int, other: int
) -> None:
    less, more = (
        make_plan(read_assumptions(part), asking(**answers | {"budget": budget}), WEDNESDAY)
        for budget in sorted((one, other))
    )
    assume(
        [(channel.id, channel.percent) for channel in less.channels]
        == [(channel.id, channel.percent) for channel in more.channels]
    )
    assert _results(less).low <= _results(more).low
    assert _results(less).high <= _results(more).high


@pytest.mark.parametrize("goal", SHIPPED.facts.objective.options)
def test_where_a_channel_joins_the_results_fall_by_a_fifth_at_most(goal: str) -> None:
    highs = [
        _results(make_plan(SHIPPED, asking(goal=goal, budget=budget), WEDNESDAY)).high
        for budget in range(100, 12_000, 50)
    ]
    assert all(more >= less * Decimal("0.8") for less, more in pairwise(highs) if less > 20)


@pytest.mark.parametrize(
    ("budget", "size"), [(400, "small"), (999.99, "small"), (1000, "medium"), (4999, "medium"), (5000, "large")]
)
def test_the_shipped_plan_knows_three_sizes(budget: float, size: str) -> None:
    assert make_plan(SHIPPED, asking(budget=budget), WEDNESDAY).size == size


@pytest.mark.parametrize("team", ["alone", "one", "several", "agency", "nobody"])
def test_the_shipped_steps_needed_are_in_every_calendar(team: str) -> None:
    plan = make_plan(SHIPPED, asking(budget=20_000, team=team), WEDNESDAY)
    assert {"measuring", "review_month_one", "review_month_two", "review_quarter"} <= {step.id for step in plan.steps}
    assert {step.id for step in plan.steps} | set(plan.put_off) <= set(SHIPPED.steps)
