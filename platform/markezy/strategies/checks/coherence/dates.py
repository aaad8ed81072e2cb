"""Dates lie within the plan, or are those the lead named, and follow each other in the calendar."""

from collections.abc import Iterator
from datetime import date, timedelta

from markezy.strategies.checks import written
from markezy.strategies.checks.coherence.naming import CHECK
from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Reading, Role, plain
from markezy.strategies.writing.document import Block, Kind


def dates(reading: Reading) -> Iterator[Finding]:
    named = _named(reading)
    for piece in reading.pieces:
        if piece.role is Role.LABEL:
            continue
        for day in written.days(piece.own, reading.language):
            if not _in_range(day, reading) and (day.month, day.day) not in named:
                yield Finding(CHECK, piece.place, problem("date_out_of_range", day=day.text))
    for section, block in reading.blocks:
        if section == "calendar" and block.kind is Kind.TABLE:
            yield from _ordered(block, reading)


def _in_range(day: written.Day, reading: Reading) -> bool:
    """From the day it was written to the day after the last: "by" a day means that morning."""
    first, last = reading.case.today, reading.plan.end + timedelta(days=1)
    if day.day is None:
        return (first.year, first.month) <= (day.year or first.year, day.month) <= (last.year, last.month)
    possible = (day.in_year(year) for year in range(first.year, last.year + 1))
    return any(each is not None and first <= each <= last for each in possible)


def _named(reading: Reading) -> set[tuple[int, int | None]]:
    """Days that the lead named, and their months."""
    found: set[tuple[int, int | None]] = set()
    for one in reading.case.lead.answers:
        texts = (one.display, one.value) if isinstance(one.value, str) else (one.display,)
        for day in (day for text in texts for language in written.LANGUAGES for day in written.days(text, language)):
            found |= {(day.month, day.day), (day.month, None)}
    return found


def _ordered(block: Block, reading: Reading) -> Iterator[Finding]:
    """No row begins before the one above it, and none ends before it begins."""
    before = date.min
    for row in block.rows:
        cells = (written.days(plain(cell), reading.language) for cell in row)
        shown = next((found for found in cells if found), [])
        placed = [each for each in (_placed(day, reading) for day in shown) if each is not None]
        if not placed:
            continue
        if placed[0] < before or placed != sorted(placed):
            yield Finding(CHECK, block.id, problem("dates_out_of_order", day=shown[0].text))
            return
        before = placed[0]


def _placed(day: written.Day, reading: Reading) -> date | None:
    """The day in the year in which it lies within the plan."""
    if day.day is None:
        return None
    possible = [each for year in (reading.plan.start.year, reading.plan.end.year) if (each := day.in_year(year))]
    inside = [each for each in possible if reading.plan.start <= each <= reading.plan.end]
    return inside[0] if inside else None
