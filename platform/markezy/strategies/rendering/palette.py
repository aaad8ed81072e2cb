"""The few colours of a document, all taken from the agency's one. Every pair that text or a chart depends on is checked for contrast."""

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache

from markezy.kernel.contrast import READABLE, contrast, ink_on

PAPER = "#ffffff"
INK = "#1f2630"
QUIET = "#566070"
LINE = "#d5dae1"
REST = "#c2c9d2"
"""Of the small parts of a chart, which share one grey."""

_VISIBLE = 1.25
"""A colour field that lies closer to white is no field."""
_DARKEST, _LIGHTEST = 9.0, 2.3
"""Contrasts with paper between which the shades of a chart spread; the lightest still stands out from white and from `REST`."""


@dataclass(frozen=True)
class Palette:
    """`accent` fills, `ink` is written on it, `text` is the accent dark enough to be read on paper and on `soft`."""

    accent: str
    ink: str
    text: str
    soft: str
    deep: str
    """A step darker or lighter than the accent, for ornaments on it."""

    def shades(self, number: int) -> tuple[str, ...]:
        """So many fills from dark to light, that differ in grey too."""
        steps = [
            _DARKEST * (_LIGHTEST / _DARKEST) ** (place / max(number - 1, 1)) for place in range(number)
        ]  # equal ratios of contrast look like equal steps
        return tuple(_at_contrast(self.accent, step) for step in steps)


@lru_cache(maxsize=256)
def palette(color: str) -> Palette:
    """Of an agency's colour (`#rrggbb`)."""
    accent = color.lower() if contrast(color, PAPER) >= _VISIBLE else _at_contrast(color, _VISIBLE + 0.1)
    soft = mixed(accent, PAPER, 0.94)
    text = accent if contrast(accent, soft) >= READABLE else _at_contrast(accent, READABLE * 1.15)
    deep = mixed(accent, "#000000" if ink_on(accent) == PAPER else PAPER, 0.12)
    return Palette(accent, ink_on(accent), text, soft, deep)


def mixed(color: str, other: str, share: float) -> str:
    """`color` with a share of another one in it."""
    pairs = zip(_parts(color), _parts(other), strict=True)
    return _color([mine * (1 - share) + yours * share for mine, yours in pairs])


def _at_contrast(color: str, wanted: float) -> str:
    """The same hue, as dark as it takes to have this contrast with paper."""
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in _parts(color)))
    if lightness in (0.0, 1.0):
        saturation = 0.0
    low, high = 0.0, 1.0
    for _ in range(16):
        middle = (low + high) / 2
        if contrast(_color([part * 255 for part in hls_to_rgb(hue, middle, saturation)]), PAPER) >= wanted:
            low = middle
        else:
            high = middle
    return _color([part * 255 for part in hls_to_rgb(hue, low, saturation)])


def _parts(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def _color(parts: list[float]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)
