"""Numbers, amounts of money and scales."""

import re

from babel.numbers import format_currency, format_decimal
from price_parser import Price

from markezy.flows.answers.cleaning import clean, plain
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.definition import Question, QuestionType
from markezy.flows.wording import words

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
_WORD = re.compile(r"[a-z]+\$|[a-z]+\.?|[€$£]")
_LARGEST = 1e12


def read_number(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """One figure, within the question's limits."""
    number = _figure(given.raw, "not_a_number")
    if isinstance(number, Rejected):
        return number
    if question.validation.integer and number % 1:
        return Rejected("not_whole")
    number = _shortest(number)
    return _outside(question, number, locale, None) or Accepted(number, format_decimal(number, locale=locale))


def read_money(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """One amount in the question's currency; another currency is not converted but asked about."""
    currency = question.validation.currency
    if isinstance(given.raw, str):
        named = _currency(given.raw)
        if named is not None and named != currency:
            return Rejected("wrong_currency", {"currency": currency})
    amount = _figure(given.raw, "not_an_amount")
    if isinstance(amount, Rejected):
        return amount
    amount = _shortest(round(amount, 2))
    return _outside(question, amount, locale, currency) or Accepted(amount, _money(amount, currency, locale))


def read_scale(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """A whole number on the question's scale."""
    low, high = scale(question)
    number = _figure(given.raw, "off_scale")
    if isinstance(number, Rejected) or number % 1 or not low <= number <= high:
        return Rejected("off_scale", {"min": str(low), "max": str(high)})
    return Accepted(int(number), f"{int(number)}/{high}")


def scale(question: Question) -> tuple[int, int]:
    """The lowest and highest value of a scale question."""
    return int(question.validation.min or 0), int(question.validation.max or 0)


def _figure(raw: object, otherwise: str) -> float | Rejected:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        return Rejected(otherwise)
    if isinstance(raw, (int, float)):
        return float(raw) if -_LARGEST <= raw <= _LARGEST else Rejected(otherwise)
    text = clean(raw)
    if plain(text) in words("zero"):
        return 0.0
    figures = list(_FIGURE.finditer(text))
    if not figures:
        return Rejected(otherwise)
    if len(figures) > 1:
        return Rejected("several_numbers")
    found = figures[0]
    amount = Price.fromstring(found.group().replace("’", "'")).amount_float
    if amount is None:
        return Rejected(otherwise)
    following = re.match(r"\s*([^\W\d_]+)", text[found.end() :])
    amount *= _MULTIPLIERS.get(plain(following.group(1)), 1) if following else 1
    if re.search(r"[-−]\s*[€$£]?\s*\Z", text[: found.start()]):
        amount = -amount
    return amount if abs(amount) <= _LARGEST else Rejected(otherwise)


def _currency(text: str) -> str | None:
    for word in _WORD.findall(text.casefold()):
        if word in _CURRENCIES:
            return _CURRENCIES[word]
    return None


def _outside(question: Question, number: float, locale: str, currency: str | None) -> Rejected | None:
    low = question.validation.min
    if low is None and question.type is QuestionType.MONEY:
        low = 0
    high = question.validation.max
    if low is not None and number < low:
        return Rejected("too_small", {"min": _shown(low, locale, currency)})
    if high is not None and number > high:
        return Rejected("too_large", {"max": _shown(high, locale, currency)})
    return None


def _shown(number: float, locale: str, currency: str | None) -> str:
    return _money(number, currency, locale) if currency else format_decimal(_shortest(number), locale=locale)


def _money(amount: float, currency: str, locale: str) -> str:
    digits = None if amount % 1 else "¤#,##0" if locale == "en" else "#,##0\u00a0¤"
    return format_currency(amount, currency, format=digits, locale=locale, currency_digits=digits is None)


def _shortest(number: float) -> int | float:
    return int(number) if number % 1 == 0 else number
