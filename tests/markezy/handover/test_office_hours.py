"""Opening hours, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markezy.handover.office_hours import DAYS, BadHours, check, is_open, opens_next

PARIS = ZoneInfo("Europe/Paris")
WEEK = {day: [["09:00", "12:30"], ["13:30", "18:00"]] for day in DAYS[:5]}
ZONES = ("Europe/Paris", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Europe forward
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Europe back
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York back
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe back, by half an hour
)


def paris(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02T08:59:59", False),
        ("2026-03-02T09:00:00", True),
        ("2026-03-02T12:29:59", True),
        ("2026-03-02T12:30:00", False),
        ("2026-03-02T17:59:59", True),
        ("2026-03-07T10:00:00", False),
    ],
)
def test_a_span_includes_its_beginning_and_not_its_end(at: str, expected: bool) -> None:
    assert is_open(WEEK, PARIS, paris(at)) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02T07:00:00", "2026-03-02T09:00:00+01:00"),
        ("2026-03-02T12:45:00", "2026-03-02T13:30:00+01:00"),
        ("2026-03-06T19:00:00", "2026-03-09T09:00:00+01:00"),
        ("2026-03-27T19:00:00", "2026-03-30T09:00:00+02:00"),  # the clocks go forward in between
        ("2026-03-02T10:00:00", "2026-03-02T10:00:00+01:00"),
    ],
)
def test_the_next_opening_comes_in_the_offices_own_time(at: str, expected: str) -> None:
    found = opens_next(WEEK, PARIS, paris(at))
    assert found is not None
    assert found.isoformat() == expected


def test_an_office_without_hours_never_opens() -> None:
    assert opens_next({"mon": []}, PARIS, paris("2026-03-02T07:00:00")) is None


def test_a_span_that_the_clocks_skip_opens_a_week_later() -> None:
    sunday_night = {"sun": [["02:10", "02:50"]]}
    found = opens_next(sunday_night, PARIS, paris("2026-03-29T00:00:00"))
    assert found is not None
    assert found.isoformat() == "2026-04-05T02:10:00+02:00"


def test_a_span_of_whole_days_ends_at_midnight() -> None:
    assert is_open({"mon": [["00:00", "24:00"]]}, PARIS, paris("2026-03-02T23:59:59"))
    assert not is_open({"mon": [["00:00", "24:00"]]}, PARIS, paris("2026-03-03T00:00:00"))


@st.composite
def hours(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    week = {}
    for day in draw(st.sets(st.sampled_from(DAYS))):
        marks = sorted(draw(st.sets(st.integers(0, 24 * 60), min_size=2, max_size=6)))
        written = [f"{mark // 60:02}:{mark % 60:02}" for mark in marks]
        week[day] = [list(pair) for pair in zip(written[::2], written[1::2], strict=False)]
    return week


@settings(max_examples=150, deadline=None)
@given(hours(), st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(-36 * 60, 36 * 60))
def test_the_office_is_open_at_its_next_opening_and_not_before(
    week: dict[str, list[list[str]]], name: str, change: datetime, minutes: int
) -> None:
    zone, at = ZoneInfo(name), change + timedelta(minutes=minutes)
    check(week)
    found = opens_next(week, zone, at)
    end = found or at + timedelta(days=8)
    moment = at
    while moment < end:
        assert not is_open(week, zone, moment)
        moment += timedelta(minutes=1)
    assert (found is None) == (not any(week.values()))
    if found is not None:
        assert is_open(week, zone, found)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"monday": []}, "is no day"),
        ({"mon": [["09:00"]]}, "a beginning and an end"),
        ({"mon": [["18:00", "09:00"]]}, "is not before"),
        ({"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}, "overlap"),
        ({"mon": [["9:00", "12:00"]]}, "no time of day"),
        ({"mon": [["09:00", "24:01"]]}, "no time of day"),
        ({"mon": [["09:60", "12:00"]]}, "no time of day"),
        ({"mon": [["٠٩:٠٠", "12:00"]]}, "no time of day"),
    ],
)
def test_hours_that_make_no_sense_are_named(wrong: dict[str, list[list[str]]], said: str) -> None:
    with pytest.raises(BadHours, match=said):
        check(wrong)
