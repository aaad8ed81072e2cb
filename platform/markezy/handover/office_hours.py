"""When the office is open. Pure: opening hours are local times of a week, asked about at any moment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = Mapping[str, Sequence[Sequence[str]]]
"""Per day of `DAYS` the spans in which somebody is there, `["09:00", "17:30"]`; a span ends at `24:00` at the latest."""

_HORIZON = timedelta(days=15)
"""A change of clocks may swallow a week's only span; the week after has it."""


class BadHours(ValueError):
    """The hours make no sense; the text says where."""


def check(hours: Hours) -> None:
    """BadHours unless every day is one, and its spans are in order and don't overlap."""
    for day, spans in hours.items():
        if day not in DAYS:
            raise BadHours(f"{day!r} is no day; there are {', '.join(DAYS)}")
        end_before = -1
        for span in spans:
            if len(span) != 2:
                raise BadHours(f"{day}: a span is a beginning and an end, like ['09:00', '17:30']")
            start, end = (_minutes(each, day) for each in span)
            if start >= end:
                raise BadHours(f"{day}: {span[0]} is not before {span[1]}")
            if start < end_before:
                raise BadHours(f"{day}: the spans overlap or are out of order at {span[0]}")
            end_before = end


def is_open(hours: Hours, zone: ZoneInfo, at: datetime) -> bool:
    """Whether somebody is there at the aware time `at`."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in _spans(hours, local.date()))


def opens_next(hours: Hours, zone: ZoneInfo, at: datetime) -> datetime | None:
    """The first moment from `at` on at which the office is open, in its own time zone; None when it never is."""
    moments = sorted({at, *_beginnings(hours, zone, at), *_clock_changes(zone, at)})
    found = next((moment for moment in moments if moment >= at and is_open(hours, zone, moment)), None)
    return None if found is None else found.astimezone(zone)


def _spans(hours: Hours, day: date) -> list[tuple[int, int]]:
    """A day's spans in minutes since midnight, as the clock on the wall shows them."""
    name = DAYS[day.weekday()]
    return [(_minutes(start, name), _minutes(end, name)) for start, end in hours.get(name, ())]


def _beginnings(hours: Hours, zone: ZoneInfo, at: datetime) -> Iterator[datetime]:
    """When spans begin. A time that the clocks show twice begins twice; one they skip is found among their changes."""
    first = at.astimezone(zone).date()
    for offset in range(_HORIZON.days + 1):
        day = first + timedelta(days=offset)
        for start, _ in _spans(hours, day):
            local = datetime.combine(day, time(*divmod(start, 60)), zone)
            for fold in (0, 1):
                yield local.replace(fold=fold).astimezone(UTC)


def _clock_changes(zone: ZoneInfo, at: datetime) -> Iterator[datetime]:
    """The moments within the horizon at which the clocks are put forward or back."""
    low = at.astimezone(UTC).replace(second=0, microsecond=0)
    for _ in range(_HORIZON.days * 4):
        high = low + timedelta(hours=6)
        if _offset(zone, low) != _offset(zone, high):
            yield _change_between(zone, low, high)
        low = high


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(zone, low)
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _minutes(written: str, day: str) -> int:
    hours, colon, minutes = written.partition(":")
    if len(written) == 5 and colon and hours.isdecimal() and minutes.isdecimal() and written.isascii():
        total = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and total <= 24 * 60:
            return total
    raise BadHours(f"{day}: {written!r} is no time of day; write it like 09:00")
