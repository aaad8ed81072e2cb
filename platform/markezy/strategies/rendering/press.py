"""From a page's source to PDF bytes: xhtml2pdf with every door closed but the fonts', then what makes the file complete (`finishing`).

The source may hold what an agency or a lead wrote, so nothing in it may make this process fetch anything: the network is refused and
local files are, except the fonts. Pictures come inside the source.
"""

from collections.abc import Collection
from io import BytesIO

from reportlab import rl_config  # type: ignore[import-untyped]
from reportlab.graphics.shapes import STATE_DEFAULTS  # type: ignore[import-untyped]
from reportlab.platypus.tables import CellStyle  # type: ignore[import-untyped]
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from markezy.strategies.rendering import breaks, fonts
from markezy.strategies.rendering.finishing import Card, finished

_SECONDS = 60
_NOWHERE = "nowhere"
"""No file; "" would let the library go on with the address itself."""
_POLICY = ResourceAccessPolicy.server(fonts.FOLDER, allow_remote=False, max_render_seconds=_SECONDS)

breaks.teach()
# No clock and no random number gets into a PDF; its dates and its id are set in `finishing`.
rl_config.invariant = 1
# What a canvas, a table and a drawing start with would be listed as a font of every page, and not be embedded.
rl_config.canvas_basefontname = fonts.REGULAR
CellStyle.fontname = fonts.REGULAR
STATE_DEFAULTS["fontName"] = fonts.REGULAR


class NotRenderable(Exception):
    """No PDF can be made of this HTML. The text holds no personal data."""


def press(source: str, card: Card, pictures: Collection[str]) -> bytes:
    """The PDF; the same source and card are always the same bytes. NotRenderable when the source is beyond repair or breaks a limit.

    `pictures` are the `data:` addresses that may be shown; any other in the source was put there by somebody else.
    """
    fonts.prepare()
    out = BytesIO()

    def resolve(uri: str, _relative_to: str | None) -> str:
        if uri in fonts.FILES:
            return str(fonts.FOLDER / fonts.FILES[uri])
        return uri if uri in pictures else _NOWHERE

    try:
        result = pisa.CreatePDF(fonts.legible(source), dest=out, link_callback=resolve, resource_policy=_POLICY)
    except Exception as error:
        # The library raises whatever it stumbles over; with the same HTML it would stumble again.
        raise NotRenderable(f"the content can't be rendered ({type(error).__name__})") from error
    if result.err:
        raise NotRenderable(f"the content can't be rendered ({result.err} errors)")
    return finished(out.getvalue(), card)
