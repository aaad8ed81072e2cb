"""A document's typeface at work: how wide its lines are, which letters it can draw, its files by the names style sheets use.

Every function is told the typeface. What is kept in the process is parsed files, once a face, and never which one is in use.
Sizes are nominal: a text of one size looks as large in every typeface (`Typeface.scale`).
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from reportlab import rl_config  # type: ignore[import-untyped]
from reportlab.graphics.shapes import STATE_DEFAULTS  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFontFile  # type: ignore[import-untyped]
from reportlab.platypus.tables import CellStyle  # type: ignore[import-untyped]
from svglib.fonts import register_font

from markezy.strategies.typefaces import Typeface

_SOURCES = ("font-regular", "font-bold", "font-italic", "font-bold-italic")
"""What the style sheet calls the files."""

_LETTERS = str.maketrans({
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ẞ": "SS", "→": "›", "←": "‹", "−": "–", "‑": "-", "‐": "-",
    "\u2009": " ", "\u200a": " ", "\u202f": "\u00a0", "\u2028": " ", "\u2029": " ",
})  # fmt: skip
_MISSING = "?"

_REGISTERING = Lock()
_DRAWING = Lock()


def legible(text: str, typeface: Typeface) -> str:
    """`text` with every character that the typeface lacks replaced: by its base letter, by a similar sign, or by a question mark.

    Invisible signs and emoji are dropped.
    """
    drawable = _drawable(typeface)
    if all(ord(character) in drawable or character in "\n\t\r" for character in text):
        return text
    return "".join(_drawn(character, drawable) for character in text)


def width(text: str, size: float, typeface: Typeface, bold: bool = False) -> float:
    """How wide a line is, in the unit of `size`."""
    return float(pdfmetrics.stringWidth(text, prepare(typeface)[bold], size * typeface.scale))


def sources(typeface: Typeface) -> dict[str, str]:
    """The typeface's files by the names the style sheet uses."""
    return dict(zip(_SOURCES, map(str, typeface.files), strict=True))


@cache
def prepare(typeface: Typeface) -> tuple[str, str]:
    """Make the faces known to what draws charts, once a process: the names of the regular and the bold one.

    They are those that xhtml2pdf gives them, so that a PDF holds each face once.
    """
    names = f"{typeface.family.lower()}_00", f"{typeface.family.lower()}_10"
    with _REGISTERING:
        for name, weight, file in zip(names, ("normal", "bold"), typeface.files[:2], strict=True):
            if name not in pdfmetrics.getRegisteredFontNames():
                register_font(typeface.family, str(file), weight=weight, rlgFontName=name)
    return names


@contextmanager
def starting_with(typeface: Typeface) -> Iterator[None]:
    """While one document is set, what its canvas, tables and drawings start with is its own typeface.

    What they start with is listed as a font of every page, and would otherwise not be embedded, or be another document's. The library
    reads it from module variables, so documents are set one after another; it does so anyway.
    """
    regular, _ = prepare(typeface)
    with _DRAWING:
        rl_config.canvas_basefontname = regular
        CellStyle.fontname = regular
        STATE_DEFAULTS["fontName"] = regular
        yield


def _drawn(character: str, drawable: frozenset[int]) -> str:
    if ord(character) in drawable or character in "\n\t\r":
        return character
    similar = character.translate(_LETTERS)
    if similar == character:
        similar = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    if similar != character and all(ord(part) in drawable for part in similar):
        return similar
    return "" if unicodedata.category(character)[0] in "CMS" or character in _EMOJI_JOINERS else _MISSING


_EMOJI_JOINERS = "\u200d\ufe0f"


@cache
def _drawable(typeface: Typeface) -> frozenset[int]:
    """The code points every style of the typeface can draw."""
    faces = (TTFontFile(str(file)) for file in typeface.files)
    return frozenset.intersection(*(frozenset(face.charToGlyph) for face in faces))
