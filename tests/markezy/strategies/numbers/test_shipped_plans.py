"""The plan parts we ship: each sector's differences on the base are whole and promise what the model promises."""

from datetime import date
from decimal import Decimal
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
import yaml
from markezy.strategies.layers.merging import merge_data
from markezy.strategies.numbers.assumptions import ChoiceRule
from markezy.strategies.numbers.checking import check_partial, check_whole, read_assumptions
from markezy.strategies.numbers.model import Range
from markezy.strategies.numbers.planning import make_plan

from tests.markezy.strategies.numbers.parts_of_tests import BASE, asking

SECTORS = Path(__file__).parents[4] / "platform/seeds/strategies/sectors"
PARTS: dict[str, dict[str, Any]] = {"base": {}} | {
    path.parent.name: yaml.safe_load(path.read_text()) for path in sorted(SECTORS.glob("*/plan.yml"))
}
WITHOUT_ADS = ("repeat_customers", "reputation")
"""Who wants this may spend nothing on clicks; everybody else is told what a month of them brings."""
NONE = Range(Decimal(0), Decimal(0))


def _one_of_each(rule: ChoiceRule) -> list[str]:
    """An option for every fact it can mean."""
    return list({fact: option for option, fact in rule.options.items()}.values())


@pytest.mark.parametrize("sector", PARTS)
def test_a_sectors_figures_are_whole_on_the_base(sector: str) -> None:
    assert check_partial(PARTS[sector]) == []
    assert check_whole(merge_data(BASE, PARTS[sector])) == []


@pytest.mark.parametrize("sector", PARTS)
def test_twice_the_money_never_brings_fewer_results(sector: str) -> None:
    assumptions = read_assumptions(merge_data(BASE, PARTS[sector]))
    rules = assumptions.facts
    for goal, situation in product(_one_of_each(rules.objective), _one_of_each(rules.maturity)):
        said = {rules.objective.question: goal, rules.maturity.question: situation}
        plans = [
            make_plan(assumptions, asking(**said, **{rules.budget.question: 50 * 2**power}), date(2026, 6, 3))
            for power in range(12)
        ]
        results = [plan.quarter.results if plan.quarter else NONE for plan in plans]
        for less, more in pairwise(results):
            assert less.low <= more.low, goal
            assert less.high <= more.high, goal


@pytest.mark.parametrize("sector", PARTS)
def test_a_plan_of_every_usual_size_can_be_forecast_and_done(sector: str) -> None:
    assumptions = read_assumptions(merge_data(BASE, PARTS[sector]))
    rules = assumptions.facts
    for goal in _one_of_each(rules.objective):
        for budget in (2000, 8000):
            answers = {rules.objective.question: goal, rules.budget.question: budget}
            plan = make_plan(assumptions, asking(**answers), date(2026, 6, 3))
            bought = [channel for channel in plan.channels if assumptions.channels[channel.id].buys]
            assert bought or rules.objective.options[goal] in WITHOUT_ADS, goal
            assert (plan.quarter.results.low >= 1) if plan.quarter else not bought
            assert len(plan.steps) >= 8
            assert len(plan.put_off) <= len(plan.steps) / 2
            assert {step.month for step in plan.steps} == {1, 2, 3}
