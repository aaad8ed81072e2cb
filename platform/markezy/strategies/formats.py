"""Figures and dates in the reader's language (CLDR rules, by Babel)."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

_FALLBACK = "en"
_NAMED_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "MXN")
DEFAULT_CURRENCY = "EUR"

NARROW_SPACE = "\u202f"
SPACE = "\u00a0"
_CODE_BEFORE_FIGURE = re.compile(r"(?<=[A-Za-z])(?=\d)")


@dataclass(frozen=True)
class Formats:
    """How one language writes figures. An unknown language is written like English."""

    locale: str

    @property
    def _locale(self) -> Locale:
        try:
            return Locale.parse(self.locale.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            return Locale.parse(_FALLBACK)

    def money(self, amount: Decimal | float, currency: str = DEFAULT_CURRENCY) -> str:
        """An amount; the cents only where there are some."""
        exact = Decimal(str(amount))
        pattern = self._locale.currency_formats["standard"].pattern
        if exact == exact.to_integral_value():
            written = format_currency(
                exact, currency, format=pattern.replace(".00", ""), locale=self._locale, currency_digits=False
            )
        else:
            written = format_currency(exact, currency, locale=self._locale)
        # CLDR sets a currency in letters apart from its figure, which Babel does not do: CHF 18, but €18.
        return _CODE_BEFORE_FIGURE.sub(SPACE, _plain(written))

    def number(self, value: Decimal | float) -> str:
        """A figure without a unit, at most two decimals."""
        return _plain(format_decimal(round(Decimal(str(value)), 2).normalize(), locale=self._locale))

    def percent(self, value: Decimal | float) -> str:
        """`value` per cent, at most one decimal: 2.5 is written 2.5 %."""
        pattern = self._locale.percent_formats[None].pattern.replace("#,##0", "#,##0.#")
        return _plain(format_percent(Decimal(str(value)) / 100, format=pattern, locale=self._locale))

    def between(self, low: Decimal, high: Decimal, unit: str, currency: str = DEFAULT_CURRENCY) -> str:
        """An estimate from `low` to `high`; one figure where they are the same. `unit` is count, ratio, percent, money or change."""
        if unit == "change":
            ends = [f"{'+' if end > 0 else ''}{self.percent(end)}" for end in (low, high)]
            return ends[0] if low == high else " – ".join(ends)
        if unit not in ("percent", "money"):
            return self.number(low) if low == high else f"{self.number(low)}–{self.number(high)}"
        first, last = (self.percent(end) if unit == "percent" else self.money(end, currency) for end in (low, high))
        if low == high:
            return last
        # A unit that follows its figure is written once: 18–55 €, but €18–€55.
        return f"{first if last[-1].isdigit() else self.number(low)}–{last}"

    def day(self, value: date) -> str:
        """A date, written out."""
        return _plain(format_date(value, "long", locale=self._locale))

    def short_day(self, value: date) -> str:
        """A date without its year, on one line."""
        return _plain(format_skeleton("MMMd", value, locale=self._locale)).replace(" ", SPACE)

    def days(self, first: date, last: date) -> str:
        """From one day to another, without the year; a line ends behind the dash, if at all."""
        return f"{self.short_day(first)}{SPACE}– {self.short_day(last)}"


def currency_in(text: str) -> str | None:
    """The currency that a written amount names, by code or symbol; None when it names none we know."""
    for code in _NAMED_CURRENCIES:
        if code in text or get_currency_symbol(code, "en") in text:
            return code
    return "USD" if "$" in text else None


def _plain(text: str) -> str:
    # The document font has no narrow no-break space; the wide one reads the same.
    return text.replace(NARROW_SPACE, SPACE)
