"""The fact guard: what a language model may have changed in a paragraph, and what makes its words unusable.

It may say the same otherwise. It may not bring in a figure, a name, a channel, a promise or a source that is not in the paragraph it was
given, leave out or add a placeholder, change the language, or go on for much longer. One offence and the template's own words stay.
"""

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum

from markezy.strategies.enrichment.masking import placeholders_in, without_placeholders
from markezy.strategies.enrichment.vocabulary import language_of, vocabulary

SHORTEST, LONGEST = 0.5, 1.6
"""Of the original's length in characters."""
_ROOM = 60
"""Characters a short paragraph may grow by anyway."""
_FIGURE = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SIGNS = re.compile(r"[%€$£]")
_MARKUP = re.compile(r"[<>{}|#*_`]|\[|\]|https?:|www\.|@")
_SENTENCE_STARTS = re.compile(r"(?:^|[.!?…:]\s+|[“\"«¿¡(]\s*)$")


class Offence(StrEnum):
    """Why words are refused."""

    EMPTY = "empty"
    LENGTH = "length"
    PLACEHOLDERS = "placeholders"
    FIGURE = "figure"
    NAME = "name"
    CHANNEL = "channel"
    PROMISE = "promise"
    MARKUP = "markup"
    LANGUAGE = "language"


def offence_of(original: str, rewritten: str, locale: str, channels: Collection[str]) -> Offence | None:
    """What is wrong with the rewritten paragraph; None when nothing is. Both texts are plain and masked.

    `channels` are the names of all channels in the document's language.
    """
    text = rewritten.strip()
    bare, source = without_placeholders(text), without_placeholders(original)
    if not text:
        return Offence.EMPTY
    if not SHORTEST * len(original) <= len(text) <= LONGEST * len(original) + _ROOM or "\n" in text:
        return Offence.LENGTH
    if placeholders_in(text) != placeholders_in(original):
        return Offence.PLACEHOLDERS
    if _MARKUP.search(bare):
        return Offence.MARKUP
    if not _figures(bare, locale) <= _figures(source, locale):
        return Offence.FIGURE
    said, known = _folded(bare), _folded(source)
    if any(_folded(name) in said and _folded(name) not in known for name in channels):
        return Offence.CHANNEL
    if any(promise.search(said) and not promise.search(known) for promise in vocabulary(locale).promises):
        return Offence.PROMISE
    if not _names(bare) <= {word.casefold() for word in _WORD.findall(source)}:
        return Offence.NAME
    if language_of(bare) not in {None, locale}:
        return Offence.LANGUAGE
    return None


def _figures(text: str, locale: str) -> set[str]:
    """Figures without the way they are written, signs that make figures of words, and words that are figures."""
    digits = {re.sub(r"\D", "", figure) for figure in _FIGURE.findall(text)}
    words = {_folded(word) for word in _WORD.findall(text)}
    return digits | set(_SIGNS.findall(text)) | (words & vocabulary(locale).figures)


def _names(text: str) -> set[str]:
    """Words with a capital where no sentence starts."""
    return {
        match[0].casefold()
        for match in _WORD.finditer(text)
        if match[0][0].isupper() and len(match[0]) > 1 and not _SENTENCE_STARTS.search(text[: match.start()])
    }


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in bare if not unicodedata.combining(part))
