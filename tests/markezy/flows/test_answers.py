"""How a lead's words are read: by type, in three languages, and what is said when they can't be."""

import time
from typing import Any

import pytest
from markezy.flows import wording
from markezy.flows.answers import Accepted, Given, Rejected, read_answer
from markezy.flows.definition import Question

from tests.markezy.flows.conftest import TODAY, option, question


def read(type_: str, raw: Any, locale: str = "en", intent: str | None = None, **more: Any) -> Any:
    """The value, or the reason code of the rejection with a bang."""
    asked = Question.model_validate(question(type_, "end", **more))
    understood = read_answer(asked, Given(raw, intent), locale, TODAY)
    return f"!{understood.reason}" if isinstance(understood, Rejected) else understood.value


def shown(type_: str, raw: Any, locale: str = "en", **more: Any) -> str:
    asked = Question.model_validate(question(type_, "end", **more))
    understood = read_answer(asked, Given(raw), locale, TODAY)
    assert isinstance(understood, Accepted)
    return understood.display


CHANNELS = {
    "options": [
        option("google_ads", "adwords", "google"),
        option("social", "instagram", "facebook"),
        option("newsletter", "e-mail"),
        option("two_to_five", "2"),
    ]
}


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("social", "social"),
        ("Google Ads", "google_ads"),
        ("GOOGLE ADS (fr)", "google_ads"),
        ("adwords", "google_ads"),
        ("3", "newsletter"),
        ("3.", "newsletter"),
        ("#1", "google_ads"),
        ("2", "two_to_five"),
        ("newsleter", "newsletter"),
        ("facebok", "social"),
        ("mostly instagram", "social"),
        ("9", "!not_an_option"),
        ("0", "!not_an_option"),
        ("television", "!not_an_option"),
        ("anything but instagram, not that", "!not_an_option"),
        ("google or instagram", "!ambiguous_option"),
        ("", "!empty"),
        ("   ", "!empty"),
        ("🎉", "!not_an_option"),
        ("skip this one", "!needed"),
    ],
)
def test_a_choice(raw: str, value: str) -> None:
    assert read("choice", raw, **CHANNELS) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (["social", "google_ads"], ["google_ads", "social"]),
        (["social", "social"], ["social"]),
        ("google, instagram and newsletter", ["google_ads", "social", "newsletter"]),
        ("google ads et facebook", ["google_ads", "social"]),
        ("1, 3", ["google_ads", "newsletter"]),
        ("1 3", ["google_ads", "newsletter"]),
        ("google, television", "!not_an_option"),
        (["social", "nonsense"], "!not_an_option"),
        ([], "!empty"),
    ],
)
def test_several_choices(raw: Any, value: Any) -> None:
    assert read("multi_choice", raw, **CHANNELS) == value


def test_a_long_remark_is_quoted_with_an_ellipsis() -> None:
    asked = Question.model_validate(question("choice", "end", **CHANNELS))
    said = "we are already selling and have been online for two years, mostly furniture"
    understood = read_answer(asked, Given(said), "en", TODAY)
    assert isinstance(understood, Rejected)
    assert understood.details["heard"] == said[:59].rstrip() + "…"


@pytest.mark.parametrize("type_", ["text", "long_text", "number", "money", "email", "phone", "url", "date"])
@pytest.mark.parametrize("raw", ["skip", "Passer", "saltar"])
def test_what_is_needed_cannot_be_left_out(type_: str, raw: str) -> None:
    assert read(type_, raw) == "!needed"


def test_leaving_out_a_consent_is_not_giving_it() -> None:
    assert read("consent", "skip") == "!not_yes_or_no"


def test_the_number_of_choices_is_limited() -> None:
    limits = {**CHANNELS, "validation": {"min": 2, "max": 2}}
    assert read("multi_choice", "google", **limits) == "!too_few"
    assert read("multi_choice", "google, facebook, newsletter", **limits) == "!too_many"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12", 12),
        (12, 12),
        (2.5, 2.5),
        ("2,5", 2.5),
        ("about 20 people", 20),
        ("1 200", 1200),
        ("1,200", 1200),
        ("1.200", 1200),
        ("1\u202f200", 1200),
        ("15k", 15000),
        ("1.5k", 1500),
        ("2 mille", 2000),
        ("none", 0),
        ("zéro", 0),
        ("-5", -5),
        ("ten", 10),
        ("plenty", "!not_a_number"),
        ("between 10 and 20", "!several_numbers"),
        ("10-20", "!several_numbers"),
        (True, "!not_a_number"),
        (["1"], "!not_a_number"),
        ("9" * 400, "!not_a_number"),
    ],
)
def test_a_number(raw: Any, value: Any) -> None:
    assert read("number", raw) == value


def test_a_number_within_limits() -> None:
    rules = {"validation": {"min": 1, "max": 5, "integer": True}}
    assert read("number", "5", **rules) == 5
    assert read("number", "0", **rules) == "!too_small"
    assert read("number", "6", **rules) == "!too_large"
    assert read("number", "2.5", **rules) == "!not_whole"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2000", 2000),
        ("2 000 €", 2000),
        ("€2,000.50", 2000.5),
        ("2.000,50 EUR", 2000.5),
        ("around 5k euros a month", 5000),
        ("no budget", 0),
        ("rien", 0),
        ("-100", "!too_small"),
        ("$500", "!wrong_currency"),
        ("500 pounds", "!wrong_currency"),
        ("a lot", "!not_an_amount"),
        ("1000 to 2000", "!several_numbers"),
    ],
)
def test_an_amount(raw: str, value: Any) -> None:
    assert read("money", raw) == value


def test_amounts_are_shown_as_the_language_writes_them() -> None:
    assert shown("money", "2000", "en") == "€2,000"
    assert shown("money", "2000", "fr").replace("\u202f", " ").replace("\xa0", " ") == "2 000 €"
    assert shown("money", "12345", "es").replace("\xa0", " ") == "12.345 €"
    assert shown("money", "2000.5", "en") == "€2,000.50"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Maya@Shop.example", "Maya@shop.example"),
        ("my address is maya@shop.example.", "maya@shop.example"),
        ("maya(at)shop.example", "maya@shop.example"),
        ("maya at home", "!email_without_at"),
        ("maya@shop", "!not_an_email"),
        ("maya@@shop.example", "!not_an_email"),
        ("a@b.example or c@d.example", "!several_emails"),
    ],
)
def test_an_email_address(raw: str, value: str) -> None:
    assert read("email", raw) == value


@pytest.mark.parametrize(
    ("raw", "locale", "value"),
    [
        ("+44 20 7946 0958", "fr", "+442079460958"),
        ("06 12 34 56 78", "fr", "+33612345678"),
        ("612 34 56 78", "es", "+34612345678"),
        ("020 7946 0958", "en", "+442079460958"),
        ("06 12 34 56 78", "en", "!phone_without_country"),
        ("+33 1", "fr", "!not_a_phone"),
        ("call me", "en", "!phone_without_country"),
        ("please call my assistant", "en", "!phone_without_country"),
        ("06 12 34 56 78 merci", "fr", "+33612345678"),
        ("06 12 34 56 78, le matin", "fr", "+33612345678"),
        ("06/12/34/56/78", "fr", "+33612345678"),
        ("06 12 34 56 78 entre 9h et 18h", "fr", "+33612345678"),
        ("le 06 12 34 56 78 ou le 01 42 68 53 00", "fr", "+33612345678"),
        ("+44 20 7946 0958 please", "en", "+442079460958"),
        ("tel: +33 (0)6 12 34 56 78.", "en", "+33612345678"),
        ("612 34 56 78 gracias", "es", "+34612345678"),
        ("mi número es +33 1, creo", "es", "!not_a_phone"),
    ],
)
def test_a_phone_number(raw: str, locale: str, value: str) -> None:
    assert read("phone", raw, locale) == value


def test_a_flow_may_name_the_country_of_phone_numbers() -> None:
    assert read("phone", "06 12 34 56 78", "en", validation={"country": "FR"}) == "+33612345678"
    said = "you can call 06 12 34 56 78 after 6pm"
    assert read("phone", said, "en", validation={"country": "FR"}) == "+33612345678"
    assert read("phone", "020 7946 0958", "en", validation={"country": "FR"}) == "+442079460958"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("shop.example", "https://shop.example"),
        ("it's www.Shop.example/", "https://www.shop.example"),
        ("http://shop.example/a?b=c", "http://shop.example/a?b=c"),
        ("https://été.example", "https://été.example"),
        ("maya@shop.example", "!email_instead_of_url"),
        ("javascript:alert(1)", "!not_a_url"),
        ("shop", "!not_a_url"),
        ("http://shop.example:99999/", "!not_a_url"),
        ("http://127.0.0.1/", "!not_a_url"),
    ],
)
def test_a_web_address(raw: str, value: str) -> None:
    assert read("url", raw) == value


@pytest.mark.parametrize(
    ("raw", "locale", "value"),
    [
        ("2027-01-31", "en", "2027-01-31"),
        ("31/01/2027", "en", "2027-01-31"),
        ("3 février 2027", "fr", "2027-02-03"),
        ("tomorrow", "en", "2026-11-24"),
        ("dans deux semaines", "fr", "2026-12-07"),
        ("marzo de 2027", "es", "2027-03-01"),
        ("31/02/2027", "en", "!not_a_date"),
        ("soon", "en", "!not_a_date"),
        ("5", "en", "!not_a_date"),
    ],
)
def test_a_date(raw: str, locale: str, value: str) -> None:
    assert read("date", raw, locale) == value


def test_a_date_to_come() -> None:
    assert read("date", "2026-11-22", validation={"future": True}) == "!date_past"
    assert read("date", "2026-11-23", validation={"future": True}) == "2026-11-23"


@pytest.mark.parametrize(
    ("raw", "value"), [("3", 3), (5, 5), ("0", "!off_scale"), ("2.5", "!off_scale"), ("x", "!off_scale")]
)
def test_a_scale(raw: Any, value: Any) -> None:
    assert read("scale", raw, validation={"min": 1, "max": 5}) == value


@pytest.mark.parametrize("type_", ["yes_no", "consent"])
@pytest.mark.parametrize(
    ("raw", "intent", "value"),
    [
        (True, None, True),
        (False, None, False),
        ("oui", None, True),
        ("no", None, False),
        ("I'd love to", "affirm", True),
        ("rather not, sorry", "deny", False),
        ("maybe", "answer", "!not_yes_or_no"),
        (1, None, "!not_yes_or_no"),
    ],
)
def test_yes_or_no(type_: str, raw: Any, intent: str | None, value: Any) -> None:
    assert read(type_, raw, intent=intent) == value


def test_text_is_kept_as_it_is_but_clean() -> None:
    assert read("text", "  Linen &  Co\x00\ud800 ") == "Linen & Co"
    assert read("long_text", "one\ntwo") == "one\ntwo"
    assert read("text", "x" * 301) == "!too_long"
    assert read("text", "ab", validation={"min": 3}) == "!too_short"
    assert read("text", "AB-12", validation={"pattern": "[A-Z]{2}-[0-9]{2}"}) == "AB-12"
    assert read("text", "AB12", validation={"pattern": "[A-Z]{2}-[0-9]{2}"}) == "!pattern"
    assert read("text", "x" * 20_000) == "!too_long"


@pytest.mark.parametrize(
    "raw", ["my name is Maya Lindqvist", "Je m'appelle Maya Lindqvist", "soy Maya Lindqvist", "Maya Lindqvist"]
)
def test_a_name_comes_without_its_introduction(raw: str) -> None:
    assert read("text", raw, role="name") == "Maya Lindqvist"


def test_a_name_has_letters() -> None:
    assert read("text", "???", role="name") == "!no_words"


def test_optional_questions_may_be_skipped_and_others_not() -> None:
    for raw in ("", None, "skip", "passer", "I don't have one"):
        assert read("url", raw, optional=True) is None
        assert str(read("url", raw)).startswith("!")
    assert read("phone", "I'd rather keep it", intent="deny", optional=True) is None
    assert read("yes_no", "no", optional=True) is False


def test_none_may_be_the_name_of_an_option() -> None:
    assert read("choice", "none", options=[option("none"), option("some")], optional=True) == "none"


def test_the_languages_say_and_understand_the_same_things() -> None:
    for locale in wording.LOCALES:
        assert wording.keys(locale) == wording.keys("en")
        for key in wording.keys("en"):
            slots = [
                {part.split("}")[0] for part in wording.phrase(key, lang).split("{")[1:]} for lang in ("en", locale)
            ]
            assert slots[0] == slots[1], (locale, key)
    assert {"oui", "si", "yes"} <= wording.words("yes")
    assert {"no", "non"} <= wording.words("no")
    assert not wording.words("yes") & wording.words("no")
    assert all(
        word == word.strip() for kind in ("yes", "no", "skip", "leave_out", "zero") for word in wording.words(kind)
    )


def test_a_pattern_that_takes_for_ever_holds_nobody_up() -> None:
    asked = Question.model_validate(question("text", "end", validation={"pattern": "(a+)+b"}))
    started = time.perf_counter()
    assert read_answer(asked, Given("a" * 200), "en", TODAY) == Rejected("pattern")
    assert time.perf_counter() - started < 2
    assert isinstance(read_answer(asked, Given("aaab"), "en", TODAY), Accepted)
