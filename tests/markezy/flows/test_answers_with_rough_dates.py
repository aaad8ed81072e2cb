"""Dates as people say them when they don't know the day: what each way of saying stands for, in three languages."""

from datetime import date

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from markezy.flows.answers import Given, Rejected, read_answer
from markezy.flows.answers.rough_dates import rough_days
from markezy.flows.definition import Question

from tests.markezy.flows.conftest import TODAY, question


def read(raw: str, locale: str, today: date = TODAY, future: bool = False) -> str:
    asked = Question.model_validate(question("date", "end", validation={"future": future}))
    understood = read_answer(asked, Given(raw), locale, today)
    return f"!{understood.reason}" if isinstance(understood, Rejected) else str(understood.value)


@pytest.mark.parametrize(
    ("raw", "locale", "day"),
    [
        ("in three months", "en", "2027-02-23"),
        ("in about six weeks", "en", "2027-01-04"),
        ("three months", "en", "2027-02-23"),
        ("6 weeks from now", "en", "2027-01-04"),
        ("in half a year", "en", "2027-05-23"),
        ("in a year and a half", "en", "2028-05-23"),
        ("in a couple of months", "en", "2027-01-23"),
        ("two months ago", "en", "2026-09-23"),
        ("dans trois mois", "fr", "2027-02-23"),
        ("dans dix-huit mois", "fr", "2028-05-23"),
        ("d'ici un an", "fr", "2027-11-23"),
        ("dans une quinzaine de jours", "fr", "2026-12-08"),
        ("il y a deux mois", "fr", "2026-09-23"),
        ("en tres meses", "es", "2027-02-23"),
        ("dentro de dos semanas", "es", "2026-12-07"),
        ("hace dos meses", "es", "2026-09-23"),
    ],
)
def test_what_is_counted_from_today_keeps_its_day(raw: str, locale: str, day: str) -> None:
    assert read(raw, locale) == day


def test_a_month_later_is_never_the_month_after() -> None:
    assert read("in a month", "en", date(2027, 1, 31)) == "2027-02-28"


@pytest.mark.parametrize(
    ("raw", "locale", "day"),
    [
        ("in May", "en", "2027-05-01"),
        ("early September", "en", "2027-09-01"),
        ("mid-June", "en", "2027-06-15"),
        ("We hope to open around mid-April 2028", "en", "2028-04-15"),
        ("end of June", "en", "2027-06-30"),
        ("late summer", "en", "2027-08-31"),
        ("spring 2027", "en", "2027-03-01"),
        ("sometime in the autumn", "en", "2027-09-01"),
        ("next summer", "en", "2027-06-01"),
        ("2028", "en", "2028-01-01"),
        ("mid-2027", "en", "2027-07-01"),
        ("first quarter of 2027", "en", "2027-01-01"),
        ("Q2 2027", "en", "2027-04-01"),
        ("next month", "en", "2026-12-01"),
        ("end of next month", "en", "2026-12-31"),
        ("early next year", "en", "2027-01-01"),
        ("end of the year", "en", "2026-12-31"),
        ("next week", "en", "2026-11-30"),
        ("before Christmas", "en", "2026-12-25"),
        ("fin juin", "fr", "2027-06-30"),
        ("à la fin du mois de juin", "fr", "2027-06-30"),
        ("mi-mars", "fr", "2027-03-15"),
        ("courant mars", "fr", "2027-03-15"),
        ("début 2027", "fr", "2027-01-01"),
        ("au printemps", "fr", "2027-03-01"),
        ("l'été prochain", "fr", "2027-06-01"),
        ("2e trimestre 2027", "fr", "2027-04-01"),
        ("fin du mois", "fr", "2026-11-30"),
        ("d'ici la fin de l'année", "fr", "2026-12-31"),
        ("le mois prochain", "fr", "2026-12-01"),
        ("à la rentrée", "fr", "2027-09-01"),
        ("a mediados de junio", "es", "2027-06-15"),
        ("a principios de marzo", "es", "2027-03-01"),
        ("a finales de año", "es", "2026-12-31"),
        ("la primavera", "es", "2027-03-01"),
        ("el mes que viene", "es", "2026-12-01"),
        ("el próximo mes", "es", "2026-12-01"),
        ("primer trimestre", "es", "2027-01-01"),
        ("en Navidad", "es", "2026-12-25"),
    ],
)
def test_a_period_stands_for_its_first_day_or_the_one_its_part_names(raw: str, locale: str, day: str) -> None:
    assert read(raw, locale) == day


def test_a_period_that_has_begun_is_today_where_the_past_is_no_answer() -> None:
    assert read("November 2026", "en") == "2026-11-01"
    assert read("November 2026", "en", future=True) == "2026-11-23"
    assert read("this summer", "en", date(2027, 7, 10)) == "2027-07-10"
    assert read("summer", "en", date(2027, 7, 10)) == "2028-06-01"


@pytest.mark.parametrize(
    ("raw", "locale", "day"),
    [
        ("March 3rd, 2028", "en", "2028-03-03"),
        ("the 3rd of March", "en", "2027-03-03"),
        ("we open on Saturday 5 December", "en", "2026-12-05"),
        ("on 15/09/2027 please", "en", "2027-09-15"),
        ("15/09", "en", "2027-09-15"),
        ("09/25/2027", "en", "2027-09-25"),
        ("3/2027", "en", "2027-03-01"),
        ("next friday evening", "en", "2026-11-27"),
        ("as soon as possible", "en", "2026-11-23"),
        ("the weekend", "en", "2026-11-28"),
        ("le 1er mars", "fr", "2027-03-01"),
        ("le premier mars", "fr", "2027-03-01"),
        ("quinze mars", "fr", "2027-03-15"),
        ("le 12", "fr", "2026-12-12"),
        ("lundi prochain", "fr", "2026-11-30"),
        ("dès que possible", "fr", "2026-11-23"),
        ("29 février", "fr", "2028-02-29"),
        ("el 3 de marzo de 2027", "es", "2027-03-03"),
        ("el quince de marzo", "es", "2027-03-15"),
        ("pasado mañana", "es", "2026-11-25"),
        ("el lunes", "es", "2026-11-30"),
        ("cuanto antes", "es", "2026-11-23"),
    ],
)
def test_a_day_is_found_among_words(raw: str, locale: str, day: str) -> None:
    assert read(raw, locale) == day


@pytest.mark.parametrize(
    ("raw", "locale"),
    [
        ("probably in March or April", "en"),
        ("in 2 to 3 months", "en"),
        ("in a few weeks", "en"),
        ("it may take a while", "en"),
        ("february 30", "en"),
        ("on 31/02/2027 please", "en"),
        ("not now", "en"),
        ("I don't know yet", "en"),
        ("entre mars et avril", "fr"),
        ("dans deux ou trois mois", "fr"),
        ("nous avons été fermés", "fr"),
        ("aucune idée", "fr"),
        ("pas maintenant", "fr"),
        ("octubre o noviembre", "es"),
        ("no sé", "es"),
    ],
)
def test_two_days_and_none_are_asked_again(raw: str, locale: str) -> None:
    assert read(raw, locale) == "!not_a_date"


WORDS = [
    "in",
    "mid",
    "end",
    "of",
    "the",
    "3",
    "31",
    "12",
    "2027",
    "0",
    "99999",
    "month",
    "months",
    "march",
    "summer",
    "week",
    "year",
    "next",
    "last",
    "ago",
    "il",
    "y",
    "a",
    "half",
    "and",
    "Q1",
    "/",
    "-",
    "1er",
    "de",
]


@examples(st.lists(st.sampled_from(WORDS), max_size=8), st.sampled_from(["en", "fr", "es"]), st.dates())
def test_whatever_is_said_is_a_day_or_none(words: list[str], locale: str, today: date) -> None:
    if 1900 <= today.year <= 2200:
        assert all(isinstance(day, date) for day in rough_days(" ".join(words), locale, today))
