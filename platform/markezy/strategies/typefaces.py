"""The families of type that an agency's documents can be set in: a closed list, their files come with the product.

Which one a document has travels with its agency; nothing here or in `rendering` remembers one.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

FontKey = Literal["vera", "lato", "source-sans", "source-serif"]
"""What an agency's brand calls them."""


@dataclass(frozen=True)
class Typeface:
    """A family. `name` is what people know it by, `package` brings its TrueType files, which lie in `inside`.

    `regular`, `bold`, `italic` and `bold_italic` are those files.
    """

    key: FontKey
    name: str
    package: str
    inside: str
    regular: str
    bold: str
    italic: str
    bold_italic: str

    @property
    def folder(self) -> Path:
        """Where the four files are."""
        return _folder(self.package) / self.inside

    @property
    def files(self) -> tuple[Path, ...]:
        """Regular, bold, italic, bold italic."""
        return tuple(self.folder / file for file in (self.regular, self.bold, self.italic, self.bold_italic))


VERA = Typeface("vera", "Bitstream Vera", "reportlab", "fonts", "Vera.ttf", "VeraBd.ttf", "VeraIt.ttf", "VeraBI.ttf")
LATO = Typeface(
    "lato", "Lato", "font_lato", "files",
    "Lato-Regular.ttf", "Lato-Bold.ttf", "Lato-Italic.ttf", "Lato-BoldItalic.ttf",
)  # fmt: skip
SOURCE_SANS = Typeface(
    "source-sans", "Source Sans Pro", "font_source_sans_pro", "files",
    "SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf", "SourceSansPro-It.ttf", "SourceSansPro-BoldIt.ttf",
)  # fmt: skip
SOURCE_SERIF = Typeface(
    "source-serif", "Source Serif Pro", "font_source_serif_pro", "files",
    "SourceSerifPro-Regular.ttf", "SourceSerifPro-Bold.ttf", "SourceSerifPro-It.ttf", "SourceSerifPro-BoldIt.ttf",
)  # fmt: skip

DEFAULT: FontKey = "vera"
"""Of agencies that chose none, and of everything written before there was a choice."""

_BY_KEY: dict[str, Typeface] = {one.key: one for one in (VERA, LATO, SOURCE_SANS, SOURCE_SERIF)}


def typefaces() -> tuple[Typeface, ...]:
    """All there are to choose from, the default first."""
    return tuple(_BY_KEY.values())


def typeface(key: str) -> Typeface:
    """The family of this key; the default for a key there is none of."""
    return _BY_KEY.get(key, _BY_KEY[DEFAULT])


def font_key(value: object) -> FontKey:
    """The key, if it is one; else the default."""
    return next((key for key in get_args(FontKey) if key == value), DEFAULT)


@cache
def _folder(package: str) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"The package {package}, which brings a typeface, is not installed.")
    return Path(next(iter(found.submodule_search_locations))).resolve()
