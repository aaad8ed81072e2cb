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

_SYSTEM = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'


@dataclass(frozen=True)
class Typeface:
    """A family. `name` is what people know it by, `family` what style sheets call it.

    `package` brings its TrueType files, `inside` is where they lie in it. `scale` is how much larger it is set to look as large as
    Vera, by the height of its small letters; so set, no line is wider than in Vera, and what has room in Vera has room in each.
    `screen` are the families a web page asks for, none of which is fetched.
    """

    key: FontKey
    name: str
    family: str
    package: str
    inside: str
    regular: str
    bold: str
    italic: str
    bold_italic: str
    scale: float
    screen: str

    @property
    def folder(self) -> Path:
        """Where the four files are."""
        return _folder(self.package) / self.inside

    @property
    def files(self) -> tuple[Path, ...]:
        """Regular, bold, italic, bold italic."""
        return tuple(self.folder / file for file in (self.regular, self.bold, self.italic, self.bold_italic))


VERA = Typeface(
    "vera", "Bitstream Vera", "Vera", "reportlab", "fonts", "Vera.ttf", "VeraBd.ttf", "VeraIt.ttf", "VeraBI.ttf",
    scale=1.0, screen=_SYSTEM,
)  # fmt: skip
LATO = Typeface(
    "lato", "Lato", "Lato", "font_lato", "files",
    "Lato-Regular.ttf", "Lato-Bold.ttf", "Lato-Italic.ttf", "Lato-BoldItalic.ttf",
    scale=1.07, screen=f"Lato, Carlito, {_SYSTEM}",
)  # fmt: skip
SOURCE_SANS = Typeface(
    "source-sans", "Source Sans Pro", "SourceSans", "font_source_sans_pro", "files",
    "SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf", "SourceSansPro-It.ttf", "SourceSansPro-BoldIt.ttf",
    scale=1.12, screen=f'"Source Sans 3", "Source Sans Pro", {_SYSTEM}',
)  # fmt: skip
SOURCE_SERIF = Typeface(
    "source-serif", "Source Serif Pro", "SourceSerif", "font_source_serif_pro", "files",
    "SourceSerifPro-Regular.ttf", "SourceSerifPro-Bold.ttf", "SourceSerifPro-It.ttf", "SourceSerifPro-BoldIt.ttf",
    scale=1.09, screen='"Source Serif 4", "Source Serif Pro", Charter, Georgia, Cambria, "Times New Roman", serif',
)  # fmt: skip

DEFAULT: FontKey = "vera"
"""Of agencies that chose none, and of everything written before there was a choice."""

_BY_KEY: dict[str, Typeface] = {one.key: one for one in (VERA, LATO, SOURCE_SANS, SOURCE_SERIF)}


def typefaces() -> tuple[Typeface, ...]:
    """All there are to choose from, the default first."""
    return tuple(_BY_KEY.values())


def typeface(key: FontKey) -> Typeface:
    """The family of this key."""
    return _BY_KEY[key]


def font_key(value: object) -> FontKey:
    """The key, if it is one; else the default."""
    return next((key for key in get_args(FontKey) if key == value), DEFAULT)


@cache
def _folder(package: str) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"The package {package}, which brings a typeface, is not installed.")
    return Path(next(iter(found.submodule_search_locations))).resolve()
