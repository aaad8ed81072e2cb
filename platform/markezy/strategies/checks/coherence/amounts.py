"""Every amount of money is one that the plan or the lead's answers know, in the one currency."""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import accumulate
from typing import Any

from markezy.strategies.checks import written
from markezy.strategies.checks.coherence.naming import CHECK
from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Reading, Role

_PLANNED = frozenset({"summary", "budget", "forecast"})
"""Sections whose percents speak of the plan."""


def amounts(reading: Reading) -> Iterator[Finding]:
    """Amounts nobody knows, amounts in another currency, and shares in the running text that the plan does not have."""
    known = known_amounts(reading)
    shares = known_shares(reading)
    currency = reading.plan.facts.currency
    theirs = {code for amount in _said(reading) for code in amount.currencies}
    for piece in reading.pieces:
        for amount in written.amounts(piece.own, reading.language):
            if currency not in amount.currencies and not amount.currencies & theirs:
                yield Finding(CHECK, piece.place, problem("other_currency", amount=amount.text))
            elif not written.is_known(amount.value, known):
                yield Finding(CHECK, piece.place, problem("unknown_amount", amount=amount.text))
        if piece.section in _PLANNED and piece.role is Role.PROSE:
            for share in written.percents(piece.own, reading.language):
                if not written.is_known(share, shares):
                    yield Finding(CHECK, piece.place, problem("unknown_share", share=f"{share} %"))


def known_amounts(reading: Reading) -> frozenset[Decimal]:
    """What may be written as money: the plan's amounts and sums of its parts, and what the lead named."""
    plan = reading.plan
    parts = [part.amount for part in plan.channels if part.amount is not None]
    bought = [part.amount for part in plan.channels if part.amount is not None and part.forecast is not None]
    spends = [month.spend for month in plan.months if month.spend is not None]
    on_ads = [month.ad_spend for month in plan.months if month.ad_spend is not None]
    single = [plan.facts.budget, plan.facts.value, plan.spend, plan.ad_spend, *parts, *spends]
    known = {amount for amount in single if amount is not None}
    for group in (parts, bought, spends, on_ads):
        known |= set(accumulate(group))
    forecasts = [plan.quarter, *(month.forecast for month in plan.months), *(part.forecast for part in plan.channels)]
    ranges = [plan.revenue, *(forecast.cost_per_result for forecast in forecasts if forecast)]
    ranges += [kpi.range for kpi in plan.kpis if kpi.unit == "money"]
    known |= {end for each in ranges if each for end in (each.low, each.high)}
    told = {amount.value for amount in _said(reading)} | set(_values(one.value for one in reading.case.lead.answers))
    return frozenset(known | told | set(_reckoned(told)))


def known_shares(reading: Reading) -> frozenset[Decimal]:
    """What may be written as percents where the plan is told."""
    plan = reading.plan
    parts = [Decimal(part.percent) for part in plan.channels]
    known = {*parts, *accumulate(parts), Decimal(100)}
    known |= {first + second for first in parts for second in parts}
    known |= {month.effect * 100 for month in plan.months}
    known |= {end for kpi in plan.kpis if kpi.range for end in (kpi.range.low, kpi.range.high)}
    known |= set(_values(one.value for one in reading.case.lead.answers))
    for one in reading.case.lead.answers:
        known |= set(written.percents(one.display, reading.language))
    return frozenset(known)


def _reckoned(told: Collection[Decimal]) -> Iterator[Decimal]:
    """What a text can work out from what the lead told: so many at this price, a share of it, a year of it."""
    for first in told:
        yield first * 12
        for second in told:
            yield first * second
            yield first * second / 100


def _said(reading: Reading) -> list[written.Amount]:
    answers = reading.case.lead.answers
    return [
        amount for one in answers for language in written.LANGUAGES for amount in written.amounts(one.display, language)
    ]


def _values(values: Iterable[Any]) -> Iterator[Decimal]:
    for value in values:
        given = value.get("amount") if isinstance(value, dict) else value
        if isinstance(given, (int, float)) and not isinstance(given, bool):
            yield Decimal(str(given))
        elif isinstance(given, str) and re.fullmatch(r"\d+(?:\.\d+)?", given):
            yield Decimal(given)
