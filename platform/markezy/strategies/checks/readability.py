"""How easily a strategy reads, by the measure each language has.

English: Reading Ease (R. Flesch, A new readability yardstick, 1948). French: its adaptation by L. Kandel and A. Moles (Application de
l'indice de Flesch à la langue française, 1958). Spanish: perspicuity (F. Szigriszt-Pazos, Sistemas predictivos de legibilidad, 1993), read
by the INFLESZ scale (I. Barrio-Cantalejo and others, 2008). Each falls from about 207 with the words in a sentence and the syllables in a
word; what most adults read without effort is near 60.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyphen

from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import GAP, Reading, Role, sentences, words_of

CHECK = "readability"


@dataclass(frozen=True)
class Measure:
    """A formula of Flesch's kind, with what we ask of a document and of a single paragraph."""

    dictionary: str
    constant: float
    a_word_a_sentence: float
    a_syllable_a_word: float
    document: int
    paragraph: int

    def score(self, sentences: int, words: int, syllables: int) -> float:
        return self.constant - self.a_word_a_sentence * words / sentences - self.a_syllable_a_word * syllables / words


MEASURES = {
    "en": Measure("en_US", 206.835, 1.015, 84.6, document=50, paragraph=30),
    "fr": Measure("fr_FR", 207.0, 1.015, 73.6, document=60, paragraph=40),
    "es": Measure("es_ES", 206.835, 1.0, 62.3, document=55, paragraph=40),
}
"""50 is where Flesch's "fairly difficult" ends and 55 where INFLESZ's "normal" begins; the French count leaves silent syllables out, so the
same text scores ten points more. Markezy's own texts score 76 or more in English, 88 in French, 82 in Spanish. A single paragraph may be
harder, but not "very difficult".
"""
LONGEST_SENTENCE = 40
"""Words. Plain-language guides ask for 15 to 20 on average; the longest sentence in Markezy's own texts has 26."""
_JUDGED = 30
"""Words from which on a paragraph is judged by itself: below, one long word decides."""
_VOWELS = re.compile(r"[aeiouyàâäáéèêëíîïóôöúùûüÿœæ]+")
_SILENT = {
    "en_US": re.compile(r"(?<=[aeiouy][^aeiouy])(?:e|es)$|(?<=[aeiouy][^aeioudty])ed$"),
    "fr_FR": re.compile(r"(?<=[^aeiouyé])(?:e|es)$"),
    "es_ES": re.compile(r"(?!)"),
}
_ROLES = frozenset({Role.PROSE, Role.ITEM})
_CELL_SENTENCE = 6
"""Words from which on a cell of a table counts as prose."""


@dataclass(frozen=True)
class Counts:
    sentences: int
    words: int
    syllables: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.sentences + other.sentences, self.words + other.words, self.syllables + other.syllables)


def readability(reading: Reading) -> Iterator[Finding]:
    measure = MEASURES.get(reading.language)
    if measure is None:
        return
    total = Counts(0, 0, 0)
    for piece in reading.pieces:
        parts = [words_of(sentence.replace(GAP, " ")) for sentence in sentences(piece.own)]
        longest = max(map(len, parts), default=0)
        if longest > LONGEST_SENTENCE:
            yield Finding(CHECK, piece.place, problem("long_sentence", count=longest, most=LONGEST_SENTENCE))
        if piece.role in _ROLES or (piece.role is Role.CELL and longest >= _CELL_SENTENCE):
            counts = _counts(parts, measure.dictionary)
            total += counts
            if counts.words >= _JUDGED:
                yield from _judged(counts, measure, measure.paragraph, piece.place)
    if total.words:
        yield from _judged(total, measure, measure.document, "")


def score(texts: Iterable[str], language: str) -> float | None:
    """How easily the texts read together; None when there is nothing to judge or no measure."""
    measure = MEASURES.get(language)
    total = Counts(0, 0, 0)
    if measure is None:
        return None
    for text in texts:
        total += _counts([words_of(sentence) for sentence in sentences(text)], measure.dictionary)
    return measure.score(total.sentences, total.words, total.syllables) if total.words else None


def _judged(counts: Counts, measure: Measure, least: int, place: str) -> Iterator[Finding]:
    found = measure.score(counts.sentences, counts.words, counts.syllables)
    if found < least:
        yield Finding(CHECK, place, problem("hard_to_read", count=round(found), least=least))


def _counts(parts: list[list[str]], dictionary: str) -> Counts:
    spoken = [words for words in parts if words]
    words = [word for part in spoken for word in part]
    return Counts(len(spoken), len(words), sum(_syllables(word.lower(), dictionary) for word in words))


@lru_cache(maxsize=50_000)
def _syllables(word: str, dictionary: str) -> int:
    """Places where a word may be divided are fewer than its syllables, and groups of vowels are, in other words: the larger counts."""
    parts = [part for part in word.split("-") if part]
    divided = sum(len(_hyphenation(dictionary).positions(part)) + 1 for part in parts)
    spoken = sum(max(len(_VOWELS.findall(_SILENT[dictionary].sub("", part))), 1) for part in parts)
    return max(divided, spoken)


@lru_cache(maxsize=4)
def _hyphenation(dictionary: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=dictionary, left=1, right=1)
