"""Several answers in one sentence."""

import pytest
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Flow, Outcome, compile_flow
from markezy.flows.simulator import Simulation

from tests.markezy.flows.conftest import TODAY, option, question, said


def names(outcome: Outcome) -> list[str]:
    return [event.name for event in outcome.events]


@pytest.fixture
def flow() -> Flow:
    definition = {
        "locales": ["en", "fr"],
        "greeting": said("Hello"),
        "start": "trade",
        "questions": {
            "trade": question("choice", "platform", options=[option("bakery"), option("florist")], text=said("Trade?")),
            "platform": question("choice", "budget", options=[option("shopify"), option("prestashop")]),
            "budget": question("money", "consent", label=said("Budget"), keywords=["budget", "a month"]),
            "consent": question("consent", ("answers.consent == true", "email"), "bye", text=said("May we?")),
            "email": question("email", "done", role="email", text=said("E-mail?")),
        },
        "ends": {
            "done": {"outcome": "qualified", "message": said("Thanks")},
            "bye": {"outcome": "nurture", "message": said("Bye")},
        },
    }
    return compile_flow(FlowDefinition.model_validate(definition))


def test_what_else_is_said_is_noted_and_not_asked_again(flow: Flow) -> None:
    lead = Simulation(flow, TODAY)
    outcome = lead.say("we run a bakery with Shopify and have about 2,000 € a month")
    assert names(outcome) == [
        "answer_recorded", "answer_noted", "answer_noted", "answer_recorded", "answer_recorded", "question_asked",
    ]  # fmt: skip
    assert "€2,000" in outcome.messages[0].text
    assert lead.state.pending == "consent"
    assert {id_: answer.value for id_, answer in lead.state.answers.items()} == {
        "trade": "bakery", "platform": "shopify", "budget": 2000,
    }  # fmt: skip


def test_what_is_noted_does_not_answer_the_question_that_was_asked(flow: Flow) -> None:
    lead = Simulation(flow, TODAY)
    outcome = lead.say("our marketing budget is 2,000 € a month")
    assert names(outcome) == ["answer_noted"]
    assert lead.state.pending == "trade"
    assert lead.state.misses == 0
    assert names(lead.say("florist")) == ["answer_recorded", "question_asked"]
    assert names(lead.say("shopify")) == ["answer_recorded", "answer_recorded", "question_asked"]
    assert lead.state.pending == "consent"


def test_an_address_is_not_kept_before_consent(flow: Flow) -> None:
    lead = Simulation(flow, TODAY)
    outcome = lead.say("we are a bakery, write to me at maya@shop.example")
    assert names(outcome) == ["answer_recorded", "question_asked"]
    assert "email" not in lead.state.set_aside
    for raw in ("shopify", "2000", "yes"):
        lead.say(raw)
    assert lead.state.pending == "email"


def test_what_was_noted_can_be_changed_once_it_counts(flow: Flow) -> None:
    lead = Simulation(flow, TODAY)
    lead.say("we run a bakery with Shopify and have about 2,000 € a month")
    outcome = lead.command("/change I meant 3000 not 2000")
    assert names(outcome)[0] == "answer_changed"
    assert lead.state.answers["budget"].value == 3000
