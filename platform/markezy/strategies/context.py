"""What a strategy template can use.

    agency      name, color, email, website (the last two may be None)
    lead        name, first_name, company, email, phone (each may be None), called (company or name or "")
    answers     the answers worth showing, in the order given: question, label, display, value
    said(id)    what was answered to a question, as the lead reads it; "" when it was not asked or skipped
    chose(id, option, …)  whether one of these options was chosen
    figure(id)  the number that was answered; None when there is none above zero
    budget      amount, currency, text – or None when no monthly budget above zero was named
    mix(channels, goals)  the channels with `percent`, `amount` and `text` (amount in words, "" without budget), largest first
    amount(parts, id, …)  what `mix` gave these channels together; 0 without budget
    between(low, high)  a range of money, rounded to what an estimate can say
    reach(amount, low, high)  a range: what `amount` buys when one costs between `low` and `high`
    money(x) number(x) percent(x) day(date) short_day(date)   written as the strategy's language does
    start, after(days)  the first Monday after today, and the day so many days later
    today       the day the strategy is written

All texts of the lead are escaped when they are shown; nothing they write is ever run.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from markezy.leads.api import QualifiedAnswer, QualifiedLead
from markezy.strategies.formats import DEFAULT_CURRENCY, Formats
from markezy.strategies.model import Agency
from markezy.strategies.numbers import budget as model
from markezy.strategies.numbers.facts import figure_in, money_in
from markezy.strategies.numbers.rounding import count, two_figures

CONTACT_QUESTIONS = frozenset({"name", "email", "phone", "company", "consent"})
"""Shown on the cover or not at all; not part of what the lead told about their business."""

_RUNNING = Decimal("1.25")
"""A channel in use already weighs more: improving what runs is cheaper than starting anew."""


@dataclass(frozen=True)
class Reader:
    """The lead as the document speaks of them."""

    name: str | None
    first_name: str | None
    company: str | None
    email: str | None
    phone: str | None
    called: str

    @staticmethod
    def of(lead: QualifiedLead) -> "Reader":
        contact = lead.contact
        name, company = _tidy(contact.name), _tidy(contact.company)
        first_name = name.split()[0] if name else None
        return Reader(name, first_name, company, _tidy(contact.email), _tidy(contact.phone), company or name or "")


@dataclass(frozen=True)
class Budget:
    """What the lead can spend a month."""

    amount: Decimal
    currency: str
    text: str


def context_of(lead: QualifiedLead, agency: Agency, locale: str, today: date) -> dict[str, Any]:
    """The template's variables, as documented above."""
    formats = Formats(locale)
    answers = {one.question: one for one in lead.answers if one.display.strip()}
    budget = _budget(answers.get("budget"), formats)
    start = today + timedelta(days=7 - today.weekday())

    def money(amount: Decimal | float) -> str:
        return formats.money(amount, budget.currency if budget else DEFAULT_CURRENCY)

    return {
        "agency": agency,
        "lead": Reader.of(lead),
        "answers": [one for one in answers.values() if one.question not in CONTACT_QUESTIONS],
        "said": lambda question: answers[question].display.strip() if question in answers else "",
        "chose": _chose(answers),
        "figure": lambda question: _number(answers.get(question)),
        "budget": budget,
        "mix": _mix(answers, budget, formats),
        "amount": _amount,
        "between": lambda low, high: (
            f"{money(two_figures(Decimal(str(low))))} – {money(two_figures(Decimal(str(high))))}"
        ),
        "reach": _reach(formats),
        "money": money,
        "number": formats.number,
        "percent": formats.percent,
        "day": formats.day,
        "short_day": formats.short_day,
        "today": today,
        "start": start,
        "after": lambda days: start + timedelta(days=days),
    }


def _chose(answers: Mapping[str, QualifiedAnswer]) -> Callable[..., bool]:
    def chose(question: str, *options: str) -> bool:
        value = answers[question].value if question in answers else None
        chosen = value if isinstance(value, list) else [value]
        return any(option in chosen for option in options)

    return chose


def _budget(answer: QualifiedAnswer | None, formats: Formats) -> Budget | None:
    money = money_in(answer)
    if money is None:
        return None
    currency = money.currency or DEFAULT_CURRENCY
    return Budget(money.amount, currency, formats.money(money.amount, currency))


def _number(answer: QualifiedAnswer | None) -> float | None:
    figure = figure_in(answer.value) if answer else None
    return None if figure is None else float(figure)


def _mix(
    answers: Mapping[str, QualifiedAnswer], budget: Budget | None, formats: Formats
) -> Callable[..., list[dict[str, Any]]]:
    """`mix(channels, goals)`: each channel is a mapping with `id`, `weight`, `minimum` and whatever else the template wants to show.

    `goals` maps an option of the question `goal` to factors by channel id. The question `channels` tells what runs already.
    """
    chose = _chose(answers)

    def mix(channels: Iterable[Mapping[str, Any]], goals: Mapping[str, Mapping[str, float]]) -> list[dict[str, Any]]:
        known = {channel["id"]: channel for channel in channels}
        factors: dict[str, Decimal] = {}
        for goal, tilt in goals.items():
            if chose("goal", goal):
                factors |= {id_: Decimal(str(factor)) for id_, factor in tilt.items()}
        weighed = [
            model.Channel(
                id_,
                Decimal(str(channel["weight"]))
                * factors.get(id_, Decimal(1))
                * (_RUNNING if chose("channels", *channel.get("runs_as", (id_,))) else 1),
                Decimal(str(channel.get("minimum", 0))),
            )
            for id_, channel in known.items()
        ]
        parts = model.divide(weighed, budget.amount if budget else None)
        return [
            {
                **known[part.id],
                "percent": part.percent,
                "amount": part.amount,
                "text": formats.money(part.amount, budget.currency) if budget and part.amount is not None else "",
            }
            for part in parts
        ]

    return mix


def _amount(parts: Iterable[Mapping[str, Any]], *ids: str) -> float:
    return float(sum(part["amount"] for part in parts if part["id"] in ids and part["amount"] is not None))


def _reach(formats: Formats) -> Callable[..., str]:
    def reach(amount: float, low: float, high: float) -> str:
        least, most = (count(Decimal(str(amount / cost))) for cost in (high, low))
        return f"{formats.number(least)}–{formats.number(most)}"

    return reach


def _tidy(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
