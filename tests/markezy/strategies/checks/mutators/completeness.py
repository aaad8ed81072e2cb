"""What is not there, or there is too little or too much of."""

from dataclasses import replace

from markezy.strategies.checks.completeness import REQUIRED
from markezy.strategies.checks.reading import letters, plain, shown
from markezy.strategies.writing.document import Block, Kind

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.editing import (
    blocks,
    reading_of,
    with_block,
    with_cell,
    with_section,
    without_row,
)
from tests.markezy.strategies.checks.mutators.making import PROSE, Defect, Draw, mutator
from tests.markezy.strategies.checks.mutators.tables import body
from tests.markezy.strategies.checks.sentences import SENTENCES


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
    block = draw.of(blocks(written.document, *PROSE))
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
    block = draw.of(blocks(written.document, *PROSE))
    text = " ".join([SENTENCES[written.language]["plain"]] * 150)
    return Defect(with_block(written.document, block, text=text), block.id.split(".")[0], "completeness", ("too_long",))


@mutator
def too_long_document(written: Written, draw: Draw) -> Defect:
    extra = replace(blocks(written.document, *PROSE)[0], text=" ".join([SENTENCES[written.language]["plain"]] * 40))
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
