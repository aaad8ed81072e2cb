"""The budget model: nothing is lost, nothing is gained, and nobody gets too little to matter."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markezy.strategies.numbers.budget import FEWEST, Channel, divide, spread

_AMOUNTS = st.decimals(min_value="0.01", max_value=1_000_000, places=2)
_WEIGHTS = st.lists(st.integers(1, 100), min_size=1, max_size=8)


@given(_AMOUNTS, _WEIGHTS)
def test_amounts_add_up_to_the_budget_and_percents_to_a_hundred(total: Decimal, weights: list[int]) -> None:
    parts = divide([Channel(str(place), Decimal(weight)) for place, weight in enumerate(weights)], total)
    assert sum(part.amount or 0 for part in parts) == total
    assert sum(part.percent for part in parts) == 100
    assert all(part.amount is not None and part.amount >= 0 for part in parts)


@given(_AMOUNTS, _WEIGHTS, st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(100)]))
def test_no_part_is_further_from_its_due_than_the_rest_and_one_step(
    total: Decimal, weights: list[int], step: Decimal
) -> None:
    exact = [total * weight / sum(weights) for weight in weights]
    parts = spread(total, [Decimal(weight) for weight in weights], step)
    assert sum(parts) == total
    assert all(abs(part - due) < 2 * step for part, due in zip(parts, exact, strict=True))


def test_the_parts_follow_the_weights_largest_first() -> None:
    parts = divide([Channel("a", Decimal(1)), Channel("b", Decimal(3))], Decimal(2000))
    assert [(part.id, part.percent, part.amount) for part in parts] == [("b", 75, 1500), ("a", 25, 500)]


def test_a_channel_below_its_minimum_gives_its_part_to_the_others() -> None:
    channels = [Channel("a", Decimal(50)), Channel("b", Decimal(30)), Channel("c", Decimal(20), Decimal(100))]
    assert [part.id for part in divide(channels, Decimal(400))] == ["a", "b"]
    assert [part.id for part in divide(channels, Decimal(500))] == ["a", "b", "c"]


def test_two_channels_stay_however_small_the_budget_is() -> None:
    channels = [Channel(name, Decimal(1), Decimal(1000)) for name in "abcd"]
    assert len(divide(channels, Decimal(1))) == FEWEST


def test_without_a_budget_there_are_shares_only() -> None:
    parts = divide([Channel("a", Decimal(1), Decimal(100)), Channel("b", Decimal(1)), Channel("c", Decimal(1))], None)
    assert sum(part.percent for part in parts) == 100
    assert {part.amount for part in parts} == {None}


@pytest.mark.parametrize("weights", [[], [0], [0, 0]])
def test_weights_that_divide_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="nothing to divide"):
        spread(Decimal(10), [Decimal(weight) for weight in weights], Decimal(1))
