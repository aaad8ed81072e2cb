"""What tables show is what the plan says, row by row, and adds up.

Tables are known by what stands in them, not by their ids: an agency's own table of channels is held to the plan as well.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from markezy.strategies.checks import written
from markezy.strategies.checks.coherence.naming import CHECK, Names, channel_names, kpi_names
from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Reading, plain
from markezy.strategies.numbers.model import Forecast, Kpi, Range
from markezy.strategies.writing.document import Block, Kind

_DASH = re.compile(r"\s?[–—]\s?")
_PLANNED = ("channels", "budget", "forecast")
_FEWEST = 2
"""So many rows must bear names of one kind for the table to be about it."""

Row = tuple[str, ...]


def tables(reading: Reading) -> Iterator[Finding]:
    channels, kpis = channel_names(reading), kpi_names(reading)
    shares_shown = kpis_shown = False
    for section, block in reading.blocks:
        if block.kind is not Kind.TABLE or not block.rows or reading.is_answers_table(block):
            continue
        rows = [tuple(plain(cell).strip() for cell in row) for row in block.rows]
        body = rows[:-1] if block.totals else rows
        if block.totals:
            yield from _totals(block, body, rows[-1], reading)
        if section in _PLANNED and _about(body, channels):
            columns = _percent_columns(body, reading)
            shares_shown |= bool(columns)
            yield from _channels(block, body, columns, channels, reading)
        elif _about(body, kpis):
            kpis_shown = True
            yield from _kpis(block, body, kpis, reading)
        elif section in _PLANNED and len(body) == len(reading.plan.months):
            yield from _months(block, body, reading)
    if not shares_shown:
        yield Finding(CHECK, "budget", problem("no_shares"))
    if reading.plan.kpis and not kpis_shown:
        yield Finding(CHECK, "forecast", problem("no_kpis"))


def _about(body: Sequence[Row], names: Names) -> bool:
    return sum(names.id_of(row[0]) is not None for row in body if row) >= min(_FEWEST, len(body))


def _totals(block: Block, body: Sequence[Row], last: Row, reading: Reading) -> Iterator[Finding]:
    """Wherever the last row shows figures of the kind above it, they are the sums of those."""
    for place, total in enumerate(last):
        column = [row[place] for row in body if place < len(row)]
        for kind in (_percent, _money, _range):
            wanted = kind(total, reading)
            parts = [part for part in (kind(cell, reading) for cell in column) if part is not None]
            if wanted is None or len(parts) != len(column) or not parts:
                continue
            sums = tuple(sum(each) for each in zip(*parts, strict=True))
            if sums != wanted:
                yield Finding(CHECK, block.id, problem("wrong_total", column=place + 1, total=total))
            break


def _channels(
    block: Block, body: Sequence[Row], columns: Sequence[int], names: Names, reading: Reading
) -> Iterator[Finding]:
    planned = {part.id: part for part in reading.plan.channels}
    ids = [names.id_of(row[0]) for row in body]
    for id_, row in zip(ids, body, strict=True):
        if id_ is None:
            yield Finding(CHECK, block.id, problem("unknown_channel", name=row[0]))
        elif id_ not in planned:
            yield Finding(CHECK, block.id, problem("channel_not_in_plan", channel=id_, name=row[0]))
    shown = [id_ for id_ in ids if id_ in planned]
    repeated = [id_ for id_, count in Counter(shown).items() if count > 1]
    for id_ in repeated:
        yield Finding(CHECK, block.id, problem("channel_twice", channel=id_))
    if columns:
        for id_ in planned.keys() - set(shown):
            yield Finding(CHECK, block.id, problem("channel_not_shown", channel=id_))
    for place in columns:
        percents = [_percent(row[place], reading) for row in body]
        if sum(part[0] for part in percents if part) != 100:
            yield Finding(CHECK, block.id, problem("shares_do_not_add_up", column=place + 1))
        for id_, part in zip(ids, percents, strict=True):
            if id_ in planned and part and part[0] != planned[id_].percent:
                yield Finding(CHECK, block.id, problem("wrong_share", channel=id_, share=f"{part[0]} %"))
    yield from _amounts(block, body, ids, reading)


def _amounts(block: Block, body: Sequence[Row], ids: Sequence[str | None], reading: Reading) -> Iterator[Finding]:
    """The column that shows what channels get is the one in which most rows agree with the plan."""
    planned = {part.id: part.amount for part in reading.plan.channels}
    for place in range(1, len(block.columns)):
        shown = [_money(row[place], reading) if place < len(row) else None for row in body]
        wanted = [planned.get(id_) if id_ else None for id_ in ids]
        agree = [part is not None and part[0] == amount for part, amount in zip(shown, wanted, strict=True)]
        if not any(agree) or 2 * sum(agree) < len(body):
            continue
        if sum((part[0] for part in shown if part), Decimal(0)) != reading.plan.facts.budget:
            yield Finding(CHECK, block.id, problem("amounts_do_not_add_up", column=place + 1))
        for id_, right, part in zip(ids, agree, shown, strict=True):
            if not right and id_ in planned:
                amount = row_text(part)
                yield Finding(CHECK, block.id, problem("wrong_amount", channel=id_, amount=amount))


def row_text(part: tuple[Decimal, ...] | None) -> str:
    return "" if part is None else f"{part[0]:f}"


def _months(block: Block, body: Sequence[Row], reading: Reading) -> Iterator[Finding]:
    """A column whose figures are mostly those of the months has them all right."""
    months = reading.plan.months
    subjects: list[Callable[[Forecast], Range]] = [
        lambda forecast: forecast.results,
        lambda forecast: forecast.clicks,
        lambda forecast: forecast.reach,
        lambda forecast: forecast.cost_per_result,
    ]
    for place in range(1, len(block.columns)):
        cells = [row[place] if place < len(row) else "" for row in body]
        spends = [_money(cell, reading) for cell in cells]
        agreements = [[bool(one) and one[0] == month.spend for one, month in zip(spends, months, strict=True) if one]]
        ranges = [_range(cell, reading) for cell in cells]
        for subject in subjects:
            agreements.append(
                [
                    _alike(shown, subject(month.forecast) if month.forecast else None)
                    for shown, month in zip(ranges, months, strict=True)
                ]
            )
        best = max(agreements, key=sum)
        if len(best) == len(body) and 2 * sum(best) > len(body) and not all(best):
            yield Finding(CHECK, block.id, problem("wrong_month", column=place + 1, shown=cells[best.index(False)]))


def _kpis(block: Block, body: Sequence[Row], names: Names, reading: Reading) -> Iterator[Finding]:
    planned = {kpi.id: kpi for kpi in reading.plan.kpis}
    ids = [names.id_of(row[0]) for row in body]
    for id_, row in zip(ids, body, strict=True):
        if id_ is None or id_ not in planned:
            yield Finding(CHECK, block.id, problem("kpi_not_in_plan", kpi=id_ or "", name=row[0]))
        elif not _shows(row[1:], planned[id_], reading):
            yield Finding(CHECK, block.id, problem("wrong_kpi", kpi=id_))
    for id_ in planned.keys() - set(ids):
        yield Finding(CHECK, block.id, problem("kpi_not_shown", kpi=id_))


def _shows(cells: Sequence[str], kpi: Kpi, reading: Reading) -> bool:
    if kpi.range is None:
        return True
    return any(_alike(tuple(written.numbers(cell, reading.language)[:2]), kpi.range) for cell in cells)


def _alike(shown: tuple[Decimal, ...] | None, exact: Range | None) -> bool:
    if not shown or exact is None:
        return False
    low, high = shown[0], shown[-1]
    return written.is_rounding(low, exact.low) and written.is_rounding(high, exact.high)


def _percent_columns(body: Sequence[Row], reading: Reading) -> list[int]:
    """Columns in which every row shows one share."""
    width = min(map(len, body), default=0)
    return [place for place in range(1, width) if all(_percent(row[place], reading) for row in body)]


def _percent(cell: str, reading: Reading) -> tuple[Decimal, ...] | None:
    value = written.number(cell.removesuffix("%"), reading.language) if cell.endswith("%") else None
    return None if value is None else (value,)


def _money(cell: str, reading: Reading) -> tuple[Decimal, ...] | None:
    found = written.amounts(cell, reading.language)
    return (found[0].value,) if len(found) == 1 and found[0].text == cell else None


def _range(cell: str, reading: Reading) -> tuple[Decimal, ...] | None:
    """Both ends of a count; the same where there is one figure."""
    ends = [written.number(end, reading.language) for end in _DASH.split(cell)]
    return (ends[0], ends[-1]) if len(ends) <= 2 and None not in ends else None  # type: ignore[return-value]
