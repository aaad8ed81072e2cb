"""Defects, made on purpose. Each mutator takes a document without one and says which finding must follow, and where.

A mutator works on any document: it looks for a place by what stands there, and has nothing to do where there is none (`None`).
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from markezy.strategies.checks.coherence.naming import channel_names, kpi_names
from markezy.strategies.checks.completeness import REQUIRED
from markezy.strategies.checks.reading import Reading, letters, plain, shown
from markezy.strategies.formats import Formats
from markezy.strategies.writing.document import Block, Document, Kind, Section

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.sentences import FOREIGN, SENTENCES

_PROSE = (Kind.LEAD, Kind.PARAGRAPH, Kind.NOTE)


class Draw:
    """Choices, made by hypothesis."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def of(self, choices: Sequence[Any]) -> Any:
        return self._data.draw(st.sampled_from(choices))


@dataclass(frozen=True)
class Defect:
    """A document with a defect. One of the `codes` must be found by `check` at the place."""

    document: Document
    place: str
    check: str
    codes: tuple[str, ...]


Mutator = Callable[[Written, Draw], Defect | None]
MUTATORS: dict[str, Mutator] = {}


def mutator(function: Mutator) -> Mutator:
    MUTATORS[function.__name__] = function
    return function


# --- Editing ------------------------------------------------------------------------------------------------------


def reading_of(written: Written) -> Reading:
    return Reading(written.document, written.plan, written.case, written.words)


def blocks(document: Document, *kinds: Kind, inside: Sequence[str] = ()) -> list[Block]:
    return [
        block
        for section in document.sections
        for block in section.blocks
        if (not kinds or block.kind in kinds) and (not inside or section.id in inside)
    ]


def with_block(document: Document, block: Block, **changes: Any) -> Document:
    return replace(
        document,
        sections=tuple(
            replace(
                section, blocks=tuple(replace(each, **changes) if each is block else each for each in section.blocks)
            )
            for section in document.sections
        ),
    )


def with_section(document: Document, section: Section, **changes: Any) -> Document:
    sections = tuple(replace(each, **changes) if each is section else each for each in document.sections)
    return replace(document, sections=sections)


def with_cell(document: Document, block: Block, row: int, column: int, text: str) -> Document:
    rows = [list(each) for each in block.rows]
    rows[row][column] = text
    return with_block(document, block, rows=tuple(map(tuple, rows)))


def without_row(document: Document, block: Block, row: int) -> Document:
    return with_block(document, block, rows=block.rows[:row] + block.rows[row + 1 :])


def added(written: Written, draw: Draw, sentence: str, check: str, *codes: str, inside: Sequence[str] = ()) -> Defect:
    """A sentence more in one of the paragraphs."""
    block = draw.of(blocks(written.document, *_PROSE, inside=inside))
    document = with_block(written.document, block, text=f"{block.text} {sentence}")
    return Defect(document, block.id, check, codes)


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


# --- Completeness -------------------------------------------------------------------------------------------------


@mutator
def missing_section(written: Written, draw: Draw) -> Defect:
    id_ = draw.of(REQUIRED)
    sections = tuple(section for section in written.document.sections if section.id != id_)
    return Defect(replace(written.document, sections=sections), id_, "completeness", ("missing_section",))


@mutator
def emptied_section(written: Written, draw: Draw) -> Defect:
    section = draw.of(written.document.sections)
    return Defect(with_section(written.document, section, blocks=()), section.id, "completeness", ("empty_section",))


@mutator
def sections_out_of_order(written: Written, draw: Draw) -> Defect:
    sections = list(written.document.sections)
    place = draw.of(range(len(sections) - 1))
    sections[place], sections[place + 1] = sections[place + 1], sections[place]
    document = replace(written.document, sections=tuple(sections))
    return Defect(document, sections[place].id, "completeness", ("section_order",))


@mutator
def no_title(written: Written, draw: Draw) -> Defect:
    return Defect(replace(written.document, title=draw.of(["", " "])), "", "completeness", ("no_title",))


@mutator
def empty_heading(written: Written, draw: Draw) -> Defect:
    section = draw.of(written.document.sections)
    document = with_section(written.document, section, heading=draw.of(["", " ", "<b></b>"]))
    return Defect(document, section.id, "completeness", ("empty_heading",))


@mutator
def heading_of_nothing(written: Written, draw: Draw) -> Defect:
    section = draw.of(written.document.sections)
    heading = replace(section.blocks[0], id=f"{section.id}.more", kind=Kind.HEADING, text=section.heading)
    document = with_section(written.document, section, blocks=(*section.blocks, heading))
    return Defect(document, heading.id, "completeness", ("heading_of_nothing",))


@mutator
def empty_paragraph(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, *_PROSE))
    document = with_block(written.document, block, text=draw.of(["", " \n", "<b> </b>", "&nbsp;"]))
    return Defect(document, block.id, "completeness", ("empty_block",))


@mutator
def empty_item(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, Kind.LIST, Kind.STEPS))
    document = with_block(written.document, block, items=(*block.items, ""))
    return Defect(document, block.id, "completeness", ("empty_item",))


@mutator
def empty_cell(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, Kind.TABLE))
    row, column = draw.of(body(block)), draw.of(range(len(block.columns)))
    return Defect(with_cell(written.document, block, row, column, ""), block.id, "completeness", ("empty_cell",))


@mutator
def empty_table(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, Kind.TABLE))
    return Defect(with_block(written.document, block, rows=()), block.id, "completeness", ("empty_block",))


@mutator
def uneven_table(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, Kind.TABLE))
    row = draw.of(body(block))
    rows = (*block.rows[:row], block.rows[row][:-1], *block.rows[row + 1 :])
    return Defect(with_block(written.document, block, rows=rows), block.id, "completeness", ("uneven_table",))


@mutator
def chart_of_nothing(written: Written, draw: Draw) -> Defect | None:
    charts = blocks(written.document, Kind.FIGURE)
    if not charts:
        return None
    chart = draw.of(charts)
    return Defect(with_block(written.document, chart, data=None), chart.id, "completeness", ("empty_block",))


@mutator
def duplicate_id(written: Written, draw: Draw) -> Defect:
    section = draw.of(written.document.sections)
    block = draw.of(section.blocks)
    document = with_section(written.document, section, blocks=(*section.blocks, replace(block)))
    return Defect(document, block.id, "completeness", ("duplicate_id",))


@mutator
def foreign_id(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document))
    return Defect(with_block(written.document, block, id="elsewhere.x"), "elsewhere.x", "completeness", ("foreign_id",))


@mutator
def too_short(written: Written, draw: Draw) -> Defect:
    section = draw.of([one for one in written.document.sections if one.id in REQUIRED])
    text = SENTENCES[written.language]["short"]
    block = Block(section.blocks[0].id, Kind.PARAGRAPH, section.blocks[0].origin, text)
    document = with_section(written.document, section, blocks=(block,))
    return Defect(document, section.id, "completeness", ("too_short",))


@mutator
def too_long(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, *_PROSE))
    text = " ".join([SENTENCES[written.language]["plain"]] * 150)
    return Defect(with_block(written.document, block, text=text), block.id.split(".")[0], "completeness", ("too_long",))


@mutator
def too_long_document(written: Written, draw: Draw) -> Defect:
    extra = replace(blocks(written.document, *_PROSE)[0], text=" ".join([SENTENCES[written.language]["plain"]] * 40))
    sections = tuple(
        replace(section, blocks=(*section.blocks, *(replace(extra, id=f"{section.id}.x{place}") for place in range(2))))
        for section in written.document.sections
    )
    return Defect(replace(written.document, sections=sections), "", "completeness", ("too_long",))


@mutator
def missing_answer(written: Written, draw: Draw) -> Defect | None:
    """The row of the answer is gone; only answers that appear nowhere else can be missed by that."""
    reading = reading_of(written)
    for block in blocks(written.document, Kind.TABLE, inside=("situation",)):
        if not reading.is_answers_table(block):
            continue
        rest = "\n".join(letters(piece.text) for piece in reading.pieces if piece.place != block.id)
        missed = {shown(one) for one in reading.answers if shown(one) not in rest}
        others = [
            "".join(letters(plain(cell)) for other in block.rows if other is not row for cell in other)
            for row in block.rows
        ]
        rows = [
            row
            for row in body(block)
            if (said := letters(plain(block.rows[row][1]))) in missed and said not in others[row]
        ]
        if not rows:
            return None
        return Defect(
            without_row(written.document, block, draw.of(rows)), "situation", "completeness", ("missing_answer",)
        )
    return None


@mutator
def no_contact(written: Written, draw: Draw) -> Defect:
    section = next(one for one in written.document.sections if one.id == "next")
    name = written.case.agency.name
    kept = tuple(block for block in section.blocks if name not in block.text and name not in "".join(block.items))
    return Defect(with_section(written.document, section, blocks=kept), "next", "completeness", ("no_contact",))


# --- Coherence: tables --------------------------------------------------------------------------------------------


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
    names = _absent_channels(written)
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


# --- Coherence: charts --------------------------------------------------------------------------------------------


def _chart(written: Written, figure: str, change: Callable[[dict[str, Any]], None]) -> Defect | None:
    chart = next((block for block in blocks(written.document, Kind.FIGURE) if block.figure == figure), None)
    if chart is None:
        return None
    data = deepcopy(chart.data or {})
    change(data)
    return Defect(with_block(written.document, chart, data=data), chart.id, "coherence", ("wrong_figure",))


@mutator
def wrong_split(written: Written, draw: Draw) -> Defect | None:
    def change(data: dict[str, Any]) -> None:
        part = draw.of(data["parts"])
        key = draw.of(["percent", "share", "amount", "name"])
        part[key] = {"percent": part["percent"] + 1, "share": "3 %", "amount": "€77,777", "name": "Zeppelin"}[key]

    return _chart(written, "budget_split", change)


@mutator
def wrong_calendar(written: Written, draw: Draw) -> Defect | None:
    def change(data: dict[str, Any]) -> None:
        kind = draw.of(["bar", "week", "month"])
        if kind == "bar":
            draw.of(data["bars"])["last"] += 9
        elif kind == "week":
            weeks = data["weeks"]
            weeks[2]["first"], weeks[3]["first"] = weeks[3]["first"], weeks[2]["first"]
        else:
            data["months"].reverse()

    return _chart(written, "calendar", change)


@mutator
def wrong_forecast(written: Written, draw: Draw) -> Defect | None:
    def change(data: dict[str, Any]) -> None:
        month = draw.of(data["months"])
        month["high"] = int(month["high"]) * 2 + 9

    return _chart(written, "forecast", change)


# --- Coherence: texts ---------------------------------------------------------------------------------------------


@mutator
def invented_amount(written: Written, draw: Draw) -> Defect:
    amount = Formats(written.language).money(draw.of([98_765, 54_321, 87_650]), written.plan.facts.currency)
    sentence = SENTENCES[written.language]["amount"].format(amount=amount)
    return added(written, draw, sentence, "coherence", "unknown_amount")


@mutator
def amount_in_another_currency(written: Written, draw: Draw) -> Defect:
    currency = draw.of([code for code in ("EUR", "USD", "GBP", "CHF") if code != written.plan.facts.currency])
    amount = Formats(written.language).money(written.plan.facts.budget or 500, currency)
    sentence = SENTENCES[written.language]["amount"].format(amount=amount)
    return added(written, draw, sentence, "coherence", "other_currency")


@mutator
def invented_share(written: Written, draw: Draw) -> Defect:
    share = Formats(written.language).percent(Decimal("97.3"))
    sentence = SENTENCES[written.language]["amount"].format(amount=share)
    return added(written, draw, sentence, "coherence", "unknown_share", inside=("summary", "budget"))


@mutator
def date_out_of_range(written: Written, draw: Draw) -> Defect:
    plan = written.plan
    day = draw.of([plan.start - timedelta(days=60), plan.end + timedelta(days=12), plan.end + timedelta(days=400)])
    sentence = SENTENCES[written.language]["day"].format(day=Formats(written.language).day(day))
    return added(written, draw, sentence, "coherence", "date_out_of_range")


@mutator
def dates_out_of_order(written: Written, draw: Draw) -> Defect | None:
    """Two rows of the calendar change places."""
    start = Formats(written.language).short_day
    for block in blocks(written.document, Kind.TABLE, inside=("calendar",)):
        firsts = [
            next((step.first for step in written.plan.steps if start(step.first) in map(plain, row)), None)
            for row in block.rows
        ]
        pairs = [
            (one, two)
            for one, first in enumerate(firsts)
            for two, second in enumerate(firsts)
            if first and second and first < second
        ]
        if pairs:
            one, two = draw.of(pairs)
            rows = list(block.rows)
            rows[one], rows[two] = rows[two], rows[one]
            document = with_block(written.document, block, rows=tuple(rows))
            return Defect(document, block.id, "coherence", ("dates_out_of_order",))
    return None


@mutator
def speaks_of_another_channel(written: Written, draw: Draw) -> Defect | None:
    names = [name for name in _absent_channels(written) if " " in name]
    if not names:
        return None
    sentence = SENTENCES[written.language]["channel"].format(channel=draw.of(names))
    return added(written, draw, sentence, "coherence", "channel_not_in_plan", inside=("summary", "channels", "budget"))


@mutator
def contradiction(written: Written, draw: Draw) -> Defect:
    facts = written.plan.facts
    rules = [facts.maturity, "has_budget" if facts.budget is not None else "no_budget"]
    sentence = draw.of([SENTENCES[written.language][rule] for rule in rules])
    return added(written, draw, sentence, "coherence", "contradiction")


def _absent_channels(written: Written) -> list[str]:
    known = {part.id for part in written.plan.channels} | written.plan.facts.running
    return [name for id_, name in channel_names(reading_of(written)).shown.items() if id_ not in known]


# --- Language and leftovers ---------------------------------------------------------------------------------------


@mutator
def paragraph_in_another_language(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, *_PROSE))
    text = " ".join(draw.of([texts for language, texts in FOREIGN.items() if language != written.language]))
    return Defect(with_block(written.document, block, text=text), block.id, "language", ("other_language",))


@mutator
def sentence_in_another_language(written: Written, draw: Draw) -> Defect:
    texts = [text for language, each in FOREIGN.items() if language != written.language for text in each]
    return added(written, draw, draw.of(texts), "language", "other_language")


@mutator
def heading_in_another_language(written: Written, draw: Draw) -> Defect:
    section = draw.of(written.document.sections)
    heading = draw.of([text["heading"] for language, text in SENTENCES.items() if language != written.language])
    document = with_section(written.document, section, heading=heading)
    return Defect(document, section.id, "language", ("other_language",))


@mutator
def placeholder(written: Written, draw: Draw) -> Defect:
    left = draw.of(
        [
            "{{ called }}", "{{called", "{% if x %}", "{name}", "[NAME]", "[YOUR CITY]", "XXX", "XXXX", "lorem ipsum", "Lorem ipsum dolor",
            "TODO", "TBD", "____", "${budget}", "&lt;NAME&gt;", "???", "[votre nom]", "[su ciudad]",
        ]
    )  # fmt: skip
    return added(written, draw, _in_a_sentence(written, left), "leftovers", "placeholder", "doubled_mark")


@mutator
def value_of_the_program(written: Written, draw: Draw) -> Defect:
    left = draw.of(["undefined", "None", "null", "NaN", "nan", "[object Object]", "Decimal('3')"])
    return added(written, draw, _in_a_sentence(written, left), "leftovers", "raw_value")


@mutator
def visible_markup(written: Written, draw: Draw) -> Defect:
    left = draw.of(["&amp;nbsp;", "&amp;amp;", "&lt;b&gt;", "&lt;/p&gt;", "&amp;#39;"])
    return added(written, draw, _in_a_sentence(written, left), "leftovers", "raw_markup")


@mutator
def hollow(written: Written, draw: Draw) -> Defect:
    left = draw.of(["()", "( )", "“”", "« »", "[]", '""', "(, 3)"])
    return added(written, draw, _in_a_sentence(written, left), "leftovers", "hollow")


@mutator
def doubled_word(written: Written, draw: Draw) -> Defect:
    block = draw.of([each for each in blocks(written.document, *_PROSE) if " " in each.text])
    sentence = SENTENCES[written.language]["plain"]
    words = sentence.split()
    place = draw.of([place for place, word in enumerate(words) if word.isalpha()])
    doubled = " ".join([*words[: place + 1], *words[place:]])
    document = with_block(written.document, block, text=f"{block.text} {doubled}")
    return Defect(document, block.id, "leftovers", ("doubled_word",))


@mutator
def unbalanced(written: Written, draw: Draw) -> Defect:
    left = {"en": ["“", "(", ")", "”"], "fr": ["«", "(", "»", "["], "es": ["«", "(", "¿", "¡"]}[written.language]
    return added(written, draw, _in_a_sentence(written, draw.of(left)), "leftovers", "unbalanced")


@mutator
def doubled_mark(written: Written, draw: Draw) -> Defect:
    sentence = SENTENCES[written.language]["plain"].rstrip(".")
    return added(
        written, draw, sentence + draw.of([",.", "..", ",,", ";.", "!!"]), "leftovers", "doubled_mark", "unbalanced"
    )


@mutator
def double_space(written: Written, draw: Draw) -> Defect:
    return added(written, draw, SENTENCES[written.language]["plain"].replace(" ", "  ", 1), "leftovers", "double_space")


@mutator
def space_before_a_mark(written: Written, draw: Draw) -> Defect:
    sentence = SENTENCES[written.language]["plain"].rstrip(".") + draw.of([" .", " , etc."])
    return added(written, draw, sentence, "leftovers", "space_before_mark")


@mutator
def quotes_of_another_language(written: Written, draw: Draw) -> Defect | None:
    quotes = {"en": "« {} »", "fr": "“{}”"}.get(written.language)
    if quotes is None:
        return None
    sentence = quotes.format(SENTENCES[written.language]["plain"])
    return added(written, draw, sentence, "leftovers", "foreign_quotes")


def _in_a_sentence(written: Written, left: str) -> str:
    words = SENTENCES[written.language]["plain"].split()
    return " ".join([*words[:3], left, *words[3:]])


# --- Personal data ------------------------------------------------------------------------------------------------


def _reachable(written: Written, draw: Draw, data: str, *codes: str, inside: Sequence[str] = ()) -> Defect:
    sentence = SENTENCES[written.language]["reach"].format(data=data)
    return added(written, draw, sentence, "personal_data", *codes, inside=inside)


@mutator
def address_of_somebody_else(written: Written, draw: Draw) -> Defect:
    return _reachable(written, draw, draw.of(["j.doe@elsewhere.example", "claire+x@gmail.com"]), "other_email")


@mutator
def phone_of_somebody_else(written: Written, draw: Draw) -> Defect:
    numbers = [
        "+33 6 98 76 54 32",
        "06 98 76 54 32",
        "612 345 679",
        "+44 20 7946 0958",
        "(212) 555-2368",
        "+34612345679",
        "01.44.55.66.77",
    ]
    return _reachable(written, draw, draw.of(numbers), "other_phone")


_PLAN_SECTIONS = ("audience", "positioning", "channels", "content", "budget", "forecast")


@mutator
def address_of_the_lead_in_the_wrong_place(written: Written, draw: Draw) -> Defect | None:
    email = written.case.lead.contact.email
    return _reachable(written, draw, email, "data_in_wrong_place", inside=_PLAN_SECTIONS) if email else None


@mutator
def phone_of_the_lead_in_the_wrong_place(written: Written, draw: Draw) -> Defect | None:
    phone = written.case.lead.contact.phone
    if not phone:
        return None
    number = draw.of([phone, "".join(phone.split())])
    return _reachable(written, draw, number, "data_in_wrong_place", inside=_PLAN_SECTIONS)


@mutator
def name_of_the_lead_in_the_wrong_place(written: Written, draw: Draw) -> Defect | None:
    name = written.case.lead.contact.name
    if not name or " " not in name:
        return None
    return _reachable(written, draw, name, "name_in_wrong_place", inside=_PLAN_SECTIONS)


@mutator
def name_of_somebody_else(written: Written, draw: Draw) -> Defect:
    names = [
        "Nicolas Lefèvre",
        "Mr Johnson",
        "Mme Durand",
        "Sra. Giménez",
        "Isabel Ferrer",
        "Deborah Wright",
        "Dear Johnson",
        "Bonjour Durand",
    ]
    return _reachable(written, draw, draw.of(names), "other_name")


@mutator
def account_of_somebody(written: Written, draw: Draw) -> Defect:
    accounts = ["FR76 3000 6000 0112 3456 7890 189", "ES9121000418450200051332", "GB29 NWBK 6016 1331 9268 19"]
    return _reachable(written, draw, draw.of(accounts), "other_account")


@mutator
def card_of_somebody(written: Written, draw: Draw) -> Defect:
    return _reachable(written, draw, draw.of(["4111 1111 1111 1111", "5500-0000-0000-0004"]), "other_card")


@mutator
def identity_of_somebody(written: Written, draw: Draw) -> Defect:
    numbers = ["1 85 05 78 006 084 36", "12345678Z", "X1234567L", "078-05-1120", "AB 12 34 56 C"]
    return _reachable(written, draw, draw.of(numbers), "other_identity")


# --- Readability --------------------------------------------------------------------------------------------------


@mutator
def endless_sentence(written: Written, draw: Draw) -> Defect:
    sentence = SENTENCES[written.language]["plain"].rstrip(".")
    return added(written, draw, ", ".join([sentence] * 6) + ".", "readability", "long_sentence")


@mutator
def unreadable_paragraph(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, *_PROSE))
    document = with_block(written.document, block, text=SENTENCES[written.language]["hard"])
    return Defect(document, block.id, "readability", ("hard_to_read",))


@mutator
def unreadable_document(written: Written, draw: Draw) -> Defect:
    document = written.document
    for block in blocks(document, *_PROSE):
        now = next(each for each in blocks(document) if each.id == block.id)
        document = with_block(document, now, text=SENTENCES[written.language]["hard"])
    return Defect(document, "", "readability", ("hard_to_read",))
