"""The drawing on a cover: columns that rise to the right, a shade off the agency's colour."""

from markezy.strategies.rendering import svg
from markezy.strategies.rendering.palette import Palette, mixed
from markezy.strategies.typefaces import Typeface

_WIDTH, _HEIGHT = 595.0, 190.0
_COLUMNS = (26, 38, 34, 52, 60, 56, 78, 92, 88, 116, 134, 150, 182)
"""Thirteen, a week each."""


def ornament(palette: Palette, typeface: Typeface) -> str:
    """As SVG, as wide as the page."""
    column = _WIDTH / len(_COLUMNS)
    body = []
    for place, height in enumerate(_COLUMNS):
        fill = mixed(palette.accent, palette.deep, 0.35 + 0.65 * place / len(_COLUMNS))
        body.append(svg.box(place * column, _HEIGHT - height, column - 3, height, fill))
    return svg.picture("cover", _WIDTH, _HEIGHT, "", "", body, typeface)
