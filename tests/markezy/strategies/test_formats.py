"""Figures and dates as each language writes them."""

from datetime import date
from decimal import Decimal

import pytest
from markezy.strategies.formats import Formats, currency_in


@pytest.mark.parametrize(
    ("locale", "whole", "broken", "percent", "day"),
    [
        ("en", "€2,500", "€1,234.50", "2.5%", "January 31, 2026"),
        ("fr", "2 500 €", "1 234,50 €", "2,5 %", "31 janvier 2026"),
        ("es", "2.500 €", "1.234,50 €", "2,5 %", "31 de enero de 2026"),
        ("xx-nonsense", "€2,500", "€1,234.50", "2.5%", "January 31, 2026"),
    ],
)
def test_each_language_has_its_way(locale: str, whole: str, broken: str, percent: str, day: str) -> None:
    formats = Formats(locale)
    written = [
        formats.money(2500), formats.money(Decimal("1234.5")), formats.percent(2.5), formats.day(date(2026, 1, 31)),
    ]  # fmt: skip
    assert [text.replace("\u00a0", " ") for text in written] == [whole, broken, percent, day]


def test_other_currencies_keep_their_sign() -> None:
    assert Formats("en").money(2500, "USD") == "$2,500"
    assert Formats("en").money(2500, "GBP") == "£2,500"


@pytest.mark.parametrize(
    ("locale", "whole", "broken", "estimate"),
    [
        ("en", "CHF 2,500", "CHF 1,234.50", "CHF 18–CHF 55"),
        ("fr", "2 500 CHF", "1 234,50 CHF", "18–55 CHF"),
        ("es", "2.500 CHF", "1.234,50 CHF", "18–55 CHF"),
    ],
)
def test_a_currency_written_in_letters_stands_apart_from_its_figure(
    locale: str, whole: str, broken: str, estimate: str
) -> None:
    formats = Formats(locale)
    written = [formats.money(2500, "CHF"), formats.money(Decimal("1234.5"), "CHF")]
    written.append(formats.between(Decimal(18), Decimal(55), "money", "CHF"))
    assert [text.replace("\u00a0", " ") for text in written] == [whole, broken, estimate]
    assert " " not in "".join(written)


@pytest.mark.parametrize(
    ("text", "currency"), [("2 500 €", "EUR"), ("$2,500", "USD"), ("£90", "GBP"), ("90 CHF", "CHF"), ("a lot", None)]
)
def test_a_written_amount_names_its_currency(text: str, currency: str | None) -> None:
    assert currency_in(text) == currency
