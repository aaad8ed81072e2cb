"""Figures, amounts and dates as they stand in texts, read back."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import get_currency_symbol

LANGUAGES = ("en", "fr", "es")
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "MXN")
_CURRENCY_WORDS = {
    "euro": "EUR", "euros": "EUR", "pounds": "GBP", "livres": "GBP", "libras": "GBP", "dollars": "USD", "dólares": "USD",
    "$": "USD", "£": "GBP",
}  # fmt: skip
_DASH = r"\s?[–—-]\s?"
_NEAR = Decimal("0.05")
"""How far from a figure its rounding may be."""


@dataclass(frozen=True)
class Amount:
    """An amount of money in a text; `currencies` are those it can be in."""

    value: Decimal
    currencies: frozenset[str]
    text: str


@dataclass(frozen=True)
class Day:
    """A date in a text; without a year, or without a day, as it was written."""

    year: int | None
    month: int
    day: int | None
    text: str

    def in_year(self, year: int) -> date | None:
        try:
            return date(self.year or year, self.month, self.day or 1)
        except ValueError:
            return None


def number(text: str, language: str) -> Decimal | None:
    """The figure that a text as a whole is, without unit."""
    found = re.fullmatch(_number(language), text.strip())
    return _value(found.group(), language) if found else None


def numbers(text: str, language: str) -> list[Decimal]:
    """Every figure in a text."""
    return [_value(found, language) for found in re.findall(rf"(?<![\w.,]){_number(language)}(?!\d)", text)]


def percents(text: str, language: str) -> list[Decimal]:
    """Every figure in a text that is followed by a percent sign."""
    return [_value(found, language) for found in re.findall(rf"(?<![\w.,])({_number(language)})\s?%", text)]


def amounts(text: str, language: str) -> list[Amount]:
    """Every amount of money in a text; both ends of a range."""
    if not any(mark in text for mark in "€$£") and not _word_marks().search(text):
        return []
    found = []
    for match in _money(language).finditer(text):
        mark = match["before"] or match["after"]
        for name in ("a", "b", "c", "d"):
            if match[name]:
                thousand = Decimal(1000) if match["k"] or match["l"] else Decimal(1)
                value = _value(match[name], language) * thousand
                found.append(Amount(value, _symbols()[mark.lower()], match.group()))
    return found


def days(text: str, language: str) -> list[Day]:
    """Every date in a text, and every month with a year."""
    return list(_days(text, language))


def is_rounding(shown: Decimal, exact: Decimal) -> bool:
    """Whether a figure is the other one, or what somebody who rounds would say instead."""
    if shown == exact:
        return True
    if exact == 0 or (abs(shown - exact) > abs(exact) * _NEAR and abs(shown - exact) >= 1):
        return False
    digits = max(len(shown.normalize().as_tuple().digits), 1)
    unit = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    return any(
        (exact / unit).to_integral_value(way) * unit == shown for way in (ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING)
    )


def is_known(shown: Decimal, known: Iterable[Decimal]) -> bool:
    return any(is_rounding(shown, exact) for exact in known)


@lru_cache(maxsize=8)
def _number(language: str) -> str:
    group, decimal = _separators(language)
    return rf"(?:\d{{1,3}}(?:[{group}]\d{{3}})+(?!\d)|\d+)(?:{re.escape(decimal)}\d+)?"


@lru_cache(maxsize=8)
def _separators(language: str) -> tuple[str, str]:
    symbols = Locale.parse(language if language in LANGUAGES else "en").number_symbols["latn"]
    group = str(symbols["group"])
    return (r"\u00a0\u202f " if group.isspace() else re.escape(group)), str(symbols["decimal"])


def _value(text: str, language: str) -> Decimal:
    _, decimal = _separators(language)
    return Decimal("".join(sign if sign.isdigit() else "." if sign == decimal else "" for sign in text))


@lru_cache(maxsize=1)
def _symbols() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code in CURRENCIES:
        for name in (code, *(get_currency_symbol(code, language) for language in LANGUAGES)):
            found.setdefault(name.lower(), set()).add(code)
    for word, code in _CURRENCY_WORDS.items():
        found.setdefault(word, set()).add(code)
    found["$"] |= {"USD", "CAD", "AUD", "MXN"}
    return {name: frozenset(codes) for name, codes in found.items()}


@lru_cache(maxsize=1)
def _word_marks() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in _symbols() if name.isalpha())
    return re.compile(rf"(?<![^\W\d])(?:{names})(?![^\W\d])", re.IGNORECASE)


@lru_cache(maxsize=8)
def _money(language: str) -> re.Pattern[str]:
    figure = rf"(?<![\d.,]){_number(language)}"
    marks = "|".join(re.escape(name) for name in sorted(_symbols(), key=len, reverse=True))
    before = rf"(?<!\w)(?P<before>{marks})\s?(?P<a>{_number(language)})(?P<k>k)?(?:{_DASH}(?P<b>{figure}))?(?!\d)"
    after = rf"(?:(?P<c>{figure}){_DASH})?(?P<d>{figure})\s?(?P<l>k)?\s?(?P<after>{marks})(?!\w)"
    return re.compile(rf"{before}|{after}", re.IGNORECASE)


@lru_cache(maxsize=8)
def _months(language: str) -> dict[str, int]:
    locale = language if language in LANGUAGES else "en"
    return {
        name.rstrip(".").lower(): month
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for month, name in get_month_names(width, context, locale).items()
    }


@lru_cache(maxsize=8)
def _date(language: str) -> re.Pattern[str]:
    names = sorted(_months(language), key=len, reverse=True)
    if language == "en":  # "may" is a verb
        names = [name.capitalize() for name in names]
    month = rf"(?:{'|'.join(map(re.escape, names))})"
    year = r"(?:,?\s+(?:del?\s+)?(\d{4}))"
    ways = (
        rf"(?<![\d.,])(\d{{1,2}})(?:er|st|nd|rd|th|º)?\s+(?:de\s+|of\s+)?({month})\b\.?{year}?",
        rf"\b({month})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d%.,]\d|\d|\s?%){year}?"
        if language == "en"
        else r"(?!)()()()",
        rf"\b({month})\.?{year}",
        r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)",
        r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)",
    )
    return re.compile("|".join(ways), 0 if language == "en" else re.IGNORECASE)


def _days(text: str, language: str) -> Iterator[Day]:
    months = _months(language)
    for found in _date(language).finditer(text):
        day1, month1, year1, month2, day2, year2, month3, year3, iso_year, iso_month, iso_day, first, second, year4 = (
            found.groups()
        )
        shown = found.group()
        if month1:
            yield Day(int(year1) if year1 else None, months[month1.lower()], int(day1), shown)
        elif month2:
            yield Day(int(year2) if year2 else None, months[month2.lower()], int(day2), shown)
        elif month3:
            yield Day(int(year3), months[month3.lower()], None, shown)
        elif iso_year:
            yield Day(int(iso_year), int(iso_month), int(iso_day), shown)
        else:
            day, month = (int(first), int(second)) if int(second) <= 12 else (int(second), int(first))
            yield Day(int(year4), month, day, shown)
