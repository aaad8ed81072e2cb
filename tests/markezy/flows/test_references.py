"""Which answers a lead wants to change, by the words they use for them."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from markezy.flows.answers.references import find_questions
from markezy.flows.definition import Question, parse_definition

from tests.markezy.flows.conftest import SEEDS, option, question

FLOWS = {name: parse_definition((SEEDS / f"{name}.yml").read_text()) for name in ("ecommerce", "restaurant")}


def find(flow: str, text: str) -> list[str]:
    return find_questions(FLOWS[flow].questions, text, "en")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("change my budget", ["budget"]),
        ("je veux modifier la ville", ["city"]),
        ("me equivoqué con el presupuesto", ["budget"]),
        ("can I change what I said about advertising", ["ad_spend"]),
        ("I'd like to change my e-mail address", ["email"]),
        ("mon prénom est faux", ["name"]),
        ("numéro de téléphone", ["phone"]),
        ("cambiar los canales", ["channels"]),
        ("j'ai changé d'avis sur l'objectif", ["goal"]),
        ("quién se ocupa del marketing", ["team"]),
        ("the marketing budget, please", ["budget"]),
        ("when I want to start", ["timeline"]),
    ],
)
@pytest.mark.parametrize("flow", sorted(FLOWS))
def test_a_subject_is_found_by_label_and_keywords_in_any_language(flow: str, text: str, found: list[str]) -> None:
    assert find(flow, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("change the buget please", ["budget"]),
        ("quiero corregir el presupueto", ["budget"]),
        ("the advertisement", ["ad_spend"]),
        ("chiffre d'affaire", ["monthly_revenue"]),
        ("facturacion", ["monthly_revenue"]),
        ("change monthly_revenue", ["monthly_revenue"]),
    ],
)
def test_typing_errors_and_other_forms_are_forgiven(text: str, found: list[str]) -> None:
    assert find("ecommerce", text) == found


@pytest.mark.parametrize(
    "text",
    [
        "I want to change my answer",
        "5000 not 500",
        "hello there",
        "???",
        "",
        "je me suis trompé",
        "quiero cambiar algo",
    ],
)
@pytest.mark.parametrize("flow", sorted(FLOWS))
def test_nothing_named_is_nothing_found(flow: str, text: str) -> None:
    assert find(flow, text) == []


def test_an_option_stands_for_its_question_when_no_subject_is_named() -> None:
    assert find("ecommerce", "change Shopify") == ["shop_platform"]
    assert find("ecommerce", "I said Instagram but that's wrong") == ["channels"]
    assert find("ecommerce", "the advertising with Instagram") == ["ad_spend"]


def test_the_new_answer_is_no_subject_but_may_be_an_option() -> None:
    assert find("restaurant", "actually it's a restaurant") == []
    assert find("restaurant", "actually it's a pizzeria") == ["concept"]
    assert find("restaurant", "change the city to Budget") == ["city"]


def test_what_cannot_be_told_apart_is_offered_together() -> None:
    questions = {
        "first": Question.model_validate(question("number", "end", keywords=["visits"])),
        "second": Question.model_validate(question("number", "end", keywords=["visits", "visits per day"])),
        "third": Question.model_validate(question("choice", "end", options=[option("visits")], keywords=["other"])),
    }
    assert find_questions(questions, "change the visits", "en") == ["first", "second"]
    assert find_questions(questions, "change the visits per day", "en") == ["second"]


@examples(st.sampled_from(sorted(FLOWS)), st.text(max_size=60))
def test_any_text_may_be_searched(flow: str, text: str) -> None:
    found = find(flow, text)
    assert len(found) == len(set(found))
    assert set(found) <= set(FLOWS[flow].questions)


def test_every_question_is_found_by_its_own_label() -> None:
    for flow in FLOWS.values():
        for id_, each in flow.questions.items():
            for label in each.label.values():
                assert id_ in find_questions(flow.questions, label, "en"), label
