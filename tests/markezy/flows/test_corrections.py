"""What a lead meant instead of what they said, in three languages."""

from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from markezy.flows.answers.corrections import Correction, matches, read_correction
from markezy.flows.definition import Question

from tests.markezy.flows.conftest import TODAY, option, question


@pytest.mark.parametrize(
    ("text", "new", "old"),
    [
        ("I meant 5,000 not 500", "5,000", "500"),
        ("5000 not 500", "5000", "500"),
        ("not 500 but 5000", "5000", "500"),
        ("it's not Paris, it's Lyon", "Lyon", "Paris"),
        ("my budget is 5000, not 500", "5000", "500"),
        ("change my budget from 500 to 5000", "5000", "500"),
        ("replace Paris with Lyon", "Lyon", "Paris"),
        ("WooCommerce rather than Shopify", "WooCommerce", "Shopify"),
        ("I said 500 but I meant 5000", "5000", "500"),
        ("I typed 500 by mistake, it's 5000", "5000", "500"),
        ("je voulais dire 5000, pas 500", "5000", "500"),
        ("en fait c'est Lyon et pas Paris", "Lyon", "Paris"),
        ("ce n'est pas Paris, c’est Lyon", "Lyon", "Paris"),
        ("c'est pas 500 mais 5 000 €", "5 000 €", "500"),
        ("j'ai dit 500 mais je voulais dire 5000", "5000", "500"),
        ("remplacez Paris par Lyon", "Lyon", "Paris"),
        ("quise decir 5000, no 500", "5000", "500"),
        ("no es Madrid sino Barcelona", "Barcelona", "Madrid"),
        ("dije 500 pero quise decir 5000", "5000", "500"),
    ],
)
def test_both_answers_are_named(text: str, new: str, old: str) -> None:
    assert read_correction(text) == Correction(new, old)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("make it 5000", "5000"),
        ("change my budget to 5000", "5000"),
        ("can you change the city to Aix-en-Provence please?", "Aix-en-Provence"),
        ("actually it's a restaurant", "restaurant"),
        ("Sorry, I meant 2,500 € a month", "2,500 € a month"),
        ("actually, make it 5000 €", "5000 €"),
        ("No, 5000", "5000"),
        ("it should be 5000 instead", "5000"),
        ("my name is spelled Maja", "Maja"),
        ("actually no", "no"),
        ("changez mon budget en 5000", "5000"),
        ("je voudrais changer mon budget à 5000", "5000"),
        ("mets plutôt 5 000 €", "5 000 €"),
        ("je me suis trompé, c'est 5000", "5000"),
        ("en fait nous sommes une boulangerie", "boulangerie"),
        ("cambia mi presupuesto a 5000", "5000"),
        ("me equivoqué, son 5000", "5000"),
        ("en realidad es una pizzería", "pizzería"),
    ],
)
def test_only_the_new_answer_is_named(text: str, new: str) -> None:
    assert read_correction(text) == Correction(new)


@pytest.mark.parametrize(
    "text",
    [
        *("change my budget", "I want to change my answer", "the budget is wrong", "the first one was wrong", ""),
        *("je veux modifier la ville", "mon budget est faux", "quiero cambiar el presupuesto"),
        *("me equivoqué con el presupuesto", "I'm not sure", "we do not know", "why not", "no", "x" * 400),
    ],
)
def test_no_answer_is_named(text: str) -> None:
    assert read_correction(text) == Correction()


WORDS = ["no", "not", "it's", "change", "my", "to", "a", "but", "pas", "c'est", "500", ",", "actually", "the", "is"]


@examples(
    st.lists(
        st.sampled_from(
            ["no", "not", "it's", "change", "my", "to", "a", "but", "pas", "c'est", "500", ",", "actually", "the", "is"]
        ),
        max_size=80,
    )
)
def test_any_words_are_read(words: list[str]) -> None:
    read = read_correction(" ".join(words))
    assert read.new is None or read.new.strip() == read.new != ""
    assert read.old is None or read.new is not None


@pytest.mark.parametrize(
    ("type_", "value", "text", "same"),
    [
        ("money", 500, "500", True),
        ("money", 500, "500 € a month", True),
        ("money", 500, "5000", False),
        ("money", 500, "Paris", False),
        ("text", "Paris", "paris", True),
        ("text", "Paris", "Lyon", False),
        ("choice", "google_ads", "adwords", True),
        ("choice", "google_ads", "2", False),
        ("yes_no", True, "yes", True),
        ("date", "2027-01-31", "31/01/2027", True),
        ("number", None, "5", False),
    ],
)
def test_a_text_may_be_the_stored_answer(type_: str, value: Any, text: str, same: bool) -> None:
    options = {"options": [option("google_ads", "adwords"), option("social")]} if type_ == "choice" else {}
    asked = Question.model_validate(question(type_, "end", **options))
    assert matches(asked, value, text, "en", TODAY) is same
