"""Days and periods, reckoned from others."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

BEGINNING, MIDDLE, END = 1, 2, 3
WHOLE_YEAR = 12


@dataclass(frozen=True)
class Period:
    """A number of whole months; without any, a working week."""

    start: date
    months: int

    def day(self, part: int) -> date:
        """The day its beginning, middle or end stands for."""
        if part == BEGINNING:
            return self.start
        if not self.months:
            return self.start + timedelta(days=2 if part == MIDDLE else 4)
        if part == END:
            return self.end - timedelta(days=1)
        return months_later(self.start, self.months // 2).replace(day=1 if self.months == WHOLE_YEAR else 15)

    @property
    def end(self) -> date:
        """The first day behind it."""
        return months_later(self.start, self.months) if self.months else self.start + timedelta(days=7)


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, if there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_of_month(number: int, today: date) -> date | None:
    """The next day of this number."""
    starts = (months_later(today.replace(day=1), ahead) for ahead in range(3))
    days = (day_of(start.year, start.month, number) for start in starts)
    return next((day for day in days if day is not None and day >= today), None)
