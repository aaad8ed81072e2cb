"""A document's content as xhtml2pdf needs it: charts as pictures, tables with widths for their columns, what belongs together kept so."""

import re
from collections.abc import Sequence
from itertools import pairwise

from markezy.strategies.rendering import charts
from markezy.strategies.rendering.brand import data_uri
from markezy.strategies.rendering.fonts import legible, width
from markezy.strategies.rendering.inline import inline, plain
from markezy.strategies.rendering.logo import SVG
from markezy.strategies.rendering.markup import Medium, written_blocks
from markezy.strategies.rendering.palette import Palette
from markezy.strategies.writing.document import Block, Document, Kind

ROOM = 470.0
"""The width of the text, in points."""
_CELL = 8.6
"""The size of text in tables."""
_GAP = 14.0
"""Between the texts of two columns."""
_NUMERIC_GAP = 24.0
_NARROW = 0.75
"""Of an equal share: a column that needs no more is given just that."""
_TALLEST = 560.0
"""A chart is drawn smaller rather than higher, so that its heading fits above it."""
_SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')
_LINE, _PADDING = 12.5, 12.4
"""Of a line in a table, and of a row around its lines."""
_TOGETHER = 170.0
"""A table that is no higher is never broken."""
_SHORT = 400
_TEXTS = (Kind.LEAD, Kind.PARAGRAPH, Kind.NOTE)
_WIDEST = 190.0
"""A column does not ask for more; its text is set on several lines."""


def paper_html(document: Document, palette: Palette, *, numbered: bool) -> str:
    """The sections, each with its number above the heading when `numbered`."""
    canvas = charts.wide(palette, document.locale)

    def figure(block: Block) -> str:
        drawn = charts.draw(block, canvas)
        if not drawn:
            return ""
        width, height = map(float, _SIZE.search(drawn).groups())  # type: ignore[union-attr]  # every chart has its size
        scale = min(1.0, _TALLEST / height)
        size = f"{width * scale:.1f}pt", f"{height * scale:.1f}pt"
        drawn = _SIZE.sub(f'width="{size[0]}" height="{size[1]}"', drawn, count=1)
        return f'<p class="chart"><img src="{data_uri(SVG, drawn.encode())}" style="width: {size[0]}; height: {size[1]}"></p>'

    medium = Medium(figure, {Kind.TABLE: _table, Kind.LIST: _list, Kind.STEPS: _list})
    written: list[str] = []
    for section in document.sections:
        blocks = written_blocks(section, medium)
        if blocks:
            number = f'<p class="place">{len(written) + 1:02d}</p>' if numbered else ""
            written.append(f"{number}<h2>{inline(section.heading)}</h2>\n{_kept_with_charts(blocks)}")
    return "\n".join(written)


def _kept_with_charts(blocks: list[tuple[Block, str]]) -> str:
    """The blocks, with a short text before a chart on the chart's page."""
    parts = []
    for (block, html), (following, _) in pairwise([*blocks, (blocks[-1][0], "")]):
        introduces = following.kind is Kind.FIGURE and block.kind in _TEXTS and len(block.text) < _SHORT
        parts.append(f'<div class="before">{html}</div>' if introduces and following is not block else html)
    return "\n".join(parts)


def _list(block: Block, attributes: str) -> str:
    """As a table without lines: the marks hang, have the accent's colour, and no font is asked for that is not embedded."""
    items = [item for item in map(inline, block.items) if item]
    marks = [f"{place}." for place in range(1, len(items) + 1)] if block.kind is Kind.STEPS else ["•"] * len(items)
    rows = "".join(
        f'<tr><td width="4%" class="mark">{mark}</td><td width="96%" class="last">{item}</td></tr>'
        for mark, item in zip(marks, items, strict=True)
    )
    return f'<table{attributes} class="list">{rows}</table>' if rows else ""


def _table(block: Block, attributes: str) -> str:
    if not block.rows:
        return ""
    shares = column_shares([block.columns, *block.rows], block.numeric)
    head = "".join(
        f'<th width="{share}%"{_kind(block, place)}>{inline(block.columns[place]) if place < len(block.columns) else ""}</th>'
        for place, share in enumerate(shares)
    )
    rows = []
    for index, row in enumerate(block.rows):
        total = ' class="total"' if block.totals and index == len(block.rows) - 1 else ""
        cells = (
            f'<td width="{shares[place]}%"{_kind(block, place)}>{inline(cell)}</td>' for place, cell in enumerate(row)
        )
        rows.append(f"<tr{total}>{''.join(cells)}</tr>")
    caption = f'<p class="caption">{inline(block.text)}</p>' if inline(block.text) else ""
    kept = ' class="kept"' if _height(block, shares) <= _TOGETHER else ""
    header = f"<thead><tr>{head}</tr></thead>" if any(map(plain, block.columns)) else ""
    return f"<div{attributes}{kept}>{caption}<table>{header}<tbody>{''.join(rows)}</tbody></table></div>"


def _height(block: Block, shares: Sequence[int]) -> float:
    """About how high the table is."""

    def lines(row: Sequence[str]) -> float:
        wide = (
            width(legible(plain(cell)), _CELL) / (ROOM * share / 100 - _GAP)
            for cell, share in zip(row, shares, strict=False)
        )
        return max((int(part) + 1 for part in wide), default=1)

    return sum(lines(row) * _LINE + _PADDING for row in (block.columns, *block.rows))


def _kind(block: Block, place: int) -> str:
    kinds = ["number"] if place in block.numeric else []
    if place == max(map(len, (block.columns, *block.rows))) - 1:
        kinds.append("last")
    return f' class="{" ".join(kinds)}"' if kinds else ""


def column_shares(rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> list[int]:
    """The columns' widths in whole percents of the text's, 100 together, by what is in them.

    Narrow columns get what they need, so that a figure is never broken; the others divide the rest by how much they say.
    """
    columns = [
        _Column([legible(plain(row[place])) for row in rows if place < len(row)], place in numeric)
        for place in range(max(map(len, rows)))
    ]
    grown = [one for one in columns if not one.numeric and one.needed > ROOM / len(columns) * _NARROW]
    if not grown:
        # All are narrow: figures spread over the line, a name and what it stands for stay side by side.
        grown = columns if numeric else columns[-1:]
    kept = sum(one.needed for one in columns if one not in grown)
    left = max(ROOM - kept, ROOM * 0.3)
    least = [min(one.longest_word, _WIDEST, left / len(grown)) for one in grown]
    spare = max(left - sum(least), 0.0) / sum(one.weight for one in grown)
    points = [least[grown.index(one)] + spare * one.weight if one in grown else one.needed for one in columns]
    shares = [max(round(100 * point / sum(points)), 1) for point in points]
    shares[shares.index(max(shares))] += 100 - sum(shares)
    return shares


class _Column:
    """What a column asks for, in points; it is itself and equal to no other."""

    def __init__(self, texts: list[str], numeric: bool) -> None:
        gap = _NUMERIC_GAP if numeric else _GAP
        words = [word for text in texts for word in text.split(" ")]
        self.numeric = numeric
        self.needed = max(width(text, _CELL, bold=True) for text in texts) + gap
        self.longest_word = max(width(word, _CELL, bold=True) for word in words) + gap
        self.weight = max(sum(map(len, texts)), 1) ** 0.5
