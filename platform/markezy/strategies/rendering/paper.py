"""A document's content as xhtml2pdf needs it: charts as pictures, tables with widths for their columns, what belongs together kept so."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from markezy.strategies.rendering import charts
from markezy.strategies.rendering.brand import data_uri
from markezy.strategies.rendering.breaks import TIED
from markezy.strategies.rendering.inline import inline, plain
from markezy.strategies.rendering.lettering import Lettering
from markezy.strategies.rendering.logo import SVG
from markezy.strategies.rendering.markup import Medium, written_blocks
from markezy.strategies.rendering.palette import Palette
from markezy.strategies.typefaces import Typeface
from markezy.strategies.writing.document import Block, Document, Kind

ROOM = 470.0
"""The width of the text, in points."""
_CELL, _HEAD = 8.6, 7.6
"""The size of text in tables, and in their headings."""
_GAP = 14.0
"""Between the texts of two columns."""
_NUMERIC_GAP = 18.0
_MOST_KEPT = 0.6
"""Of the line, for columns that are given what they need; where they ask for more, their headings are broken."""
_NARROW = 0.75
"""Of an equal share: a column that needs no more is given just that."""
_TALLEST = 560.0
"""A chart is drawn smaller rather than higher, so that its heading fits above it."""
_SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')
_HEIGHT = re.compile(r"height: ([\d.]+)pt")
_LINE, _PADDING = 12.5, 12.4
"""Of a line in a table, and of a row around its lines."""
_TOGETHER = 170.0
"""A table that is no higher is never broken."""
_SHORT = 400
_TEXTS = (Kind.LEAD, Kind.PARAGRAPH, Kind.NOTE)
_BODIES = (Kind.TABLE, Kind.LIST, Kind.STEPS, Kind.FIGURE)
_PAGE = 640.0
"""No more room than this is asked for: a little less than a page has."""
_NUMBERED, _SUBHEADING, _CHART_GAP = 82.0, 36.0, 24.0
_TEXT, _TEXT_LINE, _TEXT_GAP = 9.3, 14.5, 8.0
_FIRST_ROWS = 2
"""Of a table or list, on the page where it begins; as many on the page where it ends."""
_WIDEST = 190.0
"""A column does not ask for more; its text is set on several lines."""


def paper_html(document: Document, palette: Palette, typeface: Typeface, *, numbered: bool) -> str:
    """The sections, each with its number above the heading when `numbered`."""
    canvas = charts.wide(palette, document.locale, typeface)
    letters = canvas.letters

    def figure(block: Block) -> str:
        drawn = charts.draw(block, canvas)
        if not drawn:
            return ""
        width, height = map(float, _SIZE.search(drawn).groups())  # type: ignore[union-attr]  # every chart has its size
        scale = min(1.0, _TALLEST / height)
        size = f"{width * scale:.1f}pt", f"{height * scale:.1f}pt"
        drawn = _SIZE.sub(f'width="{size[0]}" height="{size[1]}"', drawn, count=1)
        return f'<p class="chart"><img src="{data_uri(SVG, drawn.encode())}" style="width: {size[0]}; height: {size[1]}"></p>'

    medium = Medium(figure, {Kind.TABLE: partial(_table, letters), Kind.LIST: _list, Kind.STEPS: _list})
    written: list[str] = []
    for section in document.sections:
        blocks = written_blocks(section, medium)
        if blocks:
            number = f'<p class="place">{len(written) + 1:02d}</p>' if numbered else ""
            title = f"{number}<h2>{inline(section.heading)}</h2>"
            room, _, content = _with_room(letters, blocks, _NUMBERED if numbered else _SUBHEADING).partition("\n")
            written.append(f"{room}\n{title}\n{content}")
    return "\n".join(written)


def _with_room(letters: Lettering, blocks: list[tuple[Block, str]], heading: float) -> str:
    """The blocks of a section below a heading of this height, each beginning of something where there is room for it.

    Headings, and short texts before a table, list or chart, stand on the page where that begins.
    """
    parts = [_room(heading + _needed(letters, blocks))]
    for place, (_, html) in enumerate(blocks):
        if place and _introduces(blocks[place:]) and not _introduces(blocks[place - 1 :]):
            parts.append(_room(_needed(letters, blocks[place:])))
        parts.append(html)
    return "\n".join(parts)


def _room(height: float) -> str:
    return f'<pdf:room height="{min(height, _PAGE):.0f}"></pdf:room>'


def _introduces(blocks: list[tuple[Block, str]]) -> bool:
    """Whether the first of these leads to the one behind it."""
    if len(blocks) == 1 or blocks[0][0].kind is Kind.HEADING:
        return blocks[0][0].kind is Kind.HEADING
    first, following = blocks[0][0], blocks[1][0]
    return first.kind in _TEXTS and len(first.text) < _SHORT and following.kind in _BODIES


def _needed(letters: Lettering, blocks: list[tuple[Block, str]]) -> float:
    """About the height of the first of these, as far as it may not be broken, with what it leads to."""
    block, html = blocks[0]
    following = _needed(letters, blocks[1:]) if len(blocks) > 1 and _introduces(blocks) else 0.0
    return _start(letters, block, html) + following


def _start(letters: Lettering, block: Block, html: str) -> float:
    if block.kind is Kind.HEADING:
        return _SUBHEADING
    if block.kind is Kind.FIGURE:
        drawn = _HEIGHT.search(html)
        return _CHART_GAP + (float(drawn.group(1)) if drawn else 0.0)
    if block.kind is Kind.TABLE:
        shares = column_shares([block.columns, *block.rows], letters, block.numeric)
        whole = _height(letters, block.columns, block.rows, shares)
        first = block.rows[: _beginning(len(block.rows))]
        return whole if whole <= _TOGETHER else _height(letters, block.columns, first, shares)
    texts = block.items[: _beginning(len(block.items))] or (block.text,)
    return sum(_TEXT_GAP + _TEXT_LINE * (int(_wide(letters, text, _TEXT) / ROOM) + 1) for text in texts)


def _list(block: Block, attributes: str) -> str:
    """As a table without lines: the marks hang, have the accent's colour, and no font is asked for that is not embedded."""
    items = [item for item in map(inline, block.items) if item]
    marks = [f"{place}." for place in range(1, len(items) + 1)] if block.kind is Kind.STEPS else ["•"] * len(items)
    rows = "".join(
        f'<tr{_classes(_tied(place, len(items)))}><td width="4%" class="mark">{mark}</td><td width="96%" class="last">{item}</td></tr>'
        for place, (mark, item) in enumerate(zip(marks, items, strict=True))
    )
    return f'<table{attributes} class="list">{rows}</table>' if rows else ""


def _table(letters: Lettering, block: Block, attributes: str) -> str:
    if not block.rows:
        return ""
    shares = column_shares([block.columns, *block.rows], letters, block.numeric)
    head = "".join(
        f'<th width="{share}%"{_kind(block, place)}>{inline(block.columns[place]) if place < len(block.columns) else ""}</th>'
        for place, share in enumerate(shares)
    )
    rows = []
    for index, row in enumerate(block.rows):
        total = block.totals and index == len(block.rows) - 1
        marks = (["total"] if total else []) + _tied(index, len(block.rows))
        cells = (
            f'<td width="{shares[place]}%"{_kind(block, place)}>{inline(cell)}</td>' for place, cell in enumerate(row)
        )
        rows.append(f"<tr{_classes(marks)}>{''.join(cells)}</tr>")
    caption = f'<p class="caption">{inline(block.text)}</p>' if inline(block.text) else ""
    kept = ' class="kept"' if _height(letters, block.columns, block.rows, shares) <= _TOGETHER else ""
    header = f"<thead><tr>{head}</tr></thead>" if any(map(plain, block.columns)) else ""
    return f"<div{attributes}{kept}>{caption}<table>{header}<tbody>{''.join(rows)}</tbody></table></div>"


def _height(letters: Lettering, columns: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[int]) -> float:
    """About how high a table is."""

    def lines(row: Sequence[str]) -> float:
        wide = (
            _wide(letters, cell, _CELL) / (ROOM * share / 100 - _GAP) for cell, share in zip(row, shares, strict=False)
        )
        return max((int(part) + 1 for part in wide), default=1)

    return sum(lines(row) * _LINE + _PADDING for row in (columns, *rows))


def _wide(letters: Lettering, text: str, size: float) -> float:
    return letters.width(letters.legible(plain(text)), size)


def _beginning(rows: int) -> int:
    """How many rows stay together where a table or list begins: of three all do, for the last is tied to the second."""
    return rows if rows <= _FIRST_ROWS + 1 else _FIRST_ROWS


def _tied(place: int, rows: int) -> list[str]:
    """The mark of a row that stays with the one above it: the second and the last, so that none stands alone on a page."""
    return [TIED] if place in {1, rows - 1} else []


def _kind(block: Block, place: int) -> str:
    kinds = ["number"] if place in block.numeric else []
    if place == max(map(len, (block.columns, *block.rows))) - 1:
        kinds.append("last")
    return _classes(kinds)


def _classes(names: Sequence[str]) -> str:
    return f' class="{" ".join(names)}"' if names else ""


def column_shares(rows: Sequence[Sequence[str]], letters: Lettering, numeric: Sequence[int] = ()) -> list[int]:
    """The columns' widths in whole percents of the text's, 100 together, by what is in them.

    Narrow columns get what they need, so that a figure is never broken; the others divide the rest by how much they say.
    """
    columns, grown = _measured(rows, letters, numeric, whole_heads=True)
    if sum(one.needed for one in columns if one not in grown) > ROOM * _MOST_KEPT:
        columns, grown = _measured(rows, letters, numeric, whole_heads=False)
    kept = sum(one.needed for one in columns if one not in grown)
    left = max(ROOM - kept, ROOM * 0.3)
    least = [min(one.longest_word, _WIDEST, left / len(grown)) for one in grown]
    spare = max(left - sum(least), 0.0) / sum(one.weight for one in grown)
    points = [least[grown.index(one)] + spare * one.weight if one in grown else one.needed for one in columns]
    shares = [max(round(100 * point / sum(points)), 1) for point in points]
    shares[shares.index(max(shares))] += 100 - sum(shares)
    return shares


def _measured(
    rows: Sequence[Sequence[str]], letters: Lettering, numeric: Sequence[int], *, whole_heads: bool
) -> tuple[list["_Column"], list["_Column"]]:
    """The columns, and those of them that divide what is left; figures' headings are set on one line with `whole_heads`."""
    columns = [
        _Column(
            [letters.legible(plain(row[place])) for row in rows if place < len(row)],
            partial(letters.width, bold=True),
            place in numeric,
            whole_heads,
        )
        for place in range(max(map(len, rows)))
    ]
    grown = [one for one in columns if not one.numeric and one.needed > ROOM / len(columns) * _NARROW]
    if not grown:
        # All are narrow: figures spread over the line, a name and what it stands for stay side by side.
        grown = columns if numeric else columns[-1:]
    return columns, grown


class _Column:
    """What a column asks for, in points; it is itself and equal to no other."""

    def __init__(self, texts: list[str], width: Callable[[str, float], float], numeric: bool, whole_head: bool) -> None:
        gap = _NUMERIC_GAP if numeric else _GAP
        words = [word for text in texts for word in text.split(" ")]
        # A figure's heading may take several lines, the figure may not.
        heads = [texts[0]] if whole_head else texts[0].split(" ")
        head = max(width(word, _HEAD) for word in heads)
        whole = max((width(text, _CELL) for text in texts[numeric:]), default=0.0)
        self.numeric = numeric
        self.needed = max(whole, head if numeric else 0.0) + gap
        self.longest_word = max(width(word, _CELL) for word in words) + gap
        self.weight = max(sum(map(len, texts)), 1) ** 0.5
