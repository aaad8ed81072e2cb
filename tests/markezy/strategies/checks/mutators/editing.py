"""A document with one thing changed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from markezy.strategies.checks.reading import Reading
from markezy.strategies.writing.document import Block, Document, Kind, Section

from tests.markezy.strategies.checks.documents import Written


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
