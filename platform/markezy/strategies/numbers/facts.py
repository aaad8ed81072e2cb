"""What the figures depend on, read from a lead's answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, TypeVar

from markezy.leads.api import QualifiedAnswer, QualifiedLead
from markezy.strategies.formats import DEFAULT_CURRENCY, currency_in
from markezy.strategies.numbers.assumptions import Assumptions, ValueRule
from markezy.strategies.numbers.model import Facts

_EURO = "EUR"
_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 9

Answers = Mapping[str, QualifiedAnswer]
_Fact = TypeVar("_Fact")


@dataclass(frozen=True)
class Money:
    """An amount above zero; `currency` is None when the answer names none."""

    amount: Decimal
    currency: str | None


def answers_of(lead: QualifiedLead) -> dict[str, QualifiedAnswer]:
    """The answers that say something, by question."""
    return {one.question: one for one in lead.answers if one.value is not None and one.display.strip()}


def facts_of(assumptions: Assumptions, answers: Answers) -> Facts:
    """The facts, and for each that was answered the question it was read from."""
    rules = assumptions.facts
    objective = _mapped(answers.get(rules.objective.question), rules.objective.options)
    maturity = _mapped(answers.get(rules.maturity.question), rules.maturity.options)
    hours = _mapped(answers.get(rules.hours.question), rules.hours.options)
    channels = answers.get(rules.running.question)
    budget = money_in(answers.get(rules.budget.question))
    currency = budget.currency if budget else None
    value, currency = _value(assumptions, rules.value, answers, currency, fixed=budget is not None)
    read = (
        ("objective", rules.objective.question, objective),
        ("maturity", rules.maturity.question, maturity),
        ("hours", rules.hours.question, hours),
        ("running", rules.running.question, channels),
        ("value", rules.value.question if rules.value else "", value),
        ("budget", rules.budget.question, budget),
    )
    return Facts(
        objective=objective or rules.objective.default,
        maturity=maturity or rules.maturity.default,
        hours_a_week=rules.hours.default if hours is None else hours,
        budget=budget.amount if budget else None,
        currency=currency or DEFAULT_CURRENCY,
        running=frozenset(
            id_ for id_, channel in assumptions.channels.items() if channels and chosen(channels) & set(channel.runs_as)
        ),
        value=value,
        sources=tuple((fact, question) for fact, question, found in read if found is not None),
    )


def per_euro(assumptions: Assumptions, currency: str) -> Decimal | None:
    """How much of the currency is about one euro; None when nobody said."""
    return Decimal(1) if currency == _EURO else assumptions.currencies.per_euro.get(currency)


def chosen(answer: QualifiedAnswer | None) -> set[str]:
    """The option or options that were chosen."""
    value = answer.value if answer else None
    return {one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)}


def money_in(answer: QualifiedAnswer | None) -> Money | None:
    """The amount that was answered; None for anything else and for what is not above zero."""
    amount = figure_in(answer.value) if answer else None
    if answer is None or amount is None:
        return None
    named = answer.value.get("currency") if isinstance(answer.value, dict) else None
    return Money(amount, str(named) if named else currency_in(answer.display))


def figure_in(value: Any) -> Decimal | None:
    """A number or amount of money in cents' precision; None for anything else and for what is not above zero."""
    amount = value.get("amount") if isinstance(value, dict) else value
    if isinstance(amount, bool) or not isinstance(amount, (int, float, str)):
        return None
    try:
        exact = Decimal(str(amount))
    except InvalidOperation:
        return None
    if not exact.is_finite() or not _CENT / 2 <= exact <= _LARGEST:
        return None
    rounded = exact.quantize(_CENT, ROUND_HALF_UP)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def _mapped(answer: QualifiedAnswer | None, options: Mapping[str, _Fact]) -> _Fact | None:
    """What the first known option in the order of the rules stands for."""
    options_chosen = chosen(answer)
    return next((fact for option, fact in options.items() if option in options_chosen), None)


def _value(
    assumptions: Assumptions, rule: ValueRule | None, answers: Answers, currency: str | None, *, fixed: bool
) -> tuple[Decimal | None, str | None]:
    """What a result is worth in the budget's currency, and the currency: without a budget it is the value's own."""
    named = money_in(answers.get(rule.question)) if rule else None
    if rule is None or named is None:
        return None, currency
    if not fixed:
        return named.amount * rule.times, named.currency
    target = currency or DEFAULT_CURRENCY
    own, wanted = (per_euro(assumptions, one) for one in (named.currency or target, target))
    if (named.currency or target) == target:
        return named.amount * rule.times, target
    if own is None or wanted is None:
        return None, target
    return (named.amount * rule.times / own * wanted).quantize(_CENT, ROUND_HALF_UP) or None, target
