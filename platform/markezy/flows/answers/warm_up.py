"""Loading what the libraries load on first use, so that no lead waits for it."""

from datetime import date

import phonenumbers
from babel.dates import format_date
from babel.numbers import format_currency

from markezy.flows.answers.dates import parse_date
from markezy.flows.answers.figures import find_figures
from markezy.flows.answers.vocabulary import known, valued
from markezy.flows.wording import LOCALES, keys, words


def warm_up(today: date) -> None:
    """Takes about a second; call it once, at start."""
    for locale in LOCALES:
        keys(locale)
        format_date(today, format="long", locale=locale)
        format_currency(1, "EUR", locale=locale)
        find_figures("two thousand", locale)
        parse_date(f"{today.day} {format_date(today, 'MMMM', locale=locale)}", locale, today)
    words("yes")
    known("negations")
    valued("months")
    for number in ("+442079460958", "+33199001234", "+34912345678"):
        phonenumbers.is_valid_number(phonenumbers.parse(number))
