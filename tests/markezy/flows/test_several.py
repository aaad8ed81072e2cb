"""What one sentence answers beside the question that was asked: a great deal, and never too much."""

from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from markezy.flows.answers import Accepted, Given, Heard, read_answer
from markezy.flows.answers.several import hear_others
from markezy.flows.definition import FlowDefinition, Question, QuestionType, parse_definition

from tests.markezy.flows.conftest import SEEDS, TODAY, option, question

FLOWS = {name: parse_definition((SEEDS / f"{name}.yml").read_text()) for name in ("ecommerce", "restaurant")}


def heard_in(text: str, **parts: str) -> tuple[Heard, ...]:
    """What the NLU recognises, by kind."""
    return tuple(Heard(kind, part, text.index(part), text.index(part) + len(part)) for kind, part in parts.items())


def to_come(flow: FlowDefinition, asked: str) -> dict[str, Question]:
    ids = list(flow.questions)
    return {id_: flow.questions[id_] for id_ in ids[ids.index(asked) + 1 :]}


def hear(flow: str, asked: str, text: str, locale: str = "en", **parts: str) -> dict[str, Any]:
    """The values that are taken ahead, by question."""
    definition = FLOWS[flow]
    given = Given(text, "answer", heard_in(text, **parts))
    found = hear_others(to_come(definition, asked), given, locale, TODAY, definition.questions[asked])
    return {id_: accepted.value for id_, accepted in found.items()}


def hear_in(questions: dict[str, Any], text: str, asked: dict[str, Any] | None = None, **parts: str) -> dict[str, Any]:
    parsed = {id_: Question.model_validate(each) for id_, each in questions.items()}
    own = None if asked is None else Question.model_validate(asked)
    found = hear_others(parsed, Given(text, None, heard_in(text, **parts)), "en", TODAY, own)
    return {id_: accepted.value for id_, accepted in found.items()}


def test_a_sentence_answers_three_questions() -> None:
    text = "we're a bakery in Lyon, about 2,000 € a month"
    assert hear("restaurant", "situation", text, business="bakery", city="Lyon") == {
        "concept": "cafe",
        "city": "Lyon",
        "budget": 2000,
    }


@pytest.mark.parametrize(
    ("flow", "asked", "text", "parts", "found"),
    [
        (
            "ecommerce",
            "situation",
            "we sell clothes in Lyon on Shopify, about 2,000 € a month",
            {"city": "Lyon"},
            {"category": "fashion", "shop_platform": "shopify", "city": "Lyon", "budget": 2000},
        ),
        (
            "restaurant",
            "situation",
            "Il est ouvert, c'est un bistrot de 45 couverts à Lille, ticket moyen 28 €",
            {"city": "Lille"},
            {"concept": "bistro", "seats": 45, "average_bill": 28, "city": "Lille"},
        ),
        (
            "restaurant",
            "concept",
            "es una pizzería en Sevilla, 60 plazas, ticket medio de 22 euros y unos 800 € al mes de presupuesto",
            {"city": "Sevilla"},
            {"seats": 60, "average_bill": 22, "city": "Sevilla", "budget": 800},
        ),
        (
            "ecommerce",
            "situation",
            "Je vends des vêtements sur Shopify depuis Bordeaux, panier moyen 60 €, budget 1 500 € par mois",
            {"city": "Bordeaux"},
            {
                "category": "fashion",
                "shop_platform": "shopify",
                "average_order": 60,
                "city": "Bordeaux",
                "budget": 1500,
            },
        ),
        (
            "ecommerce",
            "situation",
            "Tengo una tienda de ropa en Madrid con Shopify, facturamos 12.000 € al mes",
            {"city": "Madrid"},
            {"category": "fashion", "shop_platform": "shopify", "monthly_revenue": 12000, "city": "Madrid"},
        ),
        (
            "ecommerce",
            "category",
            "fashion, on WooCommerce since 2019, my site is linen.example",
            {},
            {"shop_platform": "woocommerce", "website": "https://linen.example"},
        ),
        (
            "ecommerce",
            "situation",
            "vendemos zapatos con PrestaShop desde 2015, el pedido medio es de 75 € y gastamos 1.000 € al mes en anuncios",
            {},
            {"category": "fashion", "shop_platform": "prestashop", "average_order": 75, "ad_spend": 1000},
        ),
        (
            "ecommerce",
            "situation",
            "on vend du vin en ligne, on fait 15 000 € par mois et on dépense 800 € en pub",
            {},
            {"ad_spend": 800},
        ),
        (
            "ecommerce",
            "category",
            "only furniture, team of three in Ghent, no agency",
            {"city": "Ghent"},
            {"city": "Ghent"},
        ),
        ("ecommerce", "own_shop", "yes, we'd like a Shopify shop, budget around 3000 €", {}, {"budget": 3000}),
        (
            "restaurant",
            "city",
            "Lyon 3e, on peut mettre 600 € par mois et commencer tout de suite",
            {"city": "Lyon"},
            {"timeline": "now", "budget": 600},
        ),
        ("restaurant", "booking", "mostly through TheFork, about 200 covers a month", {}, {"platform_covers": 200}),
        ("restaurant", "services", "delivery, about 30 % of it through Uber Eats", {}, {"delivery_share": 30}),
        ("ecommerce", "goal", "more profit, shipping eats most of it", {}, {"biggest_cost": "shipping"}),
        (
            "ecommerce",
            "name",
            "Claire Dupont, Maison Dupont, claire@dupont.example, +33 6 12 34 56 78",
            {"person_name": "Claire Dupont", "company": "Maison Dupont"},
            {"company": "Maison Dupont", "email": "claire@dupont.example", "phone": "+33612345678"},
        ),
    ],
)
def test_sentences_of_the_demo_flows(
    flow: str, asked: str, text: str, parts: dict[str, str], found: dict[str, Any]
) -> None:
    assert hear(flow, asked, text, **parts) == found


@pytest.mark.parametrize(
    ("flow", "asked", "text", "parts"),
    [
        ("ecommerce", "situation", "Shopify in Lyon", {"city": "Lyon"}),
        ("ecommerce", "category", "Do you work with Shopify shops in Lyon?", {"city": "Lyon"}),
        ("ecommerce", "category", "my competitor in Lyon is on Shopify", {"city": "Lyon"}),
        ("ecommerce", "category", "we are not on Shopify at all", {}),
        ("ecommerce", "category", "on ne travaille pas avec Shopify", {}),
        ("ecommerce", "category", "we sell through Shopify and Amazon", {}),
        ("ecommerce", "category", "we want to move to Shopify soon", {}),
        ("ecommerce", "category", "maybe on Shopify, we'll see about that", {}),
        ("ecommerce", "team", "I'll tell you later about that, sorry", {}),
        ("ecommerce", "audience", "women in Lyon who love shoes and spend 60 € an order", {"city": "Lyon"}),
        ("ecommerce", "monthly_revenue", "about 20,000 € a month I think", {}),
        ("ecommerce", "category", "we would like to try Instagram and Google Ads with 500 €", {}),
        ("ecommerce", "category", "between 500 and 1,000 € a month", {}),
        ("ecommerce", "category", "our budget is 2,000 $ a month", {}),
        ("ecommerce", "category", "yes I agree, start on 01/02/2027 with that", {}),
        ("restaurant", "situation", "we have a website and call us any time, open all week", {}),
        ("restaurant", "average_bill", "about 30 € per guest I'd say", {}),
        ("ecommerce", "category", "peut-être sur Shopify, on verra plus tard", {}),
        ("ecommerce", "own_shop", "No, Amazon is enough for us at 20,000 € a month", {}),
        ("restaurant", "channels", "the lunch is always full of students", {}),
        ("restaurant", "situation", "j'ai un ami qui a une pizzeria et qui fait de la livraison", {}),
    ],
)
def test_what_is_not_sure_is_asked(flow: str, asked: str, text: str, parts: dict[str, str]) -> None:
    assert hear(flow, asked, text, **parts) == {}


def test_an_amount_beside_the_one_asked_for_finds_its_question() -> None:
    text = "about 20,000 € a month, with an average order of 60 €"
    assert hear("ecommerce", "monthly_revenue", text) == {"average_order": 60}
    asked = FLOWS["ecommerce"].questions["monthly_revenue"]
    understood = read_answer(asked, Given(text), "en", TODAY)
    assert isinstance(understood, Accepted)
    assert understood.value == 20000


def test_several_amounts_are_told_apart_by_keywords() -> None:
    money = {
        "rent": question("money", "end", keywords=["rent"]),
        "budget": question("money", "end", keywords=["budget", "a month"]),
    }
    assert hear_in(money, "the rent is 900 €, our budget 2,000 €") == {"rent": 900, "budget": 2000}
    assert hear_in(money, "the rent is 900 €, and 2,000 € a month") == {"rent": 900, "budget": 2000}
    assert hear_in(money, "the budget of 500 € or 900 €, not sure") == {}
    assert hear_in(money, "we thought of something like 900 €") == {}
    assert hear_in(money, "something like 900 for the rent") == {"rent": 900}


def test_without_the_asked_question_an_amount_needs_its_keyword() -> None:
    money = {"budget": question("money", "end")}
    sentence = "we are a small shop and have 900 €"
    assert hear_in(money, sentence) == {}
    assert hear_in(money, sentence, asked=question("yes_no", "end")) == {"budget": 900}
    assert hear_in(money, sentence, asked=question("money", "end")) == {}


def test_shares_and_plain_numbers_are_not_mixed_up() -> None:
    numbers = {
        "share": question("number", "end", label={"en": "Returns, in %", "fr": "Retours"}, keywords=["returns"]),
        "items": question("number", "end", keywords=["items", "returns"]),
    }
    assert hear_in(numbers, "we have about 30 % returns here") == {"share": 30}
    assert hear_in(numbers, "we have about 30 returns here") == {"items": 30}


def test_an_option_of_two_questions_answers_neither_without_their_subject() -> None:
    questions = {
        "sells": question("choice", "end", options=[option("flowers"), option("bread")], keywords=["selling"]),
        "likes": question("choice", "end", options=[option("flowers"), option("music")], keywords=["liking"]),
    }
    assert hear_in(questions, "it is all about flowers here") == {}
    assert hear_in(questions, "we are selling flowers here") == {"sells": "flowers"}
    assert hear_in(questions, "it is all about music here") == {"likes": "music"}


def test_several_choices_are_filled_only_when_they_sound_complete() -> None:
    questions = {
        "places": question("multi_choice", "end", options=[option("shopify"), option("vinted"), option("etsy")])
    }
    assert hear_in(questions, "we are on Vinted since spring") == {}
    assert hear_in(questions, "we are on Vinted and Etsy") == {"places": ["vinted", "etsy"]}
    assert hear_in(questions, "we are only on Vinted today") == {"places": ["vinted"]}
    assert hear_in(questions, "we want Vinted and Etsy too") == {}


def test_some_questions_are_never_answered_ahead() -> None:
    never = {
        "ok": question("yes_no", "end", keywords=["agree"]),
        "consent": question("consent", "end", keywords=["agree"]),
        "day": question("date", "end", keywords=["start"]),
        "mark": question("scale", "end", keywords=["mark"], validation={"min": 1, "max": 5}),
        "plan": question("file", "end", keywords=["plan"]),
        "story": question("long_text", "end", keywords=["story"]),
    }
    text = "yes I agree, start tomorrow, a mark of 4, the plan is ready, that's my story"
    assert hear_in(never, text) == {}


def test_a_phone_number_is_read_in_the_country_of_its_question() -> None:
    phone = {"phone": question("phone", "end", validation={"country": "FR"})}
    assert hear_in(phone, "we're a bakery, call 06 12 34 56 78") == {"phone": "+33612345678"}
    assert hear_in({"phone": question("phone", "end")}, "we're a bakery, call 06 12 34 56 78") == {}


def test_a_button_says_nothing_else() -> None:
    flow = FLOWS["ecommerce"]
    assert hear_others(dict(flow.questions), Given({"file": "x"}), "en", TODAY) == {}
    assert hear_others(dict(flow.questions), Given(["social"]), "en", TODAY) == {}


def test_what_is_heard_lies_in_the_text_and_is_no_contradiction() -> None:
    questions = {"city": question("text", "end", entity="city")}
    asked = question("yes_no", "end")
    assert hear_in(questions, "we are in Lyon and happy there", asked, city="Lyon") == {"city": "Lyon"}
    assert hear_in(questions, "we are not in Lyon any more", asked, city="Lyon") == {}
    two = "from Lyon we moved to Paris"
    parsed = {"city": Question.model_validate(questions["city"])}
    both = Given(two, None, (*heard_in(two, city="Lyon"), *heard_in(two, city="Paris")))
    assert hear_others(parsed, both, "en", TODAY) == {}
    elsewhere = Given("we are a small shop", None, (Heard("city", "Lyon"),))
    assert hear_others(parsed, elsewhere, "en", TODAY) == {}


PIECES = [
    *(
        "we're",
        "a bakery",
        "in Lyon",
        "about",
        "2,000 €",
        "a month",
        "not",
        "Shopify",
        "and",
        "Instagram",
        "?",
        "but",
        ",",
    ),
    *(
        "our budget",
        "40 seats",
        "30 %",
        "Maya@shop.example",
        "shop.example",
        "+33 6 12 34 56 78",
        "I agree",
        "yes",
        "-5",
    ),
    *("pas", "mais", "el presupuesto", "10-20", "€", ".", "\n", "\x00", "ß", "İ", "…", "(", "5 000 €/mois"),
]
SENTENCES = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join) | st.text(max_size=80)


@examples(st.sampled_from(sorted(FLOWS)), SENTENCES, st.sampled_from(["en", "fr", "es"]), st.data())
def test_whatever_is_said_only_usable_answers_are_heard(flow: str, text: str, locale: str, data: st.DataObject) -> None:
    definition = FLOWS[flow]
    asked = data.draw(st.sampled_from(list(definition.questions)))
    kinds = st.sampled_from(["city", "business", "person_name", "company", "amount"])
    places = st.none() | st.integers(-3, 90)
    heard = data.draw(st.lists(st.builds(Heard, kinds, st.sampled_from([*PIECES, ""]), places, places), max_size=3))
    given = Given(text, None, tuple(heard))
    found = hear_others(to_come(definition, asked), given, locale, TODAY, definition.questions[asked])
    assert list(found) == [id_ for id_ in definition.questions if id_ in found]
    for id_, accepted in found.items():
        waiting = definition.questions[id_]
        assert waiting.type not in (
            QuestionType.CONSENT,
            QuestionType.YES_NO,
            QuestionType.DATE,
            QuestionType.LONG_TEXT,
        )
        again = read_answer(waiting, Given(accepted.value), locale, TODAY)
        assert isinstance(again, Accepted)
        assert again.value == accepted.value
