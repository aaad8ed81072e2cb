"""The answer to the pending question, inside a longer sentence; by its place; and as a file. How answers are shown."""

from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from markezy.flows.answers import Accepted, Given, Heard, Rejected, read_answer
from markezy.flows.answers.shown import display_of
from markezy.flows.definition import FlowDefinition, Question, parse_definition

from tests.markezy.flows.conftest import SEEDS, TODAY, option, question

FLOWS = {name: parse_definition((SEEDS / f"{name}.yml").read_text()) for name in ("ecommerce", "restaurant")}


def read(type_: str, raw: Any, locale: str = "en", heard: tuple[Heard, ...] = (), **more: Any) -> Any:
    """The value, or the reason code of the rejection with a bang."""
    return value_of(Question.model_validate(question(type_, "end", **more)), raw, locale, heard)


def value_of(asked: Question, raw: Any, locale: str = "en", heard: tuple[Heard, ...] = ()) -> Any:
    understood = read_answer(asked, Given(raw, None, heard), locale, TODAY)
    return f"!{understood.reason}" if isinstance(understood, Rejected) else understood.value


def seeded(flow: str, id_: str) -> Question:
    definition: FlowDefinition = FLOWS[flow]
    return definition.questions[id_]


CHANNELS = {
    "options": [
        option("google_ads", "adwords", "google"),
        option("social", "instagram", "facebook"),
        option("newsletter", "e-mail"),
        option("nothing", "none", "aucun", "ninguno"),
    ]
}
TWO = {"options": [option("lunch", "midi"), option("dinner", "soir"), option("none")]}


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("the second one", "social"),
        ("la deuxième", "social"),
        ("el segundo", "social"),
        ("the 2nd, please", "social"),
        ("option 2", "social"),
        ("number three", "newsletter"),
        ("opción tres", "newsletter"),
        ("the last one", "nothing"),
        ("I'd take the first", "google_ads"),
        ("option 9", "!not_an_option"),
        ("instagramm", "social"),
        ("insta", "social"),
        ("we mostly use instagramm", "social"),
        ("not google but instagram", "social"),
        ("pas google mais instagram", "social"),
        ("no facebook", "!not_an_option"),
        ("anything but instagram", "!not_an_option"),
        ("well, last year we began with the newsletter and that is still what works for us", "newsletter"),
        ("is it bad if I only have instagram?", "!not_an_option"),
        ("2 €", "!not_an_option"),
    ],
)
def test_one_choice(raw: str, value: str) -> None:
    assert read("choice", raw, **CHANNELS) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1 and 3", ["google_ads", "newsletter"]),
        ("the first and the third", ["google_ads", "newsletter"]),
        ("options 1 and 2", ["google_ads", "social"]),
        ("all of them", ["google_ads", "social", "newsletter"]),
        ("tous", ["google_ads", "social", "newsletter"]),
        ("todas", ["google_ads", "social", "newsletter"]),
        ("none of these", ["nothing"]),
        ("aucun de ceux-là", ["nothing"]),
        ("aucun de ces options", ["nothing"]),
        ("ninguna de estas", ["nothing"]),
        ("both", "!not_an_option"),
        ("instagramm, adwords", ["google_ads", "social"]),
        ("instagram but not google", ["social"]),
        ("Instagram, newsletter, that's all", ["social", "newsletter"]),
        (
            "we are on Instagram and we also send a newsletter from time to time to our customers",
            ["social", "newsletter"],
        ),
        ("google, television", "!not_an_option"),
    ],
)
def test_several_choices(raw: str, value: Any) -> None:
    assert read("multi_choice", raw, **CHANNELS) == value


@pytest.mark.parametrize("raw", ["both", "both of them", "les deux", "los dos", "ambos"])
def test_both_of_two(raw: str) -> None:
    assert read("multi_choice", raw, **TWO) == ["lunch", "dinner"]


@pytest.mark.parametrize(
    ("flow", "id_", "raw", "value"),
    [
        ("ecommerce", "shop_platform", "e-comerce with wocommerce", "woocommerce"),
        ("ecommerce", "category", "on vend des chaussures pour enfants", "fashion"),
        ("ecommerce", "situation", "Tengo una tienda de ropa en Madrid con Shopify desde hace dos años", "running"),
        (
            "ecommerce",
            "team",
            "just me, and I would like to start as soon as possible with about 500 € a month",
            "alone",
        ),
        ("restaurant", "situation", "I have a restaurant, it's a pizzeria with 40 seats in Marseille", "open"),
        ("restaurant", "concept", "It's a bistro, and we're on Instagram and TheFork", "bistro"),
        ("restaurant", "concept", "a pub, and we do delivery with Deliveroo", "bistro"),
        ("restaurant", "team", "personne pour l'instant", "nobody"),
        ("restaurant", "services", "à emporter et livraison", ["takeaway", "delivery"]),
    ],
)
def test_choices_of_the_demo_flows(flow: str, id_: str, raw: str, value: Any) -> None:
    assert value_of(seeded(flow, id_), raw) == value


@pytest.mark.parametrize(
    ("type_", "raw", "more", "value"),
    [
        ("money", "about 2,000 € a month", {}, 2000),
        ("money", "we are two people with 2,000 € for 3 months", {}, 2000),
        ("money", "500 € for rent and 900 € for ads", {"keywords": ["ads"]}, 900),
        ("money", "between 500 and 900 €", {"keywords": ["budget"]}, "!several_numbers"),
        ("money", "500 € or 900 €", {}, "!several_numbers"),
        ("number", "we have 40 seats and 2 terraces", {"keywords": ["seats"]}, 40),
        ("number", "we have 40 seats and 2 terraces", {}, "!several_numbers"),
        ("money", "30 euros at lunch, 45 in the evening", {}, "!several_numbers"),
        ("money", "since 2015 about 500 €", {}, 500),
        ("number", "4,2 sur 5", {"validation": {"max": 5}}, 4.2),
        ("number", "4.5/5 on Google", {"validation": {"max": 5}}, 4.5),
        ("date", "in March, if all goes well", {}, "2027-03-01"),
        ("date", "no idea, sorry", {}, "!not_a_date"),
        ("scale", "7/10", {"validation": {"min": 1, "max": 10}}, 7),
        ("scale", "I'd say 7 out of 10", {"validation": {"min": 1, "max": 10}}, 7),
        ("scale", "7 sur 10", {"validation": {"min": 1, "max": 10}}, 7),
        ("yes_no", "yes, we'd love to", {}, True),
        ("yes_no", "non, pas encore", {}, False),
        ("yes_no", "yes and no", {}, "!not_yes_or_no"),
        ("yes_no", "yes, no", {}, "!not_yes_or_no"),
        ("consent", "yes, but only by e-mail", {}, "!not_yes_or_no"),
        ("url", "linen.example, or write to maya@linen.example", {}, "https://linen.example"),
    ],
)
def test_other_types_in_a_sentence(type_: str, raw: str, more: dict[str, Any], value: Any) -> None:
    assert read(type_, raw, **more) == value


def heard_in(text: str, kind: str, part: str) -> tuple[Heard, ...]:
    return (Heard(kind, part, text.index(part), text.index(part) + len(part)),)


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("we're in Lyon, near the station", "Lyon", "Lyon"),
        ("in Lyon", "Lyon", "Lyon"),
        ("Nous sommes basés à La Rochelle depuis dix ans", "La Rochelle", "La Rochelle"),
        ("La Rochelle", "Rochelle", "La Rochelle"),
        ("Lyon, Croix-Rousse", "Lyon", "Lyon, Croix-Rousse"),
        ("Lyon 7e", "Lyon", "Lyon 7e"),
    ],
)
def test_a_city(text: str, part: str, value: str) -> None:
    assert read("text", text, entity="city", heard=heard_in(text, "city", part)) == value


def test_a_city_is_found_without_the_nlu_and_left_alone_when_there_are_two() -> None:
    assert read("text", "we are based in Lyon", entity="city") == "Lyon"
    assert read("text", "à Lyon", entity="city") == "Lyon"
    assert read("text", "A Coruña", entity="city") == "A Coruña"
    two = "in Lyon and in Paris"
    both = (*heard_in(two, "city", "Lyon"), *heard_in(two, "city", "Paris"))
    assert read("text", two, entity="city", heard=both) == two


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("Hi, I'm Claire from Maison Dupont", "Claire", "Claire"),
        ("Claire from Maison Dupont", "Claire", "Claire"),
        ("Claire Dupont", "Claire", "Claire Dupont"),
        ("Marie Claire Dupont", "Dupont", "Marie Claire Dupont"),
        ("Juan de la Cruz", "Juan", "Juan de la Cruz"),
        ("Bonjour, je m'appelle Claire", "Claire", "Claire"),
    ],
)
def test_a_name(text: str, part: str, value: str) -> None:
    assert read("text", text, role="name", heard=heard_in(text, "person_name", part)) == value


def test_a_name_beside_an_address() -> None:
    assert read("text", "Maison Dupont, write to claire@dupont.example", role="company") == "Maison Dupont"
    assert read("text", "Claire Dupont, claire@dupont.example", role="name") == "Claire Dupont"
    assert read("text", "Dupont, Fils & Cie", role="company") == "Dupont, Fils & Cie"


def test_a_greeting_is_no_name() -> None:
    assert read("text", "Hola, me llamo Maya", role="name") == "Maya"
    assert read("text", "Hola", role="name") == "Hola"


FILE = {
    "file": "0192f3a4-5b6c-7d8e-9f00-112233445566",
    "name": "menu.pdf",
    "size": 1200,
    "media_type": "application/pdf",
}


def test_a_file_is_taken_from_the_channel_only() -> None:
    assert read("file", FILE) == FILE
    assert read("file", {**FILE, "more": "x"}) == FILE
    understood = read_answer(Question.model_validate(question("file", "end")), Given(FILE), "en", TODAY)
    assert isinstance(understood, Accepted)
    assert understood.display == "menu.pdf"


@pytest.mark.parametrize(
    "raw",
    [
        "menu.pdf",
        5,
        ["x"],
        {},
        {"file": FILE["file"]},
        {**FILE, "file": "x"},
        {**FILE, "size": "big"},
        {**FILE, "size": -1},
    ],
)
def test_anything_else_is_no_file(raw: Any) -> None:
    assert read("file", raw) == "!not_a_file"


def test_a_file_may_be_of_the_wrong_kind_or_too_large_or_left_out() -> None:
    rules = {"validation": {"media_types": ["image/*", "application/pdf"], "max": 1}}
    assert read("file", FILE, **rules) == FILE
    assert read("file", {**FILE, "media_type": "image/png"}, **rules)["media_type"] == "image/png"
    assert read("file", {**FILE, "media_type": "text/html"}, **rules) == "!wrong_file_type"
    assert read("file", {**FILE, "size": 2 * 1024 * 1024}, **rules) == "!file_too_large"
    assert read("file", "", optional=True) is None
    assert read("file", "skip", optional=True) is None
    assert read("file", "skip") == "!needed"


RAW = st.sampled_from(
    [
        "2000",
        "2,5",
        "1 200,50 €",
        "yes",
        "non",
        "instagram and google",
        "2",
        "Maya",
        "31/01/2027",
        "tomorrow",
        "7",
        "",
        "+33 6 12 34 56 78",
        "maya@shop.example",
        "https://shop.example/a?b=c",
        "http://été.example/",
        "skip",
        "soy Soy Ana",
    ]
) | st.text(max_size=40)
TYPES: list[dict[str, Any]] = [
    *({"type_": name, "optional": True} for name in ("text", "long_text", "number", "money", "email", "phone", "url")),
    *({"type_": name} for name in ("date", "yes_no", "consent", "number", "money")),
    {"type_": "text", "role": "name"},
    {"type_": "money", "validation": {"currency": "USD"}},
    {"type_": "scale", "validation": {"min": 1, "max": 10}},
    {"type_": "choice", **CHANNELS},
    {"type_": "multi_choice", **CHANNELS},
    {"type_": "file"},
]


@examples(st.sampled_from(TYPES), RAW | st.just(FILE), st.sampled_from(["en", "fr"]))
def test_a_stored_answer_is_shown_as_it_was_when_it_was_given(more: dict[str, Any], raw: Any, locale: str) -> None:
    rest = {key: value for key, value in more.items() if key != "type_"}
    asked = Question.model_validate(question(more["type_"], "end", **rest))
    understood = read_answer(asked, Given(raw), locale, TODAY)
    if isinstance(understood, Accepted):
        assert display_of(asked, understood.value, locale) == understood.display
        if asked.role is None:
            again = read_answer(asked, Given(understood.value), locale, TODAY)
            assert isinstance(again, Accepted)
            assert again.value == understood.value


def test_a_stored_answer_is_shown_in_another_language() -> None:
    definition = FLOWS["ecommerce"]
    assert display_of(definition.questions["channels"], ["seo", "email"], "fr") == "Google (sans payer), Newsletter"
    assert display_of(definition.questions["own_shop"], False, "es") == "No"
    assert display_of(definition.questions["budget"], 2000, "en") == "€2,000"
    assert display_of(definition.questions["launch_date"], "2027-01-31", "fr") == "31 janvier 2027"
    assert display_of(definition.questions["phone"], None, "fr") == "Non renseigné"
