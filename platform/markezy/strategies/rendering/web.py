"""The page behind the signed link: the strategy for screens, in one file that fetches nothing and runs nothing."""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from markezy.strategies.formats import Formats
from markezy.strategies.rendering import charts
from markezy.strategies.rendering.inline import inline, plain
from markezy.strategies.rendering.markup import Medium, ident, section_html
from markezy.strategies.rendering.occasion import Occasion
from markezy.strategies.rendering.palette import palette
from markezy.strategies.rendering.wording import frame_words
from markezy.strategies.wording import words
from markezy.strategies.writing.document import Block, Document

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "design"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LOGO = (200.0, 44.0)
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+")
_MAILBOX = re.compile(r"[^\s\"'<>\\@?&]+@[^\s\"'<>\\@?&]+")


@dataclass(frozen=True)
class WebPage:
    """A page and the Content-Security-Policy it needs: its one style sheet and pictures within it, nothing from anywhere."""

    html: str
    policy: str


def page(document: Document, occasion: Occasion, pdf_url: str) -> WebPage:
    """The strategy as a page, with a button to the PDF at `pdf_url`."""
    brand = occasion.brand
    style = _PAGES.get_template("web.css.j2").render(
        palette=brand.palette, logo=brand.picture(*_LOGO), families=brand.typeface.screen
    )
    medium = _screen(document, brand.agency.color)
    sections = [(one, html) for one in document.sections if (html := section_html(one, medium))]
    html = _PAGES.get_template("web.html.j2").render(
        language=document.locale,
        title=plain(document.title),
        subtitle=plain(document.subtitle),
        reader=occasion.reader,
        brand=brand,
        logo=brand.picture(*_LOGO),
        contact=[_linked(line) for line in brand.contact],
        contents=[(ident(one.id), Markup(inline(one.heading))) for one, _ in sections if inline(one.heading)],  # noqa: S704 -- made safe
        content=Markup("\n".join(html for _, html in sections)),  # noqa: S704 -- written by markup
        day=Formats(document.locale).day(occasion.written_at.date()),
        words=words(document.locale),
        frame=frame_words(document.locale),
        pdf_url=pdf_url,
        style=Markup(style),  # noqa: S704 -- colours, sizes and names of fonts only
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return WebPage(html, policy)


def _screen(document: Document, color: str) -> Medium:
    """Each chart twice, for desktops and for phones; the style sheet shows one of them."""
    canvases = (charts.wide(palette(color), document.locale), charts.narrow(palette(color), document.locale))

    def figure(block: Block) -> str:
        drawn = [charts.draw(block, canvas) for canvas in canvases]
        return f'<div class="wide">{drawn[0]}</div><div class="narrow">{drawn[1]}</div>' if drawn[0] else ""

    return Medium(figure)


def _linked(line: str) -> tuple[str, str]:
    """A line of the contact and where it leads; "" when it leads nowhere."""
    if _ADDRESS.fullmatch(line):
        return line.removeprefix("https://").removeprefix("http://").rstrip("/"), line
    return line, f"mailto:{line}" if _MAILBOX.fullmatch(line) else ""
