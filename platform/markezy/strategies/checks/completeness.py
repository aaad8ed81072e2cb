"""Whether everything is there: the sections in their order, something in each, every answer, the way to the agency."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import GAP, Reading, folded, letters, plain, shown, words_of
from markezy.strategies.writing.document import Block, Kind, Section

CHECK = "completeness"

REQUIRED = (
    "summary", "situation", "audience", "positioning", "channels", "content", "calendar", "budget", "forecast", "risks", "next",
)  # fmt: skip
"""In reading order. An agency may add sections anywhere between them."""


@dataclass(frozen=True)
class Bounds:
    """Words, without what the lead said."""

    least: int
    most: int


SECTION = Bounds(25, 800)
SECTIONS = {"summary": Bounds(40, 300), "calendar": Bounds(60, 1500)}
"""Markezy's own sections have 50 to 400 words, calendars up to 830: an agency may be half as short, and twice as long."""
DOCUMENT = Bounds(800, 5000)
"""Markezy's own documents have 1,500 to 3,000 words. Below 800 there is no strategy in it; 5,000 take half an hour to read."""


def completeness(reading: Reading) -> Iterator[Finding]:
    yield from _sections(reading)
    for section in reading.document.sections:
        yield from _contents(section)
    yield from _ids(reading)
    yield from _lengths(reading)
    yield from _answers(reading)
    yield from _contact(reading)
    if not reading.document.title.strip():
        yield Finding(CHECK, "", problem("no_title"))


def _sections(reading: Reading) -> Iterator[Finding]:
    ids = [section.id for section in reading.document.sections]
    for id_ in REQUIRED:
        if id_ not in ids:
            yield Finding(CHECK, id_, problem("missing_section", section=id_))
    shown = [id_ for id_ in dict.fromkeys(ids) if id_ in REQUIRED]
    wanted = [id_ for id_ in REQUIRED if id_ in shown]
    for id_, expected in zip(shown, wanted, strict=True):
        if id_ != expected:
            yield Finding(CHECK, id_, problem("section_order", section=id_))
            return


def _contents(section: Section) -> Iterator[Finding]:
    if _empty(section.heading):
        yield Finding(CHECK, section.id, problem("empty_heading"))
    if not any(block.kind is not Kind.HEADING for block in section.blocks):
        yield Finding(CHECK, section.id, problem("empty_section", section=section.id))
    for before, block in zip((None, *section.blocks), (*section.blocks, None), strict=True):
        if before and before.kind is Kind.HEADING and (block is None or block.kind is Kind.HEADING):
            yield Finding(CHECK, before.id, problem("heading_of_nothing"))
        if block:
            yield from _inside(block)


def _inside(block: Block) -> Iterator[Finding]:
    match block.kind:
        case Kind.TABLE:
            yield from _table(block)
        case Kind.LIST | Kind.STEPS:
            if not block.items:
                yield Finding(CHECK, block.id, problem("empty_block"))
            if any(_empty(item) for item in block.items):
                yield Finding(CHECK, block.id, problem("empty_item"))
        case Kind.FIGURE:
            if not block.figure or not block.data:
                yield Finding(CHECK, block.id, problem("empty_block"))
        case Kind.HEADING if _empty(block.text):
            yield Finding(CHECK, block.id, problem("empty_heading"))
        case _ if _empty(block.text):
            yield Finding(CHECK, block.id, problem("empty_block"))


def _table(block: Block) -> Iterator[Finding]:
    if not block.rows or not block.columns:
        yield Finding(CHECK, block.id, problem("empty_block"))
        return
    if any(_empty(column) for column in block.columns):
        yield Finding(CHECK, block.id, problem("empty_heading"))
    if any(len(row) != len(block.columns) for row in block.rows):
        yield Finding(CHECK, block.id, problem("uneven_table"))
    above = block.rows[:-1] if block.totals else block.rows
    for place, column in enumerate(block.columns):
        if any(place < len(row) and _empty(row[place]) for row in above):
            yield Finding(CHECK, block.id, problem("empty_cell", column=place + 1, heading=plain(column)))
    if block.totals and all(_empty(cell) for cell in block.rows[-1][1:]):
        yield Finding(CHECK, block.id, problem("empty_total"))


def _ids(reading: Reading) -> Iterator[Finding]:
    sections = Counter(section.id for section in reading.document.sections)
    blocks = Counter(block.id for _, block in reading.blocks)
    for id_, count in (*sections.items(), *blocks.items()):
        if count > 1:
            yield Finding(CHECK, id_, problem("duplicate_id"))
    for section, block in reading.blocks:
        if not block.id.startswith(f"{section}.") or block.id == f"{section}.":
            yield Finding(CHECK, block.id, problem("foreign_id", section=section))


def _lengths(reading: Reading) -> Iterator[Finding]:
    counts = {section.id: 0 for section in reading.document.sections}
    for piece in reading.pieces:
        if piece.section:
            counts[piece.section] += len(words_of(piece.own.replace(GAP, " ")))
    for id_, count in counts.items():
        yield from _within(count, SECTIONS.get(id_, SECTION), id_)
    yield from _within(sum(counts.values()), DOCUMENT, "")


def _within(count: int, bounds: Bounds, place: str) -> Iterator[Finding]:
    if count < bounds.least:
        yield Finding(CHECK, place, problem("too_short", count=count, least=bounds.least))
    if count > bounds.most:
        yield Finding(CHECK, place, problem("too_long", count=count, most=bounds.most))


def _answers(reading: Reading) -> Iterator[Finding]:
    text = "\n".join(letters(piece.text) for piece in reading.pieces)
    for one in reading.answers:
        if shown(one) not in text:
            yield Finding(CHECK, "situation", problem("missing_answer", question=one.question, label=one.label))


def _contact(reading: Reading) -> Iterator[Finding]:
    agency = reading.case.agency
    shown = "\n".join(folded(piece.text) for piece in reading.pieces_in("next"))
    wanted = [agency.name, agency.email or agency.website]
    if any(folded(each) not in shown for each in wanted if each):
        yield Finding(CHECK, "next", problem("no_contact"))


def _empty(text: str) -> bool:
    return not plain(text).replace("\u200b", "").strip()
