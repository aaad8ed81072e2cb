"""A sentence in words, with what each of them may be trusted for: negated, asked about, said of somebody else."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markezy.flows.answers.cleaning import plain
from markezy.flows.answers.vocabulary import known

_EXCEPT = "except"
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|\n|;")
_CLAUSE_END = re.compile(r"[,:()–—]|\s-\s")


@dataclass(frozen=True)
class Word:
    """One word as it is compared, its place in the text, and the numbers of its sentence, stretch (up to a "but") and
    clause (up to a comma)."""

    plain: str
    start: int
    end: int
    sentence: int
    stretch: int
    clause: int


@dataclass(frozen=True)
class Passage:
    """A text in words. `asked`: the numbers of the sentences that are questions; `places`: where each word stands."""

    text: str
    words: tuple[Word, ...]
    asked: frozenset[int]
    places: Mapping[str, tuple[int, ...]]

    def at(self, start: int, end: int) -> tuple[int, int]:
        """The words a piece of the text covers, as a half-open range of their numbers."""
        inside = [number for number, word in enumerate(self.words) if word.start < end and start < word.end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def is_asked(self, first: int) -> bool:
        """Whether the word stands in a question."""
        return self.words[first].sentence in self.asked

    def is_denied(self, first: int, last: int, in_clause: bool = False) -> bool:
        """Whether the words are negated: before them in their stretch, or only `in_clause`; in their clause, or by
        a "no" that stands alone behind them."""
        here, negations = self.words[first], known("negations")
        for number, word in enumerate(self.words):
            if word.plain not in negations or first <= number < last:
                continue
            before = word.stretch == here.stretch and number < first and not in_clause
            behind = number == last and (last + 1 == len(self.words) or self.words[last + 1].clause != word.clause)
            if before or word.clause == here.clause or behind:
                return True
        return False

    def is_hearsay(self, first: int, last: int) -> bool:
        """Whether the words are said of other people or times, or with doubt."""
        here, elsewhere = self.words[first], known("others") | known("doubts")
        return any(
            word.clause == here.clause
            and not first <= number < last
            and (word.plain in elsewhere or self._are(number, "peut", "etre"))
            for number, word in enumerate(self.words[:last])
        )

    def is_wished(self, first: int, in_clause: bool = False) -> bool:
        """Whether the words are wanted rather than so, by what stands before them in their stretch, or their clause."""
        here, wishes = self.words[first], known("wishes")
        return any(
            word.stretch == here.stretch
            and (not in_clause or word.clause == here.clause)
            and (word.plain in wishes or self._are(number, "d", "like"))
            for number, word in enumerate(self.words[:first])
        )

    def _are(self, number: int, before: str, word: str) -> bool:
        return number > 0 and self.words[number].plain == word and self.words[number - 1].plain == before

    def find(self, names: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
        """Where any of these names, in plain words, stands whole."""
        for name in names:
            for first in self.places.get(name[0], ()):
                last = first + len(name)
                if last <= len(self.words) and all(
                    self.words[first + step].plain == word for step, word in enumerate(name)
                ):
                    yield first, last


@lru_cache(maxsize=64)
def passage(text: str) -> Passage:
    """The text in words."""
    ends = [(match.start(), match.group()) for match in _SENTENCE_END.finditer(text)]
    commas = [match.start() for match in _CLAUSE_END.finditer(text)]
    words: list[Word] = []
    asked: set[int] = set()
    turns, wholes = known("turns"), known("wholes")
    sentence = stretch = clause = end = comma = 0
    for match in _WORD.finditer(text):
        while end < len(ends) and ends[end][0] < match.start():
            if ends[end][1] == "?":
                asked.add(sentence)
            sentence, stretch, clause, end = sentence + 1, stretch + 1, clause + 1, end + 1
        while comma < len(commas) and commas[comma] < match.start():
            if not _inside_figure(text, commas[comma]):
                clause += 1
            comma += 1
        for part in plain(match.group()).split():
            said = part
            if part in turns:
                stretch, clause = stretch + 1, clause + 1
                if words and words[-1].plain in wholes and words[-1].sentence == sentence:
                    said = _EXCEPT
            words.append(Word(said, match.start(), match.end(), sentence, stretch, clause))
    if any(sign == "?" for _, sign in ends[end:]):
        asked.add(sentence)
    places: dict[str, tuple[int, ...]] = {}
    for number, word in enumerate(words):
        places[word.plain] = (*places.get(word.plain, ()), number)
    return Passage(text, tuple(words), frozenset(asked), places)


def _inside_figure(text: str, place: int) -> bool:
    return text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()


@lru_cache(maxsize=8192)
def in_words(name: str) -> tuple[str, ...]:
    """A name as its plain words, as they are found in a passage."""
    return tuple(part for match in _WORD.finditer(name) for part in plain(match.group()).split())
