"""From a message to the words and features the intent model sees.

Three languages share one model, so nothing here knows a language. Accents, case and repeated letters are dropped
because people on a phone drop or add them; e-mail addresses, links, phone numbers and figures become placeholders,
because whose they are says nothing about what the sender wants.
"""

import re
import unicodedata
from collections.abc import Iterator

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]{2,}(?:\.[a-z0-9-]{2,})*\.(?:com|org|net|io|co|eu|fr|es|uk|be|ch|de|app|shop)\b\S*"
)
PHONE = re.compile(r"(?<![\w.,])(?=(?:[ .\-/()+]{0,2}\d){8})\+?\(?\d{1,4}\)?(?:[ .\-/]?\(?\d{1,4}\)?){1,6}(?!\w)")
NUMBER = re.compile(r"\d+(?:[ .,:/'’]\d+)*")

_PLACEHOLDERS = ((EMAIL, " @email "), (URL, " @url "), (PHONE, " @phone "), (NUMBER, " @number "))
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_ENGLISH_CONTRACTION = re.compile(r"'(?=(?:s|m|d|t|re|ll|ve)\b)")
_REPEATED = re.compile(r"(\w)\1{2,}")
_TOKEN = re.compile(r"@?\w+|[?€$£%]|[^\w\s!-/:-@\[-`{-~¡¿…–—«»“”]")
_LENGTHS = (1, 2, 3, 5, 8, 12, 20)

LONGEST_READ = 500
"""Characters of a message that are looked at: what somebody wants is said by then, and no pattern can run away."""

SHORTEST_NGRAM, LONGEST_NGRAM = 2, 5


def normalise(text: str) -> str:
    """Lower case without accents, with placeholders for addresses and figures."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_READ].translate(_APOSTROPHES)).casefold()
    for pattern, placeholder in _PLACEHOLDERS:
        folded = pattern.sub(placeholder, folded)
    bare = "".join(char for char in unicodedata.normalize("NFD", folded) if not unicodedata.combining(char))
    # "don't" and "dont" are one word; the French "l'agence" is two.
    return _REPEATED.sub(r"\1", _ENGLISH_CONTRACTION.sub("", bare))


def words_of(text: str) -> list[str]:
    """The normalised words of a message; a question mark, a currency sign and an emoji count as words."""
    return _TOKEN.findall(normalise(text))


def word_features(words: list[str]) -> Iterator[str]:
    """Single words, pairs and triples (with the message's edges), and how long the message is."""
    edged = ["^", *words, "$"]
    yield from words
    for size in (2, 3):
        for start in range(len(edged) - size + 1):
            yield " ".join(edged[start : start + size])
    yield f"#{sum(len(words) > length for length in _LENGTHS)}"


def letter_features(words: list[str]) -> Iterator[str]:
    """Runs of letters inside each word: what is left of a word after a typo or an unseen ending."""
    for word in filter(None, words):
        padded = f" {word} "
        for size in range(SHORTEST_NGRAM, LONGEST_NGRAM + 1):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]
