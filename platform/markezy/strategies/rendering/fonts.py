"""The documents' typeface: TrueType files that come with reportlab, embedded into every PDF.

Bitstream Vera is the one family among the dependencies whose licence allows embedding and which covers the languages of Western
Europe, so a brand has no choice of fonts. `legible` writes what it lacks in letters it has.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

import reportlab  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFontFile  # type: ignore[import-untyped]
from svglib.fonts import register_font

FOLDER = Path(reportlab.__file__).resolve().parent / "fonts"
FAMILY = "Vera"
FILES = {
    "font-regular": "Vera.ttf",
    "font-bold": "VeraBd.ttf",
    "font-italic": "VeraIt.ttf",
    "font-bold-italic": "VeraBI.ttf",
}
"""By the names the style sheet uses."""

REGULAR, _BOLD = "vera_00", "vera_10"
"""The names xhtml2pdf gives to the faces; charts use the same, so that a PDF holds each face once."""

_LETTERS = str.maketrans({
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ẞ": "SS", "→": "›", "←": "‹", "−": "–", "‑": "-", "‐": "-",
    "\u2009": " ", "\u200a": " ", "\u202f": "\u00a0", "\u2028": " ", "\u2029": " ",
})  # fmt: skip
_MISSING = "?"


def legible(text: str) -> str:
    """`text` with every character that the typeface lacks replaced: by its base letter, by a similar sign, or by a question mark.

    Invisible signs and emoji are dropped.
    """
    if all(ord(character) in _drawable() or character in "\n\t\r" for character in text):
        return text
    return "".join(_drawn(character) for character in text)


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line is, in the unit of `size`."""
    prepare()
    return float(pdfmetrics.stringWidth(text, _BOLD if bold else REGULAR, size))


@lru_cache(maxsize=1)
def prepare() -> None:
    """Make the faces known to what draws charts, once a process."""
    for name, weight, file in ((REGULAR, "normal", "font-regular"), (_BOLD, "bold", "font-bold")):
        register_font(FAMILY, str(FOLDER / FILES[file]), weight=weight, rlgFontName=name)


def _drawn(character: str) -> str:
    if ord(character) in _drawable() or character in "\n\t\r":
        return character
    similar = character.translate(_LETTERS)
    if similar == character:
        similar = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    if similar != character and all(ord(part) in _drawable() for part in similar):
        return similar
    return "" if unicodedata.category(character)[0] in "CMS" or character in _EMOJI_JOINERS else _MISSING


_EMOJI_JOINERS = "\u200d\ufe0f"


@lru_cache(maxsize=1)
def _drawable() -> frozenset[int]:
    """The code points every style of the typeface can draw."""
    faces = (TTFontFile(str(FOLDER / file)) for file in FILES.values())
    return frozenset.intersection(*(frozenset(face.charToGlyph) for face in faces))
