"""The figures in a text: how much, of what currency, and by which words they belong to a question."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from markezy.flows.answers.lexicon import Lexicon, Name
from markezy.flows.answers.number_words import Number, find_numbers
from markezy.flows.answers.passages import Passage

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "balles": "EUR", "pavos": "EUR", "$": "USD", "usd": "USD",
    "dollar": "USD", "dollars": "USD", "us$": "USD", "bucks": "USD", "£": "GBP", "gbp": "GBP", "pound": "GBP",
    "pounds": "GBP", "quid": "GBP", "livres": "GBP", "libras": "GBP", "chf": "CHF", "francs": "CHF", "fr.": "CHF", "cad": "CAD",
    "ca$": "CAD", "aud": "AUD", "a$": "AUD", "mxn": "MXN",
}  # fmt: skip
_OTHER_THINGS = frozenset(["livres", "libras", "pound", "balles", "pavos"])
"""Books and turkeys, unless they stand behind a figure."""
_CURRENCY = re.compile(r"[a-z]+\$|[a-z]+\.?|[€$£]")
_SIGN = re.compile(r"\s*(?:d['’]|de )?([€$£]|[^\W\d_]+)")
_CENTS = re.compile(r"\s*(?:cents?|centimes?|c[ée]ntimos?)\b(?!\s*(?:€|euros?\b))", re.IGNORECASE)
_REST_OF_A_PRICE = re.compile(r"\s*(\d\d)(?![\w%,.]|\s*[^\W_])")
""" "12 € 50"."""
_PERCENT = re.compile(r"\s*(?:%|per ?cent\b|pour ?cents?\b|por ?cien(?:to)?\b)", re.IGNORECASE)
_BEFORE = re.compile(r"(?P<currency>[€$£]|\b(?:eur|usd|gbp|chf))\s*\Z", re.IGNORECASE)
_MINUS = re.compile(r"[-−]\s*[€$£]?\s*\Z")
_BETWEEN = re.compile(
    r"\s*(?:[€$£]|euros?)?\s*(?:-|–|—|to|and|or|à|a|et|ou|y|o|/|up to|until|jusqu['’]?[àa]|hasta)\s*(?:[€$£])?\s*\Z",
    re.IGNORECASE,
)
_LARGEST_COUNT = 12
_AS_FAR_BEFORE = 12
_FARTHEST = 6
_OTHER_CLAUSE = 4
"""Words that a comma between a figure and a word counts for."""
LARGEST = 1e12


@dataclass(frozen=True)
class Figure:
    """One figure and its place in the text, currency sign included. `doubtful`: it is one end of a range; `spelled`: it
    is written out."""

    value: float
    start: int
    end: int
    currency: str | None
    percent: bool
    doubtful: bool
    spelled: bool

    @property
    def is_aside(self) -> bool:
        """Whether it may as well only count something in passing: "the two of us", "in three weeks"."""
        return self.spelled and self.currency is None and not self.percent and self.value <= _LARGEST_COUNT


@lru_cache(maxsize=64)
def find_figures(text: str, locale: str) -> tuple[Figure, ...]:
    """All figures, in order, written out as well."""
    found: list[tuple[Number, Figure]] = []
    taken = 0
    for number in find_numbers(text, locale):
        figure = _figure(text, number) if number.start >= taken else None
        if figure is not None:
            found.append((number, figure))
            percent = _PERCENT.match(text, number.end)
            taken = percent.end() if percent else figure.end
    gaps = [_is_between(text, one, two) for (one, _), (two, _) in pairwise(found)]
    return tuple(
        replace(figure, doubtful=any(gaps[max(place - 1, 0) : place + 1])) for place, (_, figure) in enumerate(found)
    )


def lone_number(text: str, locale: str) -> Number | None:
    """The number that is said with a word like "one"; None when there is any other, or none."""
    numbers = find_numbers(text, locale)
    return numbers[0] if len(numbers) == 1 and numbers[0].lone else None


def _figure(text: str, number: Number) -> Figure | None:
    start, end, currency = _surroundings(text, number.start, number.end)
    percent = _PERCENT.match(text, number.end) is not None
    if number.lone and not currency and not percent:
        return None
    value = number.value
    cents = _CENTS.match(text, number.end)
    rest = _REST_OF_A_PRICE.match(text, end) if currency and end > number.end and not value % 1 else None
    if cents:
        value, end = value / 100, cents.end()
    elif rest:
        value, end = value + int(rest[1]) / 100, rest.end()
    if _MINUS.search(text, max(number.start - _AS_FAR_BEFORE, 0), number.start):
        value = -value
    return Figure(value, start, end, currency, percent, False, number.spelled)


def _is_between(text: str, one: Number, two: Number) -> bool:
    """Whether the two are ends of a range: "10 to 20", "two or three", "deux trois"."""
    gap = text[one.end : two.start]
    return _BETWEEN.fullmatch(gap) is not None or (one.spelled and two.spelled and not gap.strip())


def named_currencies(text: str, locale: str) -> frozenset[str]:
    """The currencies of a text's figures, or else those it names, as ISO 4217."""
    beside = frozenset(figure.currency for figure in find_figures(text, locale) if figure.currency)
    named = (_CURRENCIES.get(word) for word in _CURRENCY.findall(text.casefold()) if word not in _OTHER_THINGS)
    return beside or frozenset(filter(None, named))


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


def _surroundings(text: str, start: int, end: int) -> tuple[int, int, str | None]:
    """Where the figure begins and ends with its currency, and which that is."""
    sign = _SIGN.match(text, end)
    if sign and sign.group(1).casefold() in _CURRENCIES:
        return start, sign.end(), _CURRENCIES[sign.group(1).casefold()]
    before = _BEFORE.search(text, max(start - _AS_FAR_BEFORE, 0), start)
    if before:
        return before.start(), end, _CURRENCIES[before["currency"].casefold()]
    return start, end, None


def _distance(passage: Passage, first: int, last: int, begin: int, end: int) -> int:
    if begin == end:
        return _FARTHEST + 1
    one, other = passage.words[first], passage.words[begin]
    if one.sentence != other.sentence:
        return _FARTHEST + 1
    apart = begin - last + 1 if begin >= last else first - end + 1
    return max(apart, 0) + _OTHER_CLAUSE * (one.clause != other.clause)
