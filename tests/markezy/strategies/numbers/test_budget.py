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


def test_the_channel_furthest_from_its_minimum_goes_first() -> None:
    near, far = Channel("near", Decimal(10), Decimal(40)), Channel("far", Decimal(30), Decimal(600))
    parts = divide([Channel("a", Decimal(40)), Channel("b", Decimal(20)), near, far], Decimal(300))
    assert [part.id for part in parts] == ["a", "b", "near"]


def test_the_ads_part_stays_theirs_whoever_else_is_in_the_plan() -> None:
    ads = [
        Channel("search", Decimal(30), Decimal(100), bought=True),
        Channel("video", Decimal(10), Decimal(900), bought=True),
    ]
    others = [Channel("email", Decimal(40)), Channel("press", Decimal(20), Decimal(300))]
    for total, left_out in ((1000, {"video", "press"}), (2000, {"video"}), (9000, set())):
        parts = divide([*ads, *others], Decimal(total))
        assert {part.id for part in parts} == {"search", "video", "email", "press"} - left_out
        assert sum(part.percent for part in parts if part.id in ("search", "video")) == 40


def test_a_side_with_nothing_within_reach_leaves_its_money_to_the_other() -> None:
    ads = [Channel("search", Decimal(50), Decimal(100), bought=True)]
    others = [Channel("email", Decimal(30)), Channel("seo", Decimal(20), Decimal(60))]
    # 150: half of it is no beginning for the ads, so there is enough for both others.
    assert [(part.id, part.amount) for part in divide([*ads, *others], Decimal(150))] == [("email", 90), ("seo", 60)]


def test_among_channels_out_of_reach_clicks_are_the_last_choice() -> None:
    channels = [Channel("search", Decimal(90), Decimal(100), bought=True)]
    channels += [Channel(name, Decimal(10), Decimal(minimum)) for name, minimum in (("a", 50), ("b", 70), ("c", 60))]
    assert [part.id for part in divide(channels, Decimal(10))] == ["a", "c"]


def test_a_plan_has_no_more_channels_than_its_size_carries() -> None:
    channels = [Channel(name, Decimal(weight)) for name, weight in (("a", 10), ("b", 30), ("c", 20), ("d", 40))]
    assert [part.id for part in divide(channels, Decimal(900), 2)] == ["d", "b"]
    assert [part.id for part in divide(channels, None, 3)] == ["d", "b", "c"]


def test_no_channel_is_named_for_next_to_nothing() -> None:
    channels = [Channel("a", Decimal(40)), Channel("b", Decimal(1)), Channel("c", Decimal(60))]
    assert [(part.id, part.percent) for part in divide(channels, Decimal(900))] == [("c", 60), ("a", 40)]


@given(st.integers(100, 1_000_000), _WEIGHTS)
def test_an_amount_is_its_percent_of_the_budget_to_the_unit(total: int, weights: list[int]) -> None:
    for part in divide([Channel(str(place), Decimal(weight)) for place, weight in enumerate(weights)], Decimal(total)):
        assert part.percent >= 2
        assert part.amount is not None
        assert abs(part.amount - Decimal(total) * part.percent / 100) < 2


def test_without_a_budget_there_are_shares_only() -> None:
    parts = divide([Channel("a", Decimal(1), Decimal(100)), Channel("b", Decimal(1)), Channel("c", Decimal(1))], None)
    assert sum(part.percent for part in parts) == 100
    assert {part.amount for part in parts} == {None}


@pytest.mark.parametrize("weights", [[], [0], [0, 0]])
def test_weights_that_divide_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="nothing to divide"):
        spread(Decimal(10), [Decimal(weight) for weight in weights], Decimal(1))
