"""The documents as PDF: the strategy with cover and contents, the staff's briefing, and plain documents of the agency."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from markezy.strategies.formats import Formats
from markezy.strategies.model import Agency
from markezy.strategies.rendering.brand import Brand, data_uri
from markezy.strategies.rendering.finishing import Card, emptiest
from markezy.strategies.rendering.inline import plain
from markezy.strategies.rendering.logo import SVG
from markezy.strategies.rendering.occasion import Occasion
from markezy.strategies.rendering.ornament import ornament
from markezy.strategies.rendering.paper import paper_html
from markezy.strategies.rendering.press import NotRenderable, TookTooLong, press
from markezy.strategies.rendering.wording import frame_words
from markezy.strategies.typefaces import Typeface
from markezy.strategies.wording import words
from markezy.strategies.writing.document import Document as Written

__all__ = ["Document", "Layout", "NotRenderable", "Occasion", "TookTooLong", "render", "render_strategy"]

Layout = Literal["strategy", "briefing"]

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "design"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LOGO = (190.0, 46.0)
"""Points on the cover."""
_TITLE_SIZES = ((28, 32), (48, 27), (80, 23), (130, 19))
"""Up to so many characters, so many points."""
_SMALLEST_TITLE = 15
_LONGEST_TITLE = 240
_SHORT_END = 18
_JOINED = re.compile(r"(?<=\w) & (?=\w)")
_PICTURE = re.compile(r'src="(data:[^"]+)"')
_SETTINGS = ((1.0, True), (0.9, True), (1.0, False), (0.82, True), (0.9, False), (1.1, True))
"""What is tried in turn: the air between lines, and whether the contact is repeated in a box at the end."""
_NEARLY_EMPTY = 0.22
"""A page that is used to a smaller share looks like a mistake."""
_FIRST_PAGE: dict[Layout, int] = {"strategy": 2, "briefing": 0}
"""Of the content, counted from 0: behind cover and contents."""


@dataclass(frozen=True)
class Document:
    """A plain document: a cover and the given HTML. `reader` is who it is for, "" when unknown.

    The cover says `prepared_for` and `prepared_by` before these names; without them what it says of a strategy.
    """

    title: str
    locale: str
    reader: str
    agency: Agency
    written_at: datetime
    html: str
    prepared_for: str | None = None
    prepared_by: str | None = None


def render(document: Document) -> bytes:
    """A plain document as PDF. NotRenderable when the content is beyond repair or breaks a limit."""
    said = words(document.locale)
    names = (document.prepared_for or said.prepared_for, document.prepared_by or said.prepared_by)
    occasion = Occasion(Brand.of(document.agency), document.reader, document.written_at)
    sheet = _sheet("plain", document.title, "", document.locale, occasion, document.html, names)
    card = Card(document.title, document.agency.name, document.reader, document.locale, document.written_at)
    return press(sheet.source(1.0), card, sheet.pictures, occasion.brand.typeface)


def render_strategy(document: Written, occasion: Occasion, *, layout: Layout = "strategy") -> bytes:
    """The strategy, or the staff's briefing, as PDF; the same input gives the same bytes. NotRenderable.

    When a page would hold next to nothing, all is set again: with a little less air, without the box at the end, with more air.
    """
    title, subtitle = plain(document.title), plain(document.subtitle)
    typeface = occasion.brand.typeface
    content = paper_html(document, occasion.brand.palette, typeface, numbered=layout == "strategy")
    said = words(document.locale)
    sheet = _sheet(layout, title, subtitle, document.locale, occasion, content, (said.prepared_for, said.prepared_by))
    pictures = sheet.pictures | set(_PICTURE.findall(content))
    card = Card(title, occasion.brand.name, subtitle, document.locale, occasion.written_at)
    tried = []
    for air, closing in _SETTINGS:
        body = press(sheet.source(air, closing=closing), card, pictures, typeface)
        tried.append((emptiest(body, _FIRST_PAGE[layout]), body))
        if tried[-1][0] >= _NEARLY_EMPTY:
            return body
    return max(tried, key=itemgetter(0))[1]


@dataclass(frozen=True)
class _Sheet:
    """A document ready to be set. `pictures` are those of its frame."""

    template: str
    shown: dict[str, Any]
    pictures: set[str]

    def source(self, air: float, *, closing: bool = True) -> str:
        """Its HTML, for a measure of air between the lines (1 is normal), with or without a box at the end."""
        return _PAGES.get_template(f"{self.template}.html.j2").render(self.shown, air=air, closing=closing)


def _sheet(
    template: str, title: str, subtitle: str, locale: str, occasion: Occasion, content: str, names: tuple[str, str]
) -> _Sheet:
    brand = occasion.brand
    logo = brand.picture(*_LOGO)
    columns = data_uri(SVG, ornament(brand.palette, brand.typeface).encode())
    shown: dict[str, Any] = {
        "title": title,
        "cover_title": _bound(_short(title, _LONGEST_TITLE)),
        "title_size": next((size for longest, size in _TITLE_SIZES if len(title) <= longest), _SMALLEST_TITLE),
        "subtitle": subtitle,
        "language": locale,
        "reader": occasion.reader,
        "brand": brand,
        "palette": brand.palette,
        "logo": logo,
        "ornament": columns,
        "prepared_for": names[0],
        "prepared_by": names[1],
        "page_of": _page_of(words(locale).page_of),
        "frame": frame_words(locale),
        "day": Formats(locale).day(occasion.written_at.date()),
        "family": brand.typeface.family,
        "pt": partial(_points, brand.typeface),
        "leading": partial(_leading, brand.typeface),
        "content": content,
    }
    return _Sheet(template, shown, {columns} | ({logo.uri} if logo else set()))


def _points(typeface: Typeface, size: float) -> str:
    """A nominal size (`fonts`) as the style sheet needs it."""
    return f"{size * typeface.scale:.4g}pt"


def _leading(typeface: Typeface, lines: float) -> str:
    """A line height, as a multiple of the size: lines are as far apart in every typeface, however large its letters are set."""
    return f"{lines / typeface.scale:.4g}"


def _page_of(pattern: str) -> tuple[str, str]:
    before, _, rest = pattern.partition("{page}")
    return before, rest.partition("{pages}")[0]


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _bound(title: str) -> str:
    """The title with its last two words on one line, when they are short, and with what an ampersand joins."""
    title = _JOINED.sub("\u00a0&\u00a0", title)
    start, _, last = title.rpartition(" ")
    return f"{start}\u00a0{last}" if start and len(title) - len(start.rpartition(" ")[0]) <= _SHORT_END else title
