"""Numbers and amounts as people write them out, in three languages, and the words that only look like numbers."""

from typing import Any

import pytest
from markezy.flows.answers import Given, Rejected, read_answer
from markezy.flows.answers.corrections import matches
from markezy.flows.answers.figures import find_figures
from markezy.flows.answers.number_words import find_numbers
from markezy.flows.answers.several import hear_others
from markezy.flows.definition import Question

from tests.markezy.flows.conftest import TODAY, question


def read(type_: str, raw: Any, locale: str = "en", **more: Any) -> Any:
    """The value, or the reason code of the rejection with a bang."""
    asked = Question.model_validate(question(type_, "end", **more))
    understood = read_answer(asked, Given(raw), locale, TODAY)
    return f"!{understood.reason}" if isinstance(understood, Rejected) else understood.value


@pytest.mark.parametrize(
    ("text", "locale", "values"),
    [
        ("two thousand", "en", [2000]),
        ("seventy-five", "en", [75]),
        ("twenty one", "en", [21]),
        ("fourty", "en", [40]),
        ("a hundred", "en", [100]),
        ("two hundred and fifty", "en", [250]),
        ("five hundred and fifty thousand", "en", [550_000]),
        ("a thousand and five hundred", "en", [1500]),
        ("fifteen hundred", "en", [1500]),
        ("one and a half thousand", "en", [1500]),
        ("two and a half", "en", [2.5]),
        ("half a million", "en", [500_000]),
        ("a couple of thousand", "en", [2000]),
        ("half a dozen", "en", [6]),
        ("two dozen", "en", [24]),
        ("a grand a month", "en", [1000]),
        ("2 grand", "en", [2000]),
        ("3 hundred", "en", [300]),
        ("2 and a half", "en", [2.5]),
        ("quatre-vingt-dix", "fr", [90]),
        ("quatre-vingts", "fr", [80]),
        ("quatre vingt quatre", "fr", [84]),
        ("quatre-vingt-dix-neuf", "fr", [99]),
        ("soixante-dix-sept", "fr", [77]),
        ("soixante et onze", "fr", [71]),
        ("vingt et un mille", "fr", [21_000]),
        ("nonante-cinq", "fr", [95]),
        ("deux cent cinquante", "fr", [250]),
        ("trois mille cinq cents", "fr", [3500]),
        ("mille neuf cents", "fr", [1900]),
        ("cent mille", "fr", [100_000]),
        ("une vingtaine", "fr", [20]),
        ("deux milliers", "fr", [2000]),
        ("un million et demi", "fr", [1_500_000]),
        ("2k5", "fr", [2500]),
        ("mil quinientos", "es", [1500]),
        ("unos dos mil euros", "es", [2000]),
        ("treinta y cinco mil", "es", [35_000]),
        ("cinco mil doscientos treinta y uno", "es", [5231]),
        ("veintidós", "es", [22]),
        ("medio millón", "es", [500_000]),
        ("un millón y medio", "es", [1_500_000]),
        ("dos mil millones", "es", [2_000_000_000]),
        ("media docena", "es", [6]),
        ("2 mil 500", "es", [2500]),
        ("2 mil quinientos", "es", [2500]),
        ("two or three", "en", [2, 3]),
        ("deux-trois mille", "fr", [2, 3000]),
        ("between two hundred and five hundred", "en", [200, 500]),
        ("between two hundred and five", "en", [200, 5]),
        ("between one thousand and two thousand", "en", [1000, 2000]),
        ("five hundred to a thousand", "en", [500, 1000]),
        ("de quinientos a mil", "es", [500, 1000]),
    ],
)
def test_numbers_are_put_together(text: str, locale: str, values: list[float]) -> None:
    assert [number.value for number in find_numbers(text, locale)] == values


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("one of our goals", "en"),
        ("no one", "en"),
        ("the second one", "en"),
        ("once a week", "en"),
        ("a few hundred", "en"),
        ("several thousand", "en"),
        ("thousands of euros", "en"),
        ("a grand hotel", "en"),
        ("thanks a million", "en"),
        ("un grand restaurant", "fr"),
        ("un site et une boutique", "fr"),
        ("tres bien", "fr"),
        ("un site tout neuf", "fr"),
        ("mal au dos", "fr"),
        ("quelques centaines", "fr"),
        ("mille mercis", "fr"),
        ("zéro déchet", "fr"),
        ("una tienda", "es"),
        ("mil gracias", "es"),
        ("varios miles", "es"),
    ],
)
def test_some_words_only_look_like_numbers(text: str, locale: str) -> None:
    assert find_figures(text, locale) == ()


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("five hundred euros would be fine", "en", 500),
        ("around 2 grand", "en", 2000),
        ("twelve euros fifty", "en", "!several_numbers"),
        ("there are two of us, about 500 euros", "en", 500),
        ("fifty cents", "en", 0.5),
        ("500 quid", "en", "!wrong_currency"),
        ("two to three thousand", "en", "!several_numbers"),
        ("5k-10k", "en", "!several_numbers"),
        ("one euro", "en", 1),
        ("one", "en", "!not_an_amount"),
        ("deux mille euros", "fr", 2000),
        ("deux millions d'euros", "fr", 2_000_000),
        ("500 balles", "fr", 500),
        ("12 € 50", "fr", 12.5),
        ("12€50", "fr", 12.5),
        ("500 euros pour vendre des livres", "fr", 500),
        ("pour nos livres, 500", "fr", 500),
        ("unos dos mil euros", "es", 2000),
        ("cincuenta céntimos", "es", 0.5),
        ("mil quinientos al mes", "es", 1500),
    ],
)
def test_amounts_in_words(text: str, locale: str, value: Any) -> None:
    assert read("money", text, locale) == value


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("one", "en", 1),
        ("just one", "en", 1),
        ("one of our seats", "en", "!not_a_number"),
        ("we have one seat", "en", 1),
        ("we have one shop", "en", "!not_a_number"),
        ("no one", "en", "!not_a_number"),
        ("zero", "en", 0),
        ("zero for now", "en", 0),
        ("twenty percent", "en", 20),
        ("a dozen", "en", 12),
        ("cinq pour cent", "fr", 5),
        ("un seul", "fr", 1),
        ("neuf", "fr", 9),
        ("une vingtaine", "fr", 20),
        ("cinq ou six", "fr", "!several_numbers"),
        ("solo una", "es", 1),
        ("veinte por ciento", "es", 20),
        ("once", "es", 11),
        ("once", "en", "!not_a_number"),
        ("for two years now, 40 seats", "en", 40),
    ],
)
def test_numbers_in_words(text: str, locale: str, value: Any) -> None:
    assert read("number", text, locale, keywords=["seats", "seat"]) == value


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("seven", "en", 7),
        ("seven out of ten", "en", 7),
        ("sept sur dix", "fr", 7),
        ("un ocho de diez", "es", 8),
        ("eleven", "en", "!off_scale"),
        ("ten", "en", 10),
    ],
)
def test_a_scale_in_words(text: str, locale: str, value: Any) -> None:
    assert read("scale", text, locale, validation={"min": 1, "max": 10}) == value


def test_several_amounts_in_one_sentence_keep_their_places() -> None:
    money = {
        "rent": question("money", "end", keywords=["rent"]),
        "budget": question("money", "end", keywords=["budget"]),
        "seats": question("number", "end", keywords=["seats"]),
    }
    parsed = {id_: Question.model_validate(each) for id_, each in money.items()}
    text = "the rent is nine hundred euros, our budget two thousand, and we have forty seats"
    found = hear_others(parsed, Given(text), "en", TODAY)
    assert {id_: each.value for id_, each in found.items()} == {"rent": 900, "budget": 2000, "seats": 40}


@pytest.mark.parametrize("words", ["two thousand and ", "one ", "a few ", "half a ", "5 ", "quatre-vingt-", "y media "])
def test_words_without_end_are_read(words: str) -> None:
    for locale in ("en", "fr", "es"):
        find_figures((words * 10_000)[:10_000], locale)


def test_a_correction_may_be_written_out() -> None:
    asked = Question.model_validate(question("money", "end"))
    assert matches(asked, 5000, "five thousand euros", "en", TODAY)
    assert matches(asked, 1500, "mil quinientos", "es", TODAY)
