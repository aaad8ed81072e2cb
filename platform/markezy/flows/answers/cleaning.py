"""Text as it can be compared and stored."""

import re
import unicodedata

_SPACES = re.compile(r"[^\S\n]+")
_NO_WORD = re.compile(r"[^\w\s+]+")


def clean(text: str) -> str:
    """Without control characters (PostgreSQL takes no NUL) and lone surrogates, spaces collapsed, ends trimmed."""
    printable = text
    if not text.isprintable():
        printable = "".join(
            character if character == "\n" or unicodedata.category(character) not in ("Cc", "Cs") else " "
            for character in text
        )
    return _SPACES.sub(" ", unicodedata.normalize("NFC", printable)).strip()


def plain(text: str) -> str:
    """For comparisons: lower case, no accents, no punctuation, single spaces."""
    bare = text.casefold()
    if not bare.isascii():
        decomposed = unicodedata.normalize("NFKD", bare)
        bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(_NO_WORD.sub(" ", bare).split())
