"""What charts show, as plain data with strings ready to be drawn; the shapes are described in docs/strategies.md."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from markezy.strategies.writing.context import Context
from markezy.strategies.writing.tidying import plain, quoted
from markezy.strategies.writing.words import BlockWords

_LONGEST_BAR = 44
_WEEKS = 13


def figure(context: Context, block: BlockWords) -> dict[str, Any] | None:
    """The chart's data; None when there is nothing to draw."""
    return _FIGURES[block.figure](context, block)


def _budget_split(context: Context, block: BlockWords) -> dict[str, Any] | None:
    views = [view for view in (context.channel(part.id) for part in context.plan.channels) if view]
    if not views:
        return None
    budget = context.plan.facts.budget
    return {
        "center": context.money(budget) if budget is not None else "",
        "caption": _label(context, block, "caption") if budget is not None else "",
        "parts": [
            {"name": plain(view.name), "percent": view.percent, "share": view.percent_text, "amount": view.amount_text}
            for view in views
        ],
    }


def _calendar(context: Context, block: BlockWords) -> dict[str, Any] | None:
    plan = context.plan
    bars = []
    for step in plan.steps:
        view = context.step(step.id)
        if view is None:
            continue
        channel = context.channel(step.channel) if step.channel else None
        name = plain(view.name) or quoted(plain(view.text), _LONGEST_BAR)
        bars.append({
            "name": name, "first": step.first_week, "last": step.last_week, "channel": plain(channel.name) if channel else ""
        })  # fmt: skip
    if not bars:
        return None
    first_days = [plan.start + timedelta(weeks=week) for week in range(_WEEKS)]
    first_weeks = [round((month.first - plan.start).days / 7) + 1 for month in plan.months]
    return {
        "weeks": [{"number": at + 1, "first": context.formats.short_day(day)} for at, day in enumerate(first_days)],
        "months": [
            {"name": _label(context, block, f"month_{month.number}"), "first": first, "last": after - 1}
            for month, first, after in zip(plan.months, first_weeks, [*first_weeks[1:], _WEEKS + 1], strict=True)
        ],
        "bars": bars,
    }


def _forecast(context: Context, block: BlockWords) -> dict[str, Any] | None:
    plan = context.plan
    context.rest_on_plan()
    if plan.quarter is None:
        return None
    months = [
        {
            "name": context.formats.days(month.first, month.last),
            "low": int(month.forecast.results.low),
            "high": int(month.forecast.results.high),
            "text": context.between(month.forecast.results),
        }
        for month in plan.months
        if month.forecast is not None
    ]
    unit = plain(context.term("results"))
    return {"unit": unit, "months": months, "total": context.between(plan.quarter.results)}


def _label(context: Context, block: BlockWords, id_: str) -> str:
    return plain(context.write(block.labels[id_])) if id_ in block.labels else ""


_FIGURES: dict[str, Callable[[Context, BlockWords], dict[str, Any] | None]] = {
    "budget_split": _budget_split,
    "calendar": _calendar,
    "forecast": _forecast,
}
