"""From a strategy's HTML to the PDF the lead keeps: A4, a cover in the agency's colour, page numbers, embedded fonts.

The HTML comes from a template that an agency may have written, so nothing in it may make this process fetch anything: the
network is refused and local files are, except the fonts.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from markezy.kernel.contrast import ink_on
from markezy.strategies import fonts
from markezy.strategies.formats import Formats
from markezy.strategies.model import Agency
from markezy.strategies.wording import words

_SECONDS = 60
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
_POLICY = ResourceAccessPolicy.server(fonts.FOLDER, allow_remote=False, max_render_seconds=_SECONDS)


class NotRenderable(Exception):
    """No PDF can be made of this HTML. The text holds no personal data."""


@dataclass(frozen=True)
class Document:
    """What goes into the PDF. `reader` is who it is for, "" when unknown; `html` is the content.

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
    """The PDF. NotRenderable when the content is beyond repair or breaks a limit."""
    source = _PAGES.get_template("document.html.j2").render(
        document=document,
        agency=document.agency,
        ink=ink_on(document.agency.color),
        words=words(document.locale),
        day=Formats(document.locale).day(document.written_at.date()),
        fonts=fonts.FILES,
        family=fonts.FAMILY,
    )
    out = BytesIO()
    try:
        result = pisa.CreatePDF(fonts.legible(source), dest=out, link_callback=_resolve, resource_policy=_POLICY)
    except Exception as error:
        # The library raises whatever it stumbles over; with the same HTML it would stumble again.
        raise NotRenderable(f"the content can't be rendered ({type(error).__name__})") from error
    if result.err:
        raise NotRenderable(f"the content can't be rendered ({result.err} errors)")
    return out.getvalue()


def _resolve(uri: str, _relative_to: str | None) -> str:
    """Where a resource is: the fonts by their names, nothing else anywhere."""
    file = fonts.FILES.get(uri)
    return str(fonts.FOLDER / file) if file else ""
