"""From assumptions and a lead to the plan: the one place where every figure of a strategy is counted."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from markezy.leads.api import QualifiedLead
from markezy.strategies.numbers import budget as model
from markezy.strategies.numbers import calendar, forecast
from markezy.strategies.numbers.assumptions import MONTHS, Assumptions, KpiRule, StepRule, range_of
from markezy.strategies.numbers.facts import Answers, answers_of, chosen, facts_of, per_euro
from markezy.strategies.numbers.model import ChannelPlan, Facts, Forecast, Kpi, Month, Plan, Range
from markezy.strategies.numbers.rounding import two_figures

_DAYS = calendar.DAYS_A_MONTH
_TENTH = Decimal("0.1")
_OF_VALUE = ("revenue", "return")
"""No figures to measure by while nobody knows what a result is worth."""


def make_plan(assumptions: Assumptions, lead: QualifiedLead, today: date) -> Plan:
    """Everything counted for this lead; the same for the same three, always."""
    answers = answers_of(lead)
    facts = facts_of(assumptions, answers)
    parity = per_euro(assumptions, facts.currency)
    euros = facts.budget / parity if facts.budget is not None and parity is not None else None
    size = _size(assumptions, euros)
    start = today + timedelta(days=7 - today.weekday())
    channels = _channels(assumptions, facts, size, euros, parity)
    months = _months(assumptions, facts, channels, start)
    spend = None if facts.budget is None else facts.budget * MONTHS
    counted = [month.forecast for month in months if month.forecast]
    ad_spend = sum((month.ad_spend for month in months if month.ad_spend), Decimal(0))
    quarter = forecast.together(counted, ad_spend) if counted else None
    placed = calendar.place(
        assumptions.steps, dict(_steps(assumptions, facts, answers, channels)), facts.hours_a_week, start
    )
    return Plan(
        facts=facts,
        size=size,
        start=start,
        end=start + timedelta(days=_DAYS * MONTHS - 1),
        channels=channels,
        months=months,
        spend=spend,
        quarter=quarter,
        revenue=_worth(quarter, facts.value),
        steps=placed.steps,
        put_off=placed.put_off,
        kpis=tuple(_kpis(assumptions, facts, answers, months[-1], _buys(assumptions, channels))),
        ad_spend=ad_spend if quarter else None,
    )


def _size(assumptions: Assumptions, euros: Decimal | None) -> str:
    """Of a budget nobody can weigh, the size in the middle."""
    if euros is None:
        return list(assumptions.sizes)[(len(assumptions.sizes) - 1) // 2]
    return next(id_ for id_, size in assumptions.sizes.items() if size.below is None or euros < size.below)


def _channels(
    assumptions: Assumptions, facts: Facts, size: str, euros: Decimal | None, parity: Decimal | None
) -> tuple[ChannelPlan, ...]:
    tilts = (
        assumptions.objectives[facts.objective].tilt,
        assumptions.sizes[size].tilt,
        assumptions.maturities[facts.maturity].tilt,
    )
    weighed = []
    for id_, rule in assumptions.channels.items():
        weight = rule.weight
        for tilt in tilts:
            weight *= tilt.get(id_, Decimal(1))
        if id_ in facts.running:
            weight *= assumptions.running_tilt
        minimum = rule.minimum * parity if parity else Decimal(0)
        weighed.append(model.Channel(id_, weight, minimum, rule.buys is not None))
    parts = model.divide(weighed, facts.budget, assumptions.sizes[size].most)
    return tuple(
        ChannelPlan(part.id, part.percent, part.amount, part.id in facts.running, _bought(assumptions, part, euros))
        for part in parts
    )


def _bought(assumptions: Assumptions, part: model.Part, euros: Decimal | None) -> Forecast | None:
    buys = assumptions.channels[part.id].buys
    if buys is None or euros is None or not part.amount:
        return None
    # Of the percents, not of the amount: rounding that to whole units may take one from a channel when the budget grows.
    return forecast.of_channel(euros * part.percent / 100, part.amount, buys)


def _months(
    assumptions: Assumptions, facts: Facts, channels: tuple[ChannelPlan, ...], start: date
) -> tuple[Month, ...]:
    bought = [channel.forecast for channel in channels if channel.forecast]
    spent = sum((channel.amount for channel in channels if channel.forecast and channel.amount), Decimal(0))
    full = forecast.together(bought, spent) if bought else None
    months = []
    for number, effect in enumerate(assumptions.maturities[facts.maturity].effect, start=1):
        first = start + timedelta(days=_DAYS * (number - 1))
        last = first + timedelta(days=_DAYS - 1)
        brought = forecast.with_effect(full, effect, spent) if full else None
        months.append(Month(number, first, last, effect, facts.budget, brought, spent if full else None))
    return tuple(months)


def _worth(brought: Forecast | None, value: Decimal | None) -> Range | None:
    if brought is None or value is None:
        return None
    return Range(two_figures(brought.results.low * value), two_figures(brought.results.high * value))


def _steps(
    assumptions: Assumptions, facts: Facts, answers: Answers, channels: tuple[ChannelPlan, ...]
) -> Iterator[tuple[str, str | None]]:
    """The steps that belong to this plan, each with its channel."""
    planned = {channel.id for channel in channels}
    for id_, rule in assumptions.steps.items():
        if not _holds(rule, facts, answers):
            continue
        if rule.channel is None:
            yield id_, None
            continue
        named = (rule.channel,) if isinstance(rule.channel, str) else rule.channel
        found = next((channel for channel in named if channel in planned), None)
        if found:
            yield id_, found


def _buys(assumptions: Assumptions, channels: tuple[ChannelPlan, ...]) -> bool:
    return any(assumptions.channels[channel.id].buys is not None for channel in channels)


def _kpis(assumptions: Assumptions, facts: Facts, answers: Answers, full: Month, buys: bool) -> Iterator[Kpi]:
    """The objective's own first, in its order; then those it shares, in the order of the file.

    Those that count what ads bring belong to a plan that buys some.
    """
    named = assumptions.objectives[facts.objective].kpis
    for id_ in (*named, *(id_ for id_ in assumptions.kpis if id_ not in named)):
        rule = assumptions.kpis[id_]
        if rule.counted and not buys:
            continue
        if rule.counted in _OF_VALUE and facts.value is None:
            continue
        if _holds(rule, facts, answers, named=id_ in named):
            yield Kpi(id_, rule.unit, range_of(rule.range) if rule.range else _counted(rule, facts, full))


def _counted(rule: KpiRule, facts: Facts, month: Month) -> Range | None:
    brought = month.forecast
    if brought is None or month.ad_spend is None:
        return None
    match rule.counted:
        case "clicks":
            return brought.clicks
        case "results":
            return brought.results
        case "cost_per_result":
            return brought.cost_per_result
        case "conversion":
            return _ratio(brought.results, brought.clicks)
        case "revenue":
            return _worth(brought, facts.value)
        case _:
            revenue = _worth(brought, facts.value)
            return revenue and Range(*(two_figures(end / month.ad_spend) for end in (revenue.low, revenue.high)))


def _ratio(results: Range, clicks: Range) -> Range | None:
    """Results of a hundred clicks, to a tenth."""
    if not clicks.low:
        return None
    ends = (results.low / clicks.low, results.high / clicks.high)
    return Range(*sorted((end * 100).quantize(_TENTH) for end in ends))


def _holds(rule: StepRule | KpiRule, facts: Facts, answers: Answers, *, named: bool = False) -> bool:
    """Whether every condition given holds; what an objective names belongs to it whatever `objectives` says."""
    return (
        (named or not rule.objectives or facts.objective in rule.objectives)
        and (not rule.maturities or facts.maturity in rule.maturities)
        and (rule.when_answered is None or rule.when_answered in answers)
        and all(chosen(answers.get(question)) & set(options) for question, options in rule.when_chosen.items())
    )
