"""The document's typeface: TrueType files that come with reportlab, embedded into every PDF.

Bitstream Vera covers the languages of Western Europe. `legible` writes what it lacks in letters it has.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

import reportlab  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFontFile  # type: ignore[import-untyped]

FOLDER = Path(reportlab.__file__).resolve().parent / "fonts"
FAMILY = "Vera"
FILES = {
    "font-regular": "Vera.ttf",
    "font-bold": "VeraBd.ttf",
    "font-italic": "VeraIt.ttf",
    "font-bold-italic": "VeraBI.ttf",
}
"""By the names the style sheet uses."""

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
