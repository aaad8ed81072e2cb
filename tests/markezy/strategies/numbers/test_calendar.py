"""Steps are placed as early as they may be, as many at a time as the hours allow, and never in a wrong order."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markezy.strategies.numbers.assumptions import WEEKS, StepRule
from markezy.strategies.numbers.calendar import FIRST_WEEKS, Placed, place

from tests.markezy.strategies.numbers.parts_of_tests import steps

MONDAY = date(2026, 6, 8)


def _place(steps: dict[str, Any], hours: float, absent: frozenset[str] = frozenset()) -> Placed:
    rules = {id_: StepRule.model_validate(step) for id_, step in steps.items()}
    return place(rules, {id_: None for id_ in rules if id_ not in absent}, Decimal(str(hours)), MONDAY)


def _weeks(placed: Placed) -> dict[str, tuple[int, int]]:
    return {step.id: (step.first_week, step.last_week) for step in placed.steps}


def test_a_step_lasts_from_monday_to_friday_of_its_weeks() -> None:
    (step,) = _place({"a": {"month": 2, "weeks": 2, "hours": 3}}, 9).steps
    assert (step.month, step.first_week, step.last_week) == (2, 6, 7)
    assert (step.first, step.last) == (date(2026, 7, 13), date(2026, 7, 24))


def test_steps_share_a_week_only_as_far_as_the_hours_go() -> None:
    placed = _place({name: {"month": 1, "hours": 2} for name in "abcd"}, 4)
    assert _weeks(placed) == {"a": (1, 1), "b": (1, 1), "c": (2, 2), "d": (2, 2)}


def test_hours_are_spread_over_a_steps_weeks() -> None:
    placed = _place({"long": {"month": 1, "weeks": 4, "hours": 8}, "short": {"month": 1, "hours": 1}}, 3)
    assert _weeks(placed) == {"long": (1, 4), "short": (1, 1)}


def test_a_step_waits_for_those_before_it_and_for_its_own_week() -> None:
    steps = {
        "last": {"month": 1, "hours": 0, "after": ["first"]},
        "first": {"month": 1, "weeks": 3, "hours": 0},
        "later": {"month": 1, "week": 5, "hours": 0},
    }
    assert _weeks(_place(steps, 1)) == {"first": (1, 3), "last": (4, 4), "later": (5, 5)}


def test_a_step_that_is_not_in_the_plan_hands_on_what_it_waited_for() -> None:
    steps = {
        "a": {"month": 1, "weeks": 2, "hours": 0},
        "b": {"month": 1, "hours": 0, "after": ["a"]},
        "c": {"month": 1, "hours": 0, "after": ["b"]},
    }
    assert _weeks(_place(steps, 1, frozenset({"b"}))) == {"a": (1, 2), "c": (3, 3)}


def test_what_does_not_fit_is_put_off_with_what_waits_for_it() -> None:
    steps = {
        "big": {"month": 1, "hours": 40},
        "next": {"month": 1, "hours": 1, "after": ["big"]},
        "small": {"month": 1, "hours": 1},
    }
    placed = _place(steps, 2)
    assert (_weeks(placed), placed.put_off) == ({"small": (1, 1)}, ("big", "next"))


def test_a_needed_step_is_done_whatever_the_hours_and_the_others_make_room() -> None:
    steps = {"wish": {"month": 1, "hours": 2}, "must": {"month": 1, "hours": 5, "needed": True}}
    assert _weeks(_place(steps, 2)) == {"must": (1, 1), "wish": (2, 2)}


def test_a_needed_step_may_take_half_as_much_time_again_to_be_early() -> None:
    steps = {
        "long": {"month": 1, "weeks": 2, "hours": 3, "needed": True},
        "short": {"month": 1, "hours": 2, "needed": True},
        "another": {"month": 1, "hours": 2, "needed": True},
        "wish": {"month": 1, "hours": 1},
    }
    assert _weeks(_place(steps, 3)) == {"long": (1, 2), "short": (1, 1), "another": (2, 2), "wish": (3, 3)}


def test_a_needed_step_is_early_enough_for_the_needed_ones_after_it() -> None:
    steps = {
        "a": {"month": 1, "weeks": 8, "hours": 16, "needed": True},
        "b": {"month": 1, "weeks": 9, "hours": 9, "needed": True},
        "c": {"month": 3, "week": 10, "weeks": 4, "hours": 4, "after": ["b"], "needed": True},
    }
    assert _weeks(_place(steps, 2)) == {"a": (1, 8), "b": (1, 9), "c": (10, 13)}


@given(steps(), st.sampled_from([0, 1, 2.5, 4, 40]), st.data())
def test_a_calendar_holds_its_order_its_days_and_its_hours(
    steps: dict[str, Any], hours: float, data: st.DataObject
) -> None:
    optional = [id_ for id_ in steps if not steps[id_]["needed"]]
    absent = frozenset(data.draw(st.lists(st.sampled_from(optional), max_size=3)) if optional else [])
    placed = _place(steps, hours, absent)
    done = {step.id: step for step in placed.steps}
    assert set(done) | set(placed.put_off) == set(steps) - absent
    assert not set(done) & set(placed.put_off)
    assert placed == _place(steps, hours, absent)
    for id_, step in done.items():
        assert 1 <= step.first_week <= step.last_week <= WEEKS
        assert step.last_week - step.first_week + 1 == steps[id_]["weeks"]
        assert step.first_week >= FIRST_WEEKS[steps[id_]["month"] - 1]
        assert step.month >= steps[id_]["month"]
        assert (step.first - MONDAY).days // 30 + 1 == step.month
        assert 0 <= (step.first - MONDAY).days < (step.last - MONDAY).days < 90
        assert all(before in absent or done[before].last_week < step.first_week for before in steps[id_]["after"])
    for id_ in placed.put_off:
        assert not steps[id_]["needed"]
    for week in range(1, WEEKS + 1):
        working = [step for step in placed.steps if step.first_week <= week <= step.last_week and step.hours]
        load = sum(step.hours / steps[step.id]["weeks"] for step in working)
        assert load <= Decimal(str(hours)) or all(steps[step.id]["needed"] for step in working)
