"""A document as plain text: for a shell, and for comparing two of them line by line."""

from collections.abc import Iterator

from markezy.strategies.writing.document import Block, Document, Kind
from markezy.strategies.writing.tidying import plain


def as_text(document: Document) -> str:
    """All that is read in the document, a line for a paragraph, an item or a row."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"# {plain(document.title)}"
    yield plain(document.subtitle)
    for section in document.sections:
        yield f"\n## {plain(section.heading)}"
        for block in section.blocks:
            yield ""
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block.kind:
        case Kind.HEADING:
            yield f"### {plain(block.text)}"
        case Kind.QUOTE:
            yield f"> {plain(block.text)}"
        case Kind.LIST:
            yield from (f"- {plain(item)}" for item in block.items)
        case Kind.STEPS:
            yield from (f"{number}. {plain(item)}" for number, item in enumerate(block.items, 1))
        case Kind.TABLE:
            yield " | ".join(map(plain, block.columns))
            yield from (" | ".join(map(plain, row)) for row in block.rows)
        case Kind.FIGURE:
            yield f"[{block.figure}] {block.data}"
        case _:
            yield plain(block.text)
