"""Charts show what the plan says."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from markezy.strategies.checks import written
from markezy.strategies.checks.coherence.naming import CHECK, channel_names
from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Reading
from markezy.strategies.numbers.model import Plan
from markezy.strategies.writing.document import Kind

_WEEKS = 13


def figures(reading: Reading) -> Iterator[Finding]:
    for _, block in reading.blocks:
        if block.kind is not Kind.FIGURE or not block.data:
            continue
        try:
            right = _CHARTS[block.figure](block.data, reading)
        except (KeyError, TypeError, ValueError, InvalidOperation):
            right = False
        if not right:
            yield Finding(CHECK, block.id, problem("wrong_figure", figure=block.figure))


def _budget_split(data: dict[str, Any], reading: Reading) -> bool:
    names = channel_names(reading)
    planned = {part.id: part for part in reading.plan.channels}
    parts = [(names.id_of(part["name"]), part) for part in data["parts"]]
    if [id_ for id_, _ in parts] != list(planned) or sum(part["percent"] for _, part in parts) != 100:
        return False
    budget = reading.plan.facts.budget
    if budget is not None and _amount(data["center"], reading) != budget:
        return False
    return all(
        part["percent"] == planned[id_].percent
        and written.percents(part["share"], reading.language) == [planned[id_].percent]
        and _amount(part["amount"], reading) == planned[id_].amount
        for id_, part in parts
        if id_ is not None
    )


def _calendar(data: dict[str, Any], reading: Reading) -> bool:
    weeks, start = data["weeks"], reading.plan.start
    if [week["number"] for week in weeks] != list(range(1, _WEEKS + 1)):
        return False
    for week in weeks:
        first = start + timedelta(days=7 * (week["number"] - 1))
        if not any(
            (day.month, day.day) == (first.month, first.day) for day in written.days(week["first"], reading.language)
        ):
            return False
    ends = [0]
    for month in data["months"]:
        ends += [month["first"], month["last"]]
    if ends != sorted(ends) or ends[-1] > _WEEKS:
        return False
    planned = sorted((step.first_week, step.last_week) for step in reading.plan.steps)
    return sorted((bar["first"], bar["last"]) for bar in data["bars"]) == planned


def _forecast(data: dict[str, Any], reading: Reading) -> bool:
    plan: Plan = reading.plan
    if len(data["months"]) != len(plan.months) or plan.quarter is None:
        return False
    for shown, month in zip(data["months"], plan.months, strict=True):
        low, high = Decimal(str(shown["low"])), Decimal(str(shown["high"]))
        results = month.forecast.results if month.forecast else None
        if results is None or not written.is_rounding(low, results.low) or not written.is_rounding(high, results.high):
            return False
        if written.numbers(shown["text"], reading.language) != list(dict.fromkeys((low, high))):
            return False
    total = written.numbers(data["total"], reading.language)
    return (
        bool(total)
        and written.is_rounding(total[0], plan.quarter.results.low)
        and written.is_rounding(total[-1], plan.quarter.results.high)
    )


def _amount(text: str, reading: Reading) -> Decimal | None:
    found = written.amounts(text, reading.language)
    return found[0].value if len(found) == 1 else None


_CHARTS = {"budget_split": _budget_split, "calendar": _calendar, "forecast": _forecast}
