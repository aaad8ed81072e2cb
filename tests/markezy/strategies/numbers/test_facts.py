"""Answers become facts by the rules in the plan part, and each fact says where it was read."""

from decimal import Decimal
from typing import Any

import pytest
from markezy.strategies.numbers.checking import read_assumptions
from markezy.strategies.numbers.facts import answers_of, facts_of
from markezy.strategies.numbers.model import Facts

from tests.markezy.strategies.leads_of_tests import lead
from tests.markezy.strategies.numbers.parts_of_tests import SMALL, asking


def _facts(**answers: Any) -> Facts:
    return facts_of(read_assumptions(SMALL), answers_of(asking(**answers)))


def test_everything_that_was_answered_is_a_fact_with_its_source() -> None:
    facts = _facts(goal="keep", situation="new", team="alone", channels=["google_ads"], average_order=60, budget=900)
    assert facts == Facts(
        "loyalty", "starting", Decimal(2), Decimal(900), "EUR", frozenset({"search_ads"}), Decimal(30),
        (("objective", "goal"), ("maturity", "situation"), ("hours", "team"), ("running", "channels"),
         ("value", "average_order"), ("budget", "budget")),
    )  # fmt: skip


def test_what_was_not_answered_or_is_not_known_has_its_default_and_no_source() -> None:
    assert _facts() == Facts("sales", "established", Decimal(4), None, "EUR", frozenset(), None, ())
    assert _facts(goal="fly", team="an army").sources == ()


def test_an_answer_without_a_value_is_none_whatever_is_shown_of_it() -> None:
    said = answers_of(
        lead({"city": (None, "I would rather not say"), "team": ("alone", " "), "goal": ("keep", "Keep")})
    )
    assert list(said) == ["goal"]


def test_of_several_goals_the_first_of_the_rules_counts() -> None:
    assert _facts(goal=["keep", "sell"]).objective == "sales"


def test_a_channel_that_runs_not_is_an_answer_too() -> None:
    assert _facts(channels=["nothing_yet"]).sources == (("running", "channels"),)


@pytest.mark.parametrize("budget", [0, -3, "much", True, 0.001, 1e12, float("nan"), {"amount": None}, ["600"]])
def test_a_budget_that_is_none_is_none(budget: Any) -> None:
    assert _facts(budget=budget).budget is None


@pytest.mark.parametrize(
    ("value", "display", "currency"),
    [
        (800, "$800", "USD"),
        (800, "£800", "GBP"),
        (800, "800", "EUR"),
        ({"amount": 800, "currency": "CHF"}, "800", "CHF"),
    ],
)
def test_the_budgets_currency_is_the_one_named(value: Any, display: str, currency: str) -> None:
    facts = facts_of(read_assumptions(SMALL), answers_of(lead({"budget": (value, display)})))
    assert (facts.budget, facts.currency) == (Decimal(800), currency)


@pytest.mark.parametrize(
    ("budget", "value", "expected"),
    [
        ("€900", "60", (Decimal(30), "EUR")),
        ("$900", "60", (Decimal(30), "USD")),
        ("$900", "€60", (Decimal(60), "USD")),
        ("€900", "$60", (Decimal(15), "EUR")),
        ("€900", "£60", (None, "EUR")),
        ("", "$60", (Decimal(30), "USD")),
    ],
)
def test_a_results_value_is_in_the_budgets_currency(budget: str, value: str, expected: tuple[Any, str]) -> None:
    answers = {"budget": (900, budget), "average_order": (60, value)}
    facts = facts_of(read_assumptions(SMALL), answers_of(lead(answers)))
    assert (facts.value, facts.currency) == expected
