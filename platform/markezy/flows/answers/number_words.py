"""Numbers in a text, in figures or written out in English, French and Spanish: "2,000", "two thousand", "2 mille cinq cents"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml
from price_parser import Price

from markezy.flows.answers.cleaning import plain

_TOKEN = re.compile(
    r"(?P<thousands>\d{1,3})k(?P<rest>\d{1,2})(?!\w)|"
    r"(?P<figure>\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?)|(?P<word>[^\W\d_]+)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"[\s-]{0,3}")
_PART_OF_A_UNIT = re.compile(r"[\w²]")
_BUILDS = frozenset(["small", "hundreds", "hundred", "scale", "round", "plural", "half"])
_MULTIPLIES = frozenset(["hundred", "scale", "slang", "round", "plural"])
_COINS = frozenset(["cent", "cents"])
_IN_EUROS = re.compile(r"\s*(?:€|euros?\b)", re.IGNORECASE)
_IN_ONE_LANGUAGE = frozenset(["once", "tres", "dos", "sept", "neuf", "miles", "par"]) | _COINS
""" "Once a week", "tres bien" without its accent, "mal au dos", "Sept", "new", "5 miles", "par mois", "fifty cents"."""
_LONE = frozenset(["one", "un", "une", "uno", "una", "zero", "cero", "neuf"])
_NO_NUMBER_BEHIND = re.compile(r"\s+(?:gracias|mercis?|thanks|perdones|excuses)\b", re.IGNORECASE)
_NO_NUMBER_BEFORE = re.compile(r"\b(?:per|thanks (?:a )?|merci)\s*\Z", re.IGNORECASE)
_A_THING = re.compile(r"\s+(?!(?:a|per|each|or|in|for|max|maximum|please|would|is|at|and|to|on|if|but|more)\b)\w", re.I)
""" "A grand hotel"."""
_TWO_ENDS = re.compile(r"\bbetween\s+(?:an?\s+)?\Z", re.IGNORECASE)
_AS_FAR_BEFORE = 12
_MOST_WORDS = 24
"""Of one number; a message that goes on like this for ever says none."""


@dataclass(frozen=True)
class Number:
    """A number and its place. `spelled`: nothing of it is a figure; `lone`: more often than not its only word is none."""

    value: float
    start: int
    end: int
    spelled: bool
    lone: bool


@dataclass(frozen=True)
class _Word:
    kind: str
    value: float
    start: int
    end: int
    plain: str
    languages: frozenset[str]


@lru_cache(maxsize=64)
def find_numbers(text: str, locale: str) -> tuple[Number, ...]:
    """All numbers, in order. Words that mean something else in another language count in their own `locale` only."""
    found: list[Number] = []
    for run in _runs(text, locale):
        at = 0
        while at < len(run):
            reading = _Reading(run, at, _is_one_of_two(text, run[at].start))
            value, behind = reading.read()
            words = run[at:behind]
            if value is not None and not _is_something_else(text, words):
                spelled = all(word.kind != "figure" for word in words)
                lone = len(words) == 1 and words[0].plain in _LONE
                found.append(Number(value, words[0].start, words[-1].end, spelled, lone))
            at = behind
    return tuple(found)


def _runs(text: str, locale: str) -> Iterator[list[_Word]]:
    """Words and figures that stand together, so that they may be one number."""
    run: list[_Word] = []
    for match in _TOKEN.finditer(text):
        word = _word(match, locale, run)
        together = word is not None and len(run) < _MOST_WORDS
        if run and not (together and _TOGETHER.fullmatch(text, run[-1].end, match.start())):
            yield run
            run = []
        if word is not None:
            run.append(word)
    if run:
        yield run


def _word(match: re.Match[str], locale: str, run: Sequence[_Word]) -> _Word | None:
    if match["thousands"]:
        return _Word(
            "figure", float(f"{match['thousands']}.{match['rest']}") * 1000, *match.span(), match[0], frozenset()
        )
    if match["figure"]:
        amount = Price.fromstring(match[0].replace("’", "'")).amount_float
        return None if amount is None else _Word("figure", amount, *match.span(), match[0], frozenset())
    said = match[0].casefold()
    said = said if said.isascii() else plain(said)
    known = _names().get(said)
    if known is None:
        return None
    if said in _COINS and run and run[-1].kind == "figure" and not _IN_EUROS.match(match.string, match.end()):
        return None
    kind, value, languages = known
    if kind == "abbreviated" and _PART_OF_A_UNIT.match(match.string, match.end()):
        return None
    if said in _IN_ONE_LANGUAGE and locale not in languages:
        before = run[-1] if run else None
        if before is None or before.kind not in _BUILDS or languages.isdisjoint(before.languages):
            return None
    return _Word(kind, value, *match.span(), said, languages)


def _is_one_of_two(text: str, start: int) -> bool:
    return _TWO_ENDS.search(text, max(start - _AS_FAR_BEFORE, 0), start) is not None


def _is_something_else(text: str, words: Sequence[_Word]) -> bool:
    """Whether the words are no number here: "mil gracias", "5 per cent", "a grand hotel"."""
    if words[-1].kind == "slang" and words[0].kind == "article" and _A_THING.match(text, words[-1].end):
        return True
    if any(word.kind == "figure" for word in words):
        return False
    start = words[0].start
    before = _NO_NUMBER_BEFORE.search(text, max(start - _AS_FAR_BEFORE, 0), start)
    return before is not None or _NO_NUMBER_BEHIND.match(text, words[-1].end) is not None


class _Reading:
    """Puts one number together from the words of a run, as far as they go.

    `between`: "and" stands between two numbers, not inside one.
    """

    def __init__(self, run: Sequence[_Word], at: int, between: bool = False) -> None:
        self._run, self._begin, self._at, self._between = run, at, at, between
        self._total = 0.0
        self._group: float | None = None
        self._room = 1000.0
        """What the next word has to be below to be added to the group."""
        self._ceiling = float("inf")
        self._unit = 1.0
        """What "and a half" is half of."""

    def read(self) -> tuple[float | None, int]:
        """The number, and the place behind its last word; None when no number begins here."""
        if not self._opens():
            return None, max(self._at, self._begin + 1)
        while self._at < len(self._run) and self._takes(self._run[self._at]):
            self._at += 1
        if self._at == self._begin:
            return None, self._begin + 1
        return self._and_a_half(self._total + (self._group or 0))

    def _opens(self) -> bool:
        """Whether a number may begin here; reads "half a" million, "a couple of" thousand up to what they multiply."""
        at = self._behind_articles(self._at)
        kind = self._kind(at)
        if kind == "vague":
            self._at = at + 1
            while self._kind(self._at) in _MULTIPLIES | {"article", "half", "couple"}:
                self._at += 1
            return False
        if kind in ("half", "couple"):
            self._group, self._room = self._run[at].value, 0.0
            at = self._behind_articles(at + 1)
            if self._kind(at) not in _MULTIPLIES:
                return False
        elif at == self._at:
            first = self._run[at]
            return kind in ("figure", "small", "hundreds", "hundred", "scale") or (kind == "round" and not first.start)
        self._at = at
        return self._kind(at) in _MULTIPLIES

    def _behind_articles(self, at: int) -> int:
        while self._kind(at) == "article":
            at += 1
        return at

    def _kind(self, at: int) -> str | None:
        return self._run[at].kind if at < len(self._run) else None

    def _takes(self, word: _Word) -> bool:
        """Add the word to the number, if it belongs to it."""
        before = self._run[self._at - 1] if self._at > self._begin else None
        match word.kind:
            case "figure":
                return self._figure(word, before)
            case "small" | "hundreds":
                return self._small(word, before)
            case "hundred":
                return self._hundred()
            case "scale":
                return self._scale(word)
            case "abbreviated":
                return before is not None and before.kind == "figure" and self._scale(word)
            case "slang":
                return before is not None and self._is_english(before) and self._scale(word)
            case "round" | "plural":
                return self._round(word)
            case "joint":
                return before is not None and self._joins(word, before)
        return False

    @staticmethod
    def _is_english(word: _Word) -> bool:
        return word.kind == "figure" or "en" in word.languages

    def _figure(self, word: _Word, before: _Word | None) -> bool:
        """ "2 mil 500" is one number; "3 500" would have been one figure."""
        if before is not None and not (
            before.kind == "scale" and 100 <= word.value < self._ceiling and not word.value % 1
        ):
            return False
        self._group, self._room = word.value, 0.0
        return True

    def _small(self, word: _Word, before: _Word | None) -> bool:
        if before is not None and before.plain == "quatre" and word.plain.startswith("vingt"):
            self._group, self._room = (self._group or 0) + 76, 20.0
            return True
        teen = before is not None and before.plain == "dix" and word.plain in ("sept", "huit", "neuf")
        if before is not None and not teen and (word.value >= min(self._room, self._ceiling) or not word.value):
            return False
        self._group = (self._group or 0) + word.value
        if word.kind == "hundreds":
            self._room = 100.0
        elif word.plain == "soixante":
            self._room = 20.0
        else:
            self._room = 10.0 if word.value >= 20 and not word.value % 10 else 0.0
        return True

    def _hundred(self) -> bool:
        if (self._group or 0) >= 100 or self._ceiling <= 100:
            return False
        self._group, self._room, self._unit = (1 if self._group is None else self._group) * 100, 100.0, 100.0
        return True

    def _scale(self, word: _Word) -> bool:
        if self._group is None and 0 < self._total < word.value:
            self._total *= word.value
        elif word.value < self._ceiling and not (self._group is None and self._total):
            self._total += (1 if self._group is None else self._group) * word.value
        else:
            return False
        self._group, self._room, self._ceiling, self._unit = None, 1000.0, word.value, word.value
        return True

    def _round(self, word: _Word) -> bool:
        if self._total or (self._group or 0) >= 100 or (word.kind == "plural" and self._group is None):
            return False
        self._group, self._room, self._unit = (1 if self._group is None else self._group) * word.value, 0.0, word.value
        return True

    def _joins(self, joint: _Word, before: _Word) -> bool:
        """Whether "and" stands inside the number: "five hundred and fifty", "vingt et un", "treinta y cinco"."""
        if self._kind(self._at + 1) not in ("small", "hundreds", "hundred"):
            return False
        after = self._run[self._at + 1]
        if joint.plain != "and":
            ones = after.value < 10 if joint.plain == "y" else after.value in (1, 11)
            return before.kind == "small" and before.value >= 20 and ones and after.value < self._room
        if self._between or before.kind not in ("hundred", "scale"):
            return False
        more = _Reading(self._run, self._at + 1)
        if before.kind == "hundred":
            return after.value < 100 and self._kind(more._words_below_a_hundred()) != "hundred"
        return (more.read()[0] or before.value) < before.value

    def _words_below_a_hundred(self) -> int:
        while self._kind(self._at) == "small" and self._takes(self._run[self._at]):
            self._at += 1
        return self._at

    def _and_a_half(self, value: float) -> tuple[float, int]:
        """ "One and a half thousand" multiplies, "un million et demi" adds."""
        half = self._behind_articles(self._at + 1)
        if self._kind(self._at) != "joint" or self._kind(half) != "half":
            return value, self._at
        if self._group is None:
            return value + self._unit / 2, half + 1
        multiplied = self._kind(half + 1) in ("scale", "hundred", "slang")
        return (value + 0.5) * (self._run[half + 1].value if multiplied else 1), half + 1 + multiplied


@cache
def _names() -> Mapping[str, tuple[str, float, frozenset[str]]]:
    """Each word's kind, value and languages."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load((files(__package__) / "number_words.yml").read_text("utf-8"))
    names: dict[str, tuple[str, float, frozenset[str]]] = {}
    for kind, languages in loaded.items():
        for language, words in languages.items():
            for entry in words.split():
                word, _, value = entry.partition("=")
                known = names.get(word, (kind, 0.0, frozenset[str]()))[2]
                names[word] = (kind, float(value), known | ({"en", "fr", "es"} if language == "any" else {language}))
    return names
