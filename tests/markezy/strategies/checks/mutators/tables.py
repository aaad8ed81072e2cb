"""Tables that do not show what the plan says."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from markezy.strategies.checks.coherence.naming import channel_names, kpi_names
from markezy.strategies.checks.reading import Reading, plain
from markezy.strategies.formats import Formats
from markezy.strategies.writing.document import Block, Kind

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.editing import blocks, reading_of, with_block, with_cell, without_row
from tests.markezy.strategies.checks.mutators.making import Defect, Draw, mutator


def body(block: Block) -> range:
    return range(len(block.rows) - block.totals)


def tables_of(written: Written, names: Callable[[Reading], Any]) -> list[Block]:
    """Tables about channels, or about KPIs, in the sections where the plan is told."""
    reading = reading_of(written)
    known = names(reading)
    found = blocks(written.document, Kind.TABLE, inside=("channels", "budget", "forecast"))
    return [block for block in found if all(known.id_of(block.rows[row][0]) for row in body(block))]


def shares_of(written: Written) -> list[tuple[Block, int]]:
    """(table, column) pairs that show the channels' shares."""
    shares = [Formats(written.language).percent(part.percent) for part in written.plan.channels]
    return [
        (block, column)
        for block in tables_of(written, channel_names)
        for column in range(1, len(block.columns))
        if [plain(block.rows[row][column]).strip() for row in body(block)] == shares
    ]


def amounts_of(written: Written) -> list[tuple[Block, int]]:
    currency = written.plan.facts.currency
    amounts = [Formats(written.language).money(part.amount or 0, currency) for part in written.plan.channels]
    return [
        (block, column)
        for block in tables_of(written, channel_names)
        for column in range(1, len(block.columns))
        if [plain(block.rows[row][column]).strip() for row in body(block)] == amounts
    ]


def absent_channels(written: Written) -> list[str]:
    """The names of those the plan has not, and the lead does not use."""
    known = {part.id for part in written.plan.channels} | written.plan.facts.running
    return [name for id_, name in channel_names(reading_of(written)).shown.items() if id_ not in known]


@mutator
def wrong_share(written: Written, draw: Draw) -> Defect:
    block, column = draw.of(shares_of(written))
    row, shift = draw.of(body(block)), draw.of([-3, -1, 1, 7, 20])
    share = Formats(written.language).percent(written.plan.channels[row].percent + shift)
    document = with_cell(written.document, block, row, column, share)
    return Defect(document, block.id, "coherence", ("shares_do_not_add_up",))


@mutator
def swapped_shares(written: Written, draw: Draw) -> Defect | None:
    """They still add up."""
    block, column = draw.of(shares_of(written))
    different = [row for row in body(block)[1:] if block.rows[row][column] != block.rows[0][column]]
    if not different:
        return None
    row = draw.of(different)
    document = with_cell(written.document, block, 0, column, block.rows[row][column])
    changed = next(each for each in blocks(document) if each.id == block.id)
    document = with_cell(document, changed, row, column, block.rows[0][column])
    return Defect(document, block.id, "coherence", ("wrong_share",))


@mutator
def wrong_amount(written: Written, draw: Draw) -> Defect | None:
    found = amounts_of(written)
    if not found or written.plan.facts.budget is None:
        return None
    block, column = draw.of(found)
    row = draw.of(body(block))
    other = (written.plan.channels[row].amount or Decimal(0)) + draw.of([1, 10, 100])
    text = Formats(written.language).money(other, written.plan.facts.currency)
    document = with_cell(written.document, block, row, column, text)
    return Defect(document, block.id, "coherence", ("wrong_amount", "amounts_do_not_add_up"))


@mutator
def wrong_total(written: Written, draw: Draw) -> Defect | None:
    formats = Formats(written.language)
    totals = {formats.percent(100): formats.percent(99)}
    for amount in (written.plan.facts.budget, written.plan.spend):
        if amount is not None:
            currency = written.plan.facts.currency
            totals[formats.money(amount, currency)] = formats.money(amount + 10, currency)
    found = [
        (block, column, totals[text])
        for block in blocks(written.document, Kind.TABLE)
        if block.totals
        for column, text in enumerate(map(plain, block.rows[-1]))
        if text in totals
    ]
    if not found:
        return None
    block, column, other = draw.of(found)
    document = with_cell(written.document, block, len(block.rows) - 1, column, other)
    return Defect(document, block.id, "coherence", ("wrong_total",))


@mutator
def wrong_month(written: Written, draw: Draw) -> Defect | None:
    """One month's results are others than the plan's."""
    results = [month.forecast.results for month in written.plan.months if month.forecast]
    found = [
        (block, column, row)
        for block in blocks(written.document, Kind.TABLE, inside=("forecast", "budget"))
        if len(body(block)) == len(results)
        for column in range(1, len(block.columns))
        for row, exact in enumerate(results)
        if _shows(block.rows[row][column], exact, written.language)
    ]
    if not found:
        return None
    block, column, row = draw.of(found)
    formats = Formats(written.language)
    other = f"{formats.number(results[row].low + 3)}–{formats.number(results[row].high * 2 + 5)}"
    document = with_cell(written.document, block, row, column, other)
    return Defect(document, block.id, "coherence", ("wrong_month", "wrong_total"))


def _shows(cell: str, exact: Any, language: str) -> bool:
    formats = Formats(language)
    ends = [formats.number(end.to_integral_value()) for end in (exact.low, exact.high)]
    return "".join(plain(cell).split()) == "–".join("".join(end.split()) for end in ends)


@mutator
def missing_channel(written: Written, draw: Draw) -> Defect:
    block, _ = draw.of(shares_of(written))
    document = without_row(written.document, block, draw.of(body(block)))
    return Defect(document, block.id, "coherence", ("channel_not_shown",))


@mutator
def channel_twice(written: Written, draw: Draw) -> Defect:
    block, _ = draw.of(shares_of(written))
    row = draw.of(body(block))
    document = with_block(written.document, block, rows=(block.rows[row], *block.rows))
    return Defect(document, block.id, "coherence", ("channel_twice",))


@mutator
def channel_that_is_not_in_the_plan(written: Written, draw: Draw) -> Defect | None:
    names = absent_channels(written)
    if not names:
        return None
    block = draw.of(tables_of(written, channel_names))
    document = with_cell(written.document, block, draw.of(body(block)), 0, draw.of(names))
    return Defect(document, block.id, "coherence", ("channel_not_in_plan",))


@mutator
def unknown_channel(written: Written, draw: Draw) -> Defect:
    block, _ = draw.of(shares_of(written))
    document = with_cell(written.document, block, draw.of(body(block)), 0, "Zeppelin")
    return Defect(document, block.id, "coherence", ("unknown_channel",))


@mutator
def kpi_of_another_goal(written: Written, draw: Draw) -> Defect | None:
    planned = {kpi.id for kpi in written.plan.kpis}
    names = [name for id_, name in kpi_names(reading_of(written)).shown.items() if id_ not in planned]
    if not names:
        return None
    block = draw.of(tables_of(written, kpi_names))
    document = with_cell(written.document, block, draw.of(body(block)), 0, draw.of(names))
    return Defect(document, block.id, "coherence", ("kpi_not_in_plan",))


@mutator
def missing_kpi(written: Written, draw: Draw) -> Defect:
    block = draw.of(tables_of(written, kpi_names))
    document = without_row(written.document, block, draw.of(body(block)))
    return Defect(document, block.id, "coherence", ("kpi_not_shown",))


@mutator
def wrong_kpi(written: Written, draw: Draw) -> Defect | None:
    """A target that is twice the plan's."""
    block = draw.of(tables_of(written, kpi_names))
    known = kpi_names(reading_of(written))
    ranges = {kpi.id: kpi.range for kpi in written.plan.kpis}
    rows = [row for row in body(block) if ranges.get(known.id_of(block.rows[row][0]))]
    if not rows:
        return None
    row = draw.of(rows)
    exact = ranges[known.id_of(block.rows[row][0])]
    formats = Formats(written.language)
    other = f"{formats.number(exact.low * 2 + 3)} – {formats.number(exact.high * 2 + 5)}"
    cells = (block.rows[row][0], *[other] * (len(block.columns) - 1))
    rows_now = (*block.rows[:row], cells, *block.rows[row + 1 :])
    return Defect(with_block(written.document, block, rows=rows_now), block.id, "coherence", ("wrong_kpi",))
