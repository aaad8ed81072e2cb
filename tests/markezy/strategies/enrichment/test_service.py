"""A strategy gets better words, or keeps its own: nothing a model does can spoil it."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from markezy.strategies.enrichment import breaker
from markezy.strategies.enrichment.repository import Spend
from pydantic import SecretStr

from tests.markezy.strategies.enrichment.conftest import Author
from tests.markezy.strategies.enrichment.documents import document, text_of
from tests.markezy.strategies.enrichment.language_model import FAULTS, LanguageModel


def _without_supports(text: str) -> str:
    return text.replace("supports them", "stands behind them")


def test_better_words_come_into_the_document_with_the_leads_own_put_back(author: Author, model: LanguageModel) -> None:
    model.rewriting = _without_supports
    improved = author.improve(document())
    assert improved is not None
    enriched, name = improved
    assert name == "stand-in"
    assert enriched.changed == ("summary.opening",)
    text = text_of(enriched.document, "summary.opening")
    assert text.endswith("the rest of the plan stands behind them.")
    assert "Chez Zoë" in text
    (block,) = enriched.document.sections[0].blocks
    assert block.origin.layer == "model"
    assert block.origin.answers == ("budget",)
    assert enriched.document.sections[1:] == document().sections[1:]


def test_the_request_is_a_structured_chat_completion_without_personal_data(
    author: Author, model: LanguageModel
) -> None:
    author.improve(document())
    (body,) = model.asked
    assert model.keys == ["Bearer sk-secret"]
    assert body["model"] == "stand-in"
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["max_completion_tokens"] > 0
    assert not re.search(r"zo[eë]|nîmes|familles|example\.com", model.sent, re.IGNORECASE)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_model_that_fails_leaves_the_templates_words(author: Author, model: LanguageModel, fault: str) -> None:
    model.fault, model.rewriting = fault, _without_supports
    assert author.improve(document()) is None
    assert len(model.asked) == 1


@pytest.mark.usefixtures("impatient")
def test_a_model_that_takes_too_long_is_not_waited_for(author: Author, model: LanguageModel) -> None:
    model.fault = "times_out"
    assert author.improve(document()) is None


@pytest.mark.parametrize(
    "addition",
    ["It brings 900 orders.", "Success is guaranteed.", "Ask [[NAME9]].", "Comme le dit la Sorbonne.", "<script>"],
)
def test_an_invention_costs_the_paragraph_its_new_words(author: Author, model: LanguageModel, addition: str) -> None:
    model.rewriting = lambda text: f"{_without_supports(text)} {addition}" if "supports" in text else text + " Truly."
    improved = author.improve(document())
    assert improved is not None
    assert text_of(improved[0].document, "summary.opening") == text_of(document(), "summary.opening")
    assert list(improved[0].refused) == ["summary.opening"]
    assert text_of(improved[0].document, "positioning.why").endswith("Truly.")


def test_markup_in_what_the_lead_said_stays_text(author: Author, model: LanguageModel) -> None:
    model.rewriting = lambda text: text + " So be it."
    wicked = document(
        audience__intro=document().sections[1].blocks[0].text + " And &lt;b&gt;this&lt;/b&gt; &amp; that."
    )
    improved = author.improve(wicked)
    assert improved is not None
    assert "<b>" not in text_of(improved[0].document, "audience.intro")


def test_nothing_is_asked_without_a_model(make_author: Callable[[], Author], model: LanguageModel) -> None:
    assert make_author().improve(document()) is None
    assert model.asked == []


@pytest.mark.parametrize("changed", [{"active": False}, {"sections": ()}, {"monthly_cap": Decimal(0)}])
def test_nothing_is_asked_that_the_agency_did_not_want(
    author: Author, model: LanguageModel, changed: dict[str, Any]
) -> None:
    author.configure(model, **changed)
    assert author.improve(document()) is None
    assert model.asked == []


def test_what_a_call_cost_is_counted_against_the_months_cap(author: Author, model: LanguageModel) -> None:
    author.improve(document())
    one = Decimal("0.5") * 900 / 1_000_000 + Decimal(2) * 400 / 1_000_000
    assert author.spend() == Spend(one, 1)
    author.configure(model, monthly_cap=one + Decimal("0.0001"))
    assert author.improve(document()) is None
    assert len(model.asked) == 1
    assert author.spend().spent == one


def test_a_call_that_never_reached_the_model_costs_nothing(author: Author, model: LanguageModel) -> None:
    model.fault = "overloaded"
    author.improve(document())
    assert author.spend().spent == 0


def test_after_failures_in_a_row_nothing_is_asked_for_a_while(author: Author, model: LanguageModel) -> None:
    model.fault = "broken"
    for _ in range(breaker.FAILURES + 2):
        author.improve(document())
    assert len(model.asked) == breaker.FAILURES


def test_one_agencys_broken_model_leaves_anothers_alone(
    make_author: Callable[[], Author], model: LanguageModel
) -> None:
    first, second = make_author(), make_author()
    first.configure(model)
    second.configure(model)
    model.fault = "broken"
    for _ in range(breaker.FAILURES):
        first.improve(document())
    model.fault, model.rewriting = "", _without_supports
    assert first.improve(document()) is None
    assert second.improve(document()) is not None


def test_an_address_in_the_operators_network_is_never_called(author: Author, model: LanguageModel) -> None:
    author.settings = author.settings.model_copy(update={"private_hosts": ""})
    assert author.improve(document()) is None
    assert model.asked == []


def test_without_redis_nothing_is_asked_and_nothing_breaks(author: Author, model: LanguageModel) -> None:
    author.settings = author.settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1/0")})
    assert author.improve(document()) is None
    assert model.asked == []
