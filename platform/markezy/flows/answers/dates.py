"""Dates, in figures, in words, and roughly."""

import re
from datetime import date, datetime, time

import dateparser
from babel.dates import format_date

from markezy.flows.answers.cleaning import clean
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.answers.rough_dates import rough_days
from markezy.flows.definition import Question

_WRITTEN = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./-](\d{1,2})[./-](\d{4})")

_CLAUSES = 2


def read_date(question: Question, given: Given, locale: str, today: date) -> Accepted | Rejected:
    """One day. Figures are read day first, as is usual in Europe; "next Monday" and "in three weeks" count from `today`;
    what "mid-June" stands for, `rough_dates` says."""
    text = clean(str(given.raw))
    day = _written(text)
    if day is None:
        said = rough_days(text, locale, today, question.validation.future)
        if len(said) > 1:
            return Rejected("not_a_date")
        day = next(iter(said), None) or parse_date(text, locale, today) or _in_a_clause(text, locale, today)
    if day is None or not 1900 <= day.year <= 2200:
        return Rejected("not_a_date")
    if question.validation.future and day < today:
        return Rejected("date_past")
    return Accepted(day.isoformat(), format_date(day, format="long", locale=locale))


def _written(text: str) -> date | None:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.group(1, 2, 3) if match.group(1) else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _in_a_clause(text: str, locale: str, today: date) -> date | None:
    """The day that one of the first clauses is: "in March, if all goes well"."""
    clauses = [clause for clause in map(str.strip, re.split(r"[,;()]|\.\s", text)) if clause]
    days = (_written(clause) or parse_date(clause, locale, today) for clause in clauses[:_CLAUSES])
    return next(filter(None, days), None) if len(clauses) > 1 else None


def parse_date(text: str, locale: str, today: date) -> date | None:
    """A day in words; None when there is none."""
    if len(text) > 60 or not re.search(r"[^\W\d_]", text):
        return None
    found = dateparser.parse(
        text,
        languages=[locale],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "PREFER_DATES_FROM": "future",
            "PREFER_DAY_OF_MONTH": "first",
            "DATE_ORDER": "DMY",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    return found.date() if found else None
