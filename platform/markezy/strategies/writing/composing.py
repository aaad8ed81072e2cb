"""From words, figures and a case to a document. What has nothing to say is not there: no empty table, no heading over nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from markupsafe import escape

from markezy.strategies.layers.layer import LayerName
from markezy.strategies.numbers.model import Plan
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.context import Context
from markezy.strategies.writing.document import Block, Document, Kind, Origin, Section
from markezy.strategies.writing.figures import figure
from markezy.strategies.writing.filling import NUMERIC, fill, list_of_steps
from markezy.strategies.writing.sandbox import BrokenTemplate, Text
from markezy.strategies.writing.tidying import one_line, plain
from markezy.strategies.writing.words import BlockWords, Line, SectionWords, Words

_RANKS = {name.value: rank for rank, name in enumerate(LayerName)}
_LONGEST_TITLE = 200


def compose(words: Words, plan: Plan, case: Case) -> Document:
    """The lead's strategy. BrokenTemplate names the place in the words; it holds nothing of the lead."""
    return _document(Context(words, plan, case), words.title, words.subtitle, words.sections, "sections")


def compose_briefing(words: Words, plan: Plan, case: Case) -> Document:
    """The briefing for the agency's staff about the same lead: never shown to the lead. BrokenTemplate as above."""
    context = Context(words, plan, case, staff=True)
    return _document(context, words.briefing_title, words.briefing_subtitle, words.briefing, "briefing")


def _document(context: Context, title: Text, subtitle: Text, sections: Sequence[SectionWords], part: str) -> Document:
    written = (_section(context, section, part) for section in sections)
    return Document(
        title=str(escape(one_line(plain(_write(context, title, "title")), _LONGEST_TITLE))),
        subtitle=_write(context, subtitle, "subtitle"),
        locale=context.case.locale,
        sections=tuple(section for section in written if section is not None),
    )


def _section(context: Context, section: SectionWords, part: str) -> Section | None:
    place = f"{part}/{section.id}"
    context.trace.clear()
    if not _holds(context, section, f"{place}/when"):
        return None
    because = tuple(context.trace.answers)
    heading = _write(context, section.heading, f"{place}/heading")
    written = (_block(context, block, section.id, f"{place}/blocks/{block.id}", because) for block in section.blocks)
    blocks = tuple(_headed(block for block in written if block is not None))
    return Section(section.id, heading, blocks) if heading and blocks else None


def _headed(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without headings that nothing stands under."""
    waiting = None
    for block in blocks:
        if block.kind is Kind.HEADING:
            waiting = block
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        yield block


def _block(context: Context, block: BlockWords, section: str, place: str, because: tuple[str, ...]) -> Block | None:
    context.trace.clear()
    context.trace.note(*because)
    context.trace.layers.add(block.layer)
    try:
        if not context.holds(block.when):
            return None
        written = _CONTENTS[block.kind](context, block, Block(f"{section}.{block.id}", block.kind, Origin(block.layer)))
    except BrokenTemplate as error:
        raise _placed(error, place) from error.__cause__
    if written is None:
        return None
    layer = max(context.trace.layers, key=lambda name: _RANKS.get(name, -1))
    return replace(written, origin=Origin(layer, tuple(context.trace.answers), context.trace.figures))


def _text(context: Context, block: BlockWords, empty: Block) -> Block | None:
    text = context.write(block.text)
    return replace(empty, text=str(text)) if text else None


def _list(context: Context, block: BlockWords, empty: Block) -> Block | None:
    items = list_of_steps(context, block) if block.fill else tuple(row[0] for row in _lines(context, block.lines))
    return replace(empty, items=items) if items else None


def _table(context: Context, block: BlockWords, empty: Block) -> Block | None:
    totals = False
    if block.fill:
        filling = fill(context, block)
        rows, totals = [[row[column.id] for column in block.columns] for row in filling.rows], filling.totals
        numeric = [place for place, column in enumerate(block.columns) if column.id in NUMERIC]
    else:
        rows, numeric = _lines(context, block.lines), list(block.numeric)
    staying = [place for place, column in enumerate(block.columns) if context.holds(column.when)]
    if block.fill:
        # Nothing to fill in, as the amounts of a plan without a budget: the column goes, and with all of them the table.
        staying = [place for place in staying if any(row[place] for row in rows)]
    if not rows or not staying or (block.fill and len(staying) == 1 and len(block.columns) > 1):
        return None
    return replace(
        empty,
        columns=tuple(str(context.write(block.columns[place].texts[0])) for place in staying),
        rows=tuple(tuple(str(row[place]) for place in staying) for row in rows),
        numeric=tuple(at for at, place in enumerate(staying) if place in numeric),
        totals=totals,
    )


def _figure(context: Context, block: BlockWords, empty: Block) -> Block | None:
    data = figure(context, block)
    return replace(empty, figure=block.figure, data=data) if data is not None else None


def _lines(context: Context, lines: Sequence[Line]) -> list[list[str]]:
    """What the items or rows say, without those that do not hold or say nothing."""
    written = [[str(context.write(text)) for text in line.texts] for line in lines if context.holds(line.when)]
    return [texts for texts in written if any(texts)]


def _write(context: Context, text: Text, place: str) -> str:
    try:
        return str(context.write(text))
    except BrokenTemplate as error:
        raise _placed(error, place) from error.__cause__


def _holds(context: Context, section: SectionWords, place: str) -> bool:
    try:
        return context.holds(section.when)
    except BrokenTemplate as error:
        raise _placed(error, place) from error.__cause__


def _placed(error: BrokenTemplate, place: str) -> BrokenTemplate:
    return BrokenTemplate(f"{error} in {place}")


_CONTENTS: dict[Kind, Callable[[Context, BlockWords, Block], Block | None]] = {
    **dict.fromkeys((Kind.LEAD, Kind.PARAGRAPH, Kind.QUOTE, Kind.NOTE, Kind.HEADING), _text),
    **dict.fromkeys((Kind.LIST, Kind.STEPS), _list),
    Kind.TABLE: _table,
    Kind.FIGURE: _figure,
}
