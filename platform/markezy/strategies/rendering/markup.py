"""A document as content HTML: what is kept and hashed, shown to staff, and put on paper and the web page.

The same document is always the same HTML. Every block is an element with the id `b-<section>-<block>`; nothing without content is
written. Texts are made safe here once more, whoever wrote them (`inline`).
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from html import escape

from markezy.strategies.model import NEUTRAL_COLOR
from markezy.strategies.rendering import charts
from markezy.strategies.rendering.inline import inline, plain
from markezy.strategies.rendering.palette import palette
from markezy.strategies.rendering.wording import frame_words
from markezy.strategies.writing.document import Block, Document, Kind, Section

_SUMMARY = "summary"
_PAIR = 2
_ID = re.compile(r"[^a-z0-9_-]+", re.IGNORECASE)


Writer = Callable[[Block, str], str]
"""From a block and the attributes of its element to HTML; "" when it has no content."""


@dataclass(frozen=True)
class Medium:
    """How blocks are written: `figure` draws a chart, `writers` are those that differ from a screen's."""

    figure: Callable[[Block], str]
    writers: Mapping[Kind, Writer] = field(default_factory=dict)
    origin: str = ""
    """What the marker of a block's origin is called; without it blocks do not tell where they came from."""
    found: Collection[str] = ()
    """The blocks that something is wrong with; told with the origin."""


def content_html(
    document: Document, *, color: str = NEUTRAL_COLOR, lineage: bool = False, found: Collection[str] = ()
) -> str:
    """The sections, with their charts in the agency's colour.

    With `lineage`, for staff, each block carries `data-layer` and `data-answers` (question ids, separated by spaces) and is followed
    by a marker that the keyboard reaches; the blocks in `found` carry `data-found`.
    """
    canvas = charts.wide(palette(color), document.locale)
    origin = frame_words(document.locale).origin if lineage else ""
    return sections_html(document, Medium(lambda block: charts.draw(block, canvas), origin=origin, found=found))


def sections_html(document: Document, medium: Medium) -> str:
    """All sections in this medium; those without content are left out."""
    return "\n".join(filter(None, (section_html(section, medium) for section in document.sections)))


def section_html(section: Section, medium: Medium) -> str:
    """A section with its heading; "" when none of its blocks has content."""
    blocks = blocks_html(section, medium)
    if not blocks:
        return ""
    name, heading = ident(section.id), inline(section.heading)
    said = f'<h2 id="h-{name}">{heading}</h2>\n' if heading else ""
    labelled = f' aria-labelledby="h-{name}"' if heading else ""
    return f'<section id="{name}"{labelled}>\n{said}{blocks}\n</section>'


def blocks_html(section: Section, medium: Medium) -> str:
    """The section's blocks; a heading with nothing below it is left out."""
    return "\n".join(html for _, html in written_blocks(section, medium))


def written_blocks(section: Section, medium: Medium) -> list[tuple[Block, str]]:
    """The same one by one."""
    written: list[tuple[Block, str]] = []
    for block in section.blocks:
        html = block_html(block, medium)
        if not html:
            continue
        if block.kind is Kind.HEADING and written and written[-1][0].kind is Kind.HEADING:
            written.pop()
        written.append((block, html))
    if written and written[-1][0].kind is Kind.HEADING:
        written.pop()
    return written


def block_html(block: Block, medium: Medium) -> str:
    """One block; "" when it has no content."""
    attributes = f' id="b-{ident(block.id)}"' + (_lineage(block, medium) if medium.origin else "")
    if block.kind is Kind.FIGURE:
        html = _figure(block, attributes, medium.figure)
    else:
        html = medium.writers.get(block.kind, _WRITERS[block.kind])(block, attributes)
    return html + _marker(block, medium) if html and medium.origin else html


def ident(name: str) -> str:
    """A block's or section's id as part of an element's."""
    return _ID.sub("-", name)


def summary_html(document: Document) -> str:
    """The summary, else the first section, as simple HTML without ids: for a note in a CRM, an e-mail."""
    section = _summary(document)
    parts: list[str] = []
    for block in section.blocks if section else ():
        text, items = inline(block.text), [item for item in map(inline, block.items) if item]
        if block.kind in (Kind.LIST, Kind.STEPS) and items:
            tag = "ul" if block.kind is Kind.LIST else "ol"
            parts.append(f"<{tag}>" + "".join(f"<li>{item}</li>" for item in items) + f"</{tag}>")
        elif block.kind is Kind.TABLE:
            rows = [
                "</b>: ".join((f"<b>{inline(row[0])}", ", ".join(map(inline, row[1:])))) for row in block.rows if row
            ]
            parts.append("<ul>" + "".join(f"<li>{row}</li>" for row in rows) + "</ul>" if rows else "")
        elif text and block.kind is not Kind.FIGURE:
            parts.append(f"<p><b>{text}</b></p>" if block.kind is Kind.HEADING else f"<p>{text}</p>")
    return "".join(parts)


def plain_text(document: Document) -> str:
    """The whole document without HTML: headings underlined, tables as lines, charts as what they show."""
    parts = [plain(document.title), plain(document.subtitle)]
    for section in document.sections:
        blocks = [text for block in section.blocks if (text := _block_text(block, document.locale))]
        heading = plain(section.heading)
        if blocks:
            parts += [f"{heading}\n{'=' * len(heading)}" if heading else "", *blocks]
    return "\n\n".join(filter(None, parts)) + "\n"


def _block_text(block: Block, locale: str) -> str:
    text = plain(block.text)
    if block.kind is Kind.LIST:
        return "\n".join(f"- {plain(item)}" for item in block.items)
    if block.kind is Kind.STEPS:
        return "\n".join(f"{place}. {plain(item)}" for place, item in enumerate(block.items, 1))
    if block.kind is Kind.TABLE:
        lines = [" | ".join(map(plain, row)) for row in (block.columns, *block.rows)] if block.rows else []
        return "\n".join(filter(None, [text, *lines]))
    if block.kind is Kind.FIGURE:
        return charts.described(block, locale)
    return text


def _summary(document: Document) -> Section | None:
    return next((one for one in document.sections if one.id == _SUMMARY), next(iter(document.sections), None))


def _lineage(block: Block, medium: Medium) -> str:
    answers = escape(" ".join(block.origin.answers))
    found = " data-found" if block.id in medium.found else ""
    return f' data-layer="{escape(block.origin.layer)}" data-answers="{answers}"{found}'


def _marker(block: Block, medium: Medium) -> str:
    name = ident(block.id)
    return f'<button type="button" class="origin" data-block="b-{name}" aria-label="{escape(medium.origin)}">i</button>'


def _paragraph(block: Block, attributes: str) -> str:
    text = inline(block.text)
    named = "" if block.kind is Kind.PARAGRAPH else f' class="{block.kind}"'
    return f"<p{named}{attributes}>{text}</p>" if text else ""


def _heading(block: Block, attributes: str) -> str:
    text = inline(block.text)
    return f"<h3{attributes}>{text}</h3>" if text else ""


def _quote(block: Block, attributes: str) -> str:
    text = inline(block.text)
    return f"<blockquote{attributes}><p>{text}</p></blockquote>" if text else ""


def _list(block: Block, attributes: str) -> str:
    tag = "ul" if block.kind is Kind.LIST else "ol"
    items = "".join(f"<li>{item}</li>" for item in map(inline, block.items) if item)
    return f"<{tag}{attributes}>{items}</{tag}>" if items else ""


def _table(block: Block, attributes: str) -> str:
    """A table whose cells name their column, for narrow screens, and keep their roles when they no longer look like a table."""
    if not block.rows:
        return ""
    columns = [inline(column) for column in block.columns]
    names = [escape(plain(column)) for column in block.columns]
    head = "".join(
        f'<th scope="col" role="columnheader"{_number(block, place)}>{column}</th>'
        for place, column in enumerate(columns)
    )
    rows = []
    for index, row in enumerate(block.rows):
        kind = ' class="total"' if block.totals and index == len(block.rows) - 1 else ""
        cells = "".join(_cell(block, place, inline(cell), names) for place, cell in enumerate(row))
        rows.append(f'<tr role="row"{kind}>{cells}</tr>')
    caption = f"<caption>{inline(block.text)}</caption>" if inline(block.text) else ""
    return (
        f'<table{attributes} role="table">{caption}<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def _cell(block: Block, place: int, html: str, names: list[str]) -> str:
    number = _number(block, place)
    if place == 0:
        return f'<th scope="row" role="rowheader"{number}>{html}</th>'
    # Of two columns, the second says what it is by standing beside the first.
    name = f' data-label="{names[place]}"' if len(names) > _PAIR and place < len(names) and names[place] else ""
    return f'<td role="cell"{number}{name}>{html}</td>'


def _number(block: Block, place: int) -> str:
    return ' class="number"' if place in block.numeric else ""


def _figure(block: Block, attributes: str, figure: Callable[[Block], str]) -> str:
    shown = figure(block)
    caption = f"<figcaption>{inline(block.text)}</figcaption>" if inline(block.text) else ""
    return f'<figure class="{ident(block.figure)}"{attributes}>{shown}{caption}</figure>' if shown else ""


_WRITERS: dict[Kind, Writer] = {
    Kind.LEAD: _paragraph,
    Kind.PARAGRAPH: _paragraph,
    Kind.QUOTE: _quote,
    Kind.NOTE: _paragraph,
    Kind.HEADING: _heading,
    Kind.LIST: _list,
    Kind.STEPS: _list,
    Kind.TABLE: _table,
}
