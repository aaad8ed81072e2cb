"""From a page's source to PDF bytes: xhtml2pdf with every door closed but the fonts', then what makes the file complete (`finishing`).

The source may hold what an agency or a lead wrote, so nothing in it may make this process fetch anything: the network is refused and
local files are, except those of the document's typeface. Pictures come inside the source.
"""

from collections.abc import Collection
from io import BytesIO

from reportlab import rl_config  # type: ignore[import-untyped]
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import RenderLimitError, ResourceAccessPolicy

from markezy.strategies.rendering import breaks, fonts
from markezy.strategies.rendering.finishing import Card, finished
from markezy.strategies.typefaces import Typeface

_SECONDS = 60
_NOWHERE = "nowhere"
"""No file; "" would let the library go on with the address itself."""

breaks.teach()
# No clock and no random number gets into a PDF; its dates and its id are set in `finishing`.
rl_config.invariant = 1


class NotRenderable(Exception):
    """No PDF can be made of this HTML. The text holds no personal data."""


class TookTooLong(NotRenderable):
    """It was not done in time; on a machine that is less busy it may be."""


def press(source: str, card: Card, pictures: Collection[str], typeface: Typeface) -> bytes:
    """The PDF; the same source, card and typeface are always the same bytes.

    NotRenderable when the source is beyond repair or breaks a limit, TookTooLong when that limit is the time.

    `pictures` are the `data:` addresses that may be shown; any other in the source was put there by somebody else.
    """
    out = BytesIO()
    faces = fonts.sources(typeface)
    policy = ResourceAccessPolicy.server(typeface.folder, allow_remote=False, max_render_seconds=_SECONDS)
    drawn = fonts.legible(source, typeface)

    def resolve(uri: str, _relative_to: str | None) -> str:
        if uri in faces:
            return faces[uri]
        return uri if uri in pictures else _NOWHERE

    try:
        with fonts.starting_with(typeface):
            result = pisa.CreatePDF(drawn, dest=out, link_callback=resolve, resource_policy=policy)
    except RenderLimitError as error:
        raise TookTooLong(f"the content is not rendered within {_SECONDS} s") from error
    except Exception as error:
        # The library raises whatever it stumbles over; with the same HTML it would stumble again.
        raise NotRenderable(f"the content can't be rendered ({type(error).__name__})") from error
    if result.err:
        raise NotRenderable(f"the content can't be rendered ({result.err} errors)")
    return finished(out.getvalue(), card)
