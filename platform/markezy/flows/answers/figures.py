"""The figures in a text: how much, of what currency, and by which words they belong to a question."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from price_parser import Price

from markezy.flows.answers.cleaning import plain
from markezy.flows.answers.lexicon import Lexicon, Name
from markezy.flows.answers.passages import Passage

_FIGURE = re.compile(r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?")
_MULTIPLIERS = {
    "k": 1_000, "thousand": 1_000, "mille": 1_000, "mil": 1_000,
    "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000, "millions": 1_000_000, "millon": 1_000_000, "millones": 1_000_000,
}  # fmt: skip
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "us$": "USD", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "livres": "GBP", "libras": "GBP", "chf": "CHF",
    "fr.": "CHF", "cad": "CAD", "ca$": "CAD", "aud": "AUD", "a$": "AUD", "mxn": "MXN",
}  # fmt: skip
_CURRENCY = re.compile(r"[a-z]+\$|[a-z]+\.?|[€$£]")
_FACTOR = re.compile(r"\s*([^\W\d_]+)(?![\w²])")
_SIGN = re.compile(r"\s*(?:d['’]|de )?([€$£]|[^\W\d_]+)")
_PERCENT = re.compile(r"\s*(?:%|per ?cent\b|pour ?cents?\b|por ciento\b)", re.IGNORECASE)
_BEFORE = re.compile(r"(?P<currency>[€$£]|\b(?:eur|usd|gbp|chf))\s*\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[€$£]|euros?)?\s*(?:-|–|—|to|and|or|à|a|et|ou|y|o|/)\s*(?:[€$£])?\s*\Z", re.IGNORECASE)
_FARTHEST = 6
_OTHER_CLAUSE = 4
"""Words that a comma between a figure and a word counts for."""
LARGEST = 1e12


@dataclass(frozen=True)
class Figure:
    """One figure and its place in the text, currency sign included. `doubtful`: it is one end of a range."""

    value: float
    start: int
    end: int
    currency: str | None
    percent: bool
    doubtful: bool


@lru_cache(maxsize=64)
def find_figures(text: str) -> tuple[Figure, ...]:
    """All figures, in order."""
    matches = list(_FIGURE.finditer(text))
    gaps = [text[one.end() : two.start()] for one, two in pairwise(matches)]
    figures = []
    for number, match in enumerate(matches):
        amount = Price.fromstring(match.group().replace("’", "'")).amount_float
        if amount is None:
            continue
        start, end, currency, factor = _surroundings(text, match.start(), match.end())
        if re.search(r"[-−]\s*[€$£]?\s*\Z", text[: match.start()]):
            amount = -amount
        near = gaps[max(number - 1, 0) : number + 1]
        percent = _PERCENT.match(text, match.end()) is not None
        figures.append(Figure(amount * factor, start, end, currency, percent, any(map(_BETWEEN.fullmatch, near))))
    return tuple(figures)


def named_currency(text: str) -> str | None:
    """The first currency a text names, as ISO 4217."""
    for word in _CURRENCY.findall(text.casefold()):
        if word in _CURRENCIES:
            return _CURRENCIES[word]
    return None


def belonging(
    passage: Passage, figures: Sequence[Figure], names: Iterable[Name], farthest: int = _FARTHEST
) -> frozenset[int]:
    """The numbers of the figures that these words stand next to; each word counts for the figure nearest to it."""
    found: set[int] = set()
    named = list(passage.find(tuple(names)))
    places = [passage.at(figure.start, figure.end) for figure in figures] if named else []
    for first, last in named:
        distances = [_distance(passage, first, last, *place) for place in places]
        nearest = min(distances, default=_FARTHEST + 1)
        if nearest <= farthest:
            found.add(distances.index(nearest))
    return frozenset(found)


def of_question(passage: Passage, figures: Sequence[Figure], words: Lexicon) -> Figure | None:
    """Which of several figures the question's own words stand next to; None when they don't tell."""
    found = belonging(passage, figures, words.subject) or belonging(passage, figures, words.own_period)
    return figures[min(found)] if len(found) == 1 else None


def _surroundings(text: str, start: int, end: int) -> tuple[int, int, str | None, int]:
    factor = 1
    behind = _FACTOR.match(text, end)
    if behind and plain(behind.group(1)) in _MULTIPLIERS:
        factor, end = _MULTIPLIERS[plain(behind.group(1))], behind.end()
    sign = _SIGN.match(text, end)
    if sign and sign.group(1).casefold() in _CURRENCIES:
        return start, sign.end(), _CURRENCIES[sign.group(1).casefold()], factor
    before = _BEFORE.search(text, 0, start)
    if before:
        return before.start(), end, _CURRENCIES[before["currency"].casefold()], factor
    return start, end, None, factor


def _distance(passage: Passage, first: int, last: int, begin: int, end: int) -> int:
    if begin == end:
        return _FARTHEST + 1
    one, other = passage.words[first], passage.words[begin]
    if one.sentence != other.sentence:
        return _FARTHEST + 1
    apart = begin - last + 1 if begin >= last else first - end + 1
    return max(apart, 0) + _OTHER_CLAUSE * (one.clause != other.clause)
