"""Tables and lists made from the plan and from what the lead said: `fill` in a block."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from markezy.leads.api import QualifiedAnswer
from markezy.strategies.numbers.model import Forecast, Range, Step
from markezy.strategies.writing.context import CONTACT_QUESTIONS, Context
from markezy.strategies.writing.tidying import one_line, tidy
from markezy.strategies.writing.words import BlockWords

NUMERIC = frozenset(
    {"share", "amount", "spend", "ads", "views", "clicks", "results", "cost", "target", "hours", "points"}
)
"""Columns set to the right."""

_LONGEST_ANSWER = 600
_LONGEST_IN_FULL = 4000


@dataclass(frozen=True)
class Filling:
    """The rows by column, and whether the last one adds up the others."""

    rows: tuple[Mapping[str, str], ...]
    totals: bool = False


def fill(context: Context, block: BlockWords) -> Filling:
    """What belongs into the block. Cells are inline HTML; "" where there is nothing to say."""
    return _FILLINGS[block.fill](context, block)


def list_of_steps(context: Context, block: BlockWords) -> tuple[str, ...]:
    """The steps' sentences, for a list."""
    return tuple(row["text"] for row in fill(context, block).rows)


def _answers(context: Context, block: BlockWords) -> Filling:
    told = [one for one in context.answers.values() if one.question not in CONTACT_QUESTIONS]
    return Filling(tuple(_answer(context, one, _LONGEST_ANSWER) for one in told))


def _everything(context: Context, block: BlockWords) -> Filling:
    told = [one for one in context.answers.values() if one.question not in CONTACT_QUESTIONS]
    return Filling(tuple(_answer(context, one, _LONGEST_IN_FULL) for one in told))


def _answer(context: Context, answer: QualifiedAnswer, longest: int) -> dict[str, str]:
    context.trace.note(answer.question)
    locale = context.case.locale
    return {
        "question": tidy(str(escape(one_line(answer.label, _LONGEST_ANSWER))), locale),
        "answer": tidy(str(escape(one_line(answer.display, longest))), locale),
    }


def _facts(context: Context, block: BlockWords) -> Filling:
    """The answers that decided on the figures, with what they decided (`labels` by fact)."""
    rows = []
    for fact, question in context.plan.facts.sources:
        answer = context.answers.get(question)
        if answer is not None:
            rows.append({"fact": _label(context, block, fact), **_answer(context, answer, _LONGEST_ANSWER)})
    return Filling(tuple(rows))


def _reasons(context: Context, block: BlockWords) -> Filling:
    """What the score is made of; the labels are `elsewhere` (where the lead came from), `unanswered` and `total`."""
    rows = []
    for reason in context.case.reasons:
        context.trace.note(*reason.questions)
        rows.append({
            "question": _joined(context, reason.labels) or _label(context, block, "elsewhere"),
            "answer": _joined(context, [_answered(context, block, one) for one in reason.questions]),
            "points": f"{reason.points:+d}",
        })  # fmt: skip
    total = _label(context, block, "total")
    if not rows or not total:
        return Filling(tuple(rows))
    rows.append({"question": total, "answer": "", "points": str(context.case.lead.score)})
    return Filling(tuple(rows), totals=True)


def _answered(context: Context, block: BlockWords, question: str) -> str:
    answer = context.answers.get(question)
    return _label(context, block, "unanswered") if answer is None else one_line(answer.display, _LONGEST_ANSWER)


def _joined(context: Context, texts: Iterable[str]) -> str:
    return tidy(str(Markup(" · ").join(texts)), context.case.locale)


def _channels(context: Context, block: BlockWords) -> Filling:
    rows = []
    for view in filter(None, (context.channel(part.id) for part in context.plan.channels)):
        rows.append(
            {"name": f"<b>{view.name}</b>", "task": view.task, "share": view.percent_text, "amount": view.amount_text}
        )
    budget, total = context.plan.facts.budget, _label(context, block, "total")
    if not rows or not total:
        return Filling(tuple(rows))
    whole = context.formats.percent(sum(part.percent for part in context.plan.channels))
    rows.append(
        {"name": total, "task": "", "share": whole, "amount": context.money(budget) if budget is not None else ""}
    )
    return Filling(tuple(rows), totals=True)


def _months(context: Context, block: BlockWords) -> Filling:
    plan = context.plan
    context.rest_on_plan()
    rows = [
        {
            "month": context.formats.days(month.first, month.last),
            **_spent(context, month.spend, month.ad_spend),
            **_brought(context, month.forecast),
        }
        for month in plan.months
        if month.spend is not None or month.forecast is not None
    ]
    total = _label(context, block, "total")
    if not rows or not total:
        return Filling(tuple(rows))
    rows.append({"month": total, **_spent(context, plan.spend, plan.ad_spend), **_brought(context, plan.quarter)})
    return Filling(tuple(rows), totals=True)


def _spent(context: Context, whole: Decimal | None, on_ads: Decimal | None) -> dict[str, str]:
    amounts = {"spend": whole, "ads": on_ads}
    return {column: "" if amount is None else context.money(amount) for column, amount in amounts.items()}


def _brought(context: Context, forecast: Forecast | None) -> dict[str, str]:
    if forecast is None:
        return dict.fromkeys(("views", "clicks", "results", "cost"), "")
    return {
        "views": context.between(forecast.reach),
        "clicks": context.between(forecast.clicks),
        "results": context.between(forecast.results),
        "cost": context.between(forecast.cost_per_result, "money"),
    }


def _kpis(context: Context, block: BlockWords) -> Filling:
    """A target that can't be said yet is told by the label `open`."""
    context.rest_on_plan()
    rows = []
    for kpi in context.plan.kpis:
        words = context.words.kpis.get(kpi.id)
        if words is None:
            continue
        context.trace.layers.add(words.layer)
        target = _target(context, kpi.range, kpi.unit) or _label(context, block, "open")
        rows.append({"name": f"<b>{context.write(words.name)}</b>", "target": target, "how": context.write(words.how)})
    return Filling(tuple(rows))


def _target(context: Context, estimate: Range | None, unit: str) -> str:
    return context.between(estimate, unit) if estimate is not None else ""


def _steps(context: Context, block: BlockWords) -> Filling:
    rows: list[Mapping[str, str]] = []
    for step in context.plan.steps:
        if block.month is None or step.month == block.month:
            rows += _step(context, step)
    return Filling(tuple(rows))


def _step(context: Context, step: Step) -> Iterator[dict[str, str]]:
    view = context.step(step.id)
    if view is None:
        return
    channel = context.channel(step.channel) if step.channel else None
    yield {
        "days": context.formats.days(step.first, step.last),
        "name": view.name,
        "text": view.text,
        "channel": channel.name if channel else "",
        "hours": context.formats.number(step.hours) if step.hours else "",
    }


def _put_off(context: Context, block: BlockWords) -> Filling:
    """What waits for the time after the plan."""
    context.rest_on_plan()
    rows = []
    for id_ in context.plan.put_off:
        words = context.words.steps.get(id_)
        if words is not None:
            context.trace.layers.add(words.layer)
            text = context.write(words.text)
            rows.append({"name": context.write(words.name), "text": text, "channel": "", "hours": ""})
    return Filling(tuple(rows))


def _label(context: Context, block: BlockWords, id_: str) -> str:
    return context.write(block.labels[id_]) if id_ in block.labels else ""


_FILLINGS: dict[str, Callable[[Context, BlockWords], Filling]] = {
    "answers": _answers,
    "everything": _everything,
    "facts": _facts,
    "reasons": _reasons,
    "channels": _channels,
    "months": _months,
    "kpis": _kpis,
    "steps": _steps,
    "put_off": _put_off,
}
