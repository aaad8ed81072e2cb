"""Changing answers: the recap, a tap, a word."""

import pytest
from markezy.flows import engine
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Flow, Given, Outcome, compile_flow
from markezy.flows.simulator import Simulation

from tests.markezy.flows.conftest import TODAY, said, small_flow


def names(outcome: Outcome) -> list[str]:
    return [event.name for event in outcome.events]


def texts(outcome: Outcome) -> list[str]:
    return [message.text for message in outcome.messages]


@pytest.fixture
def flow() -> Flow:
    definition = small_flow()
    definition["questions"]["budget"].update(label=said("Budget"), keywords=["spend", "presupuesto"])
    definition["questions"]["name"].update(label=said("Your name"))
    return compile_flow(FlowDefinition.model_validate(definition))


@pytest.fixture
def lead(flow: Flow) -> Simulation:
    return Simulation(flow, TODAY)


def to_the_recap(lead: Simulation) -> Outcome:
    for raw in ("sales", "500", "Maya"):
        lead.say(raw)
    return lead.outcome


def test_the_answers_are_shown_before_a_qualified_end(lead: Simulation) -> None:
    outcome = to_the_recap(lead)
    assert names(outcome) == ["answer_recorded", "recap_shown"]
    (card,) = outcome.messages
    assert card.text.splitlines()[1:] == ["• Label: Sales", "• Budget: €500", "• Your name: Maya"]
    assert card.input == {
        "type": "recap",
        "items": [
            {"question": "goal", "label": "Label", "display": "Sales"},
            {"question": "budget", "label": "Budget", "display": "€500"},
            {"question": "name", "label": "Your name", "display": "Maya"},
        ],
    }
    assert [button.payload for button in card.buttons] == ["/confirm"]
    assert lead.state.end is None


@pytest.mark.parametrize("words", ["yes", "Oui", "/confirm"])
def test_a_confirmed_recap_is_the_end(lead: Simulation, words: str) -> None:
    to_the_recap(lead)
    outcome = lead.command(words)
    assert names(outcome) == ["recap_confirmed", "completed"]
    assert lead.state.end == "done"
    assert names(lead.command("/confirm")) == []


def test_no_to_the_recap_asks_what_to_change(lead: Simulation) -> None:
    to_the_recap(lead)
    outcome = lead.say("no")
    assert names(outcome) == ["answer_rejected"]
    assert outcome.messages[-1].input is not None
    assert outcome.messages[-1].input["type"] == "recap"


def test_a_change_from_the_recap_asks_only_what_depends_on_it(lead: Simulation) -> None:
    to_the_recap(lead)
    assert names(lead.change("budget")) == ["question_asked"]
    asked = lead.outcome.messages[-1]
    assert asked.input is not None
    assert asked.input["current"] == "€500"
    assert asked.buttons[0].payload == '/answer{"question":"budget","value":500}'
    outcome = lead.say("2000")
    assert names(outcome) == ["answer_changed", "answer_set_aside", "scored", "question_asked"]
    assert lead.state.pending == "rich"
    outcome = lead.say("yes")
    assert names(outcome) == ["answer_recorded", "answer_recorded", "recap_shown"]
    assert lead.state.answers["name"].value == "Maya"


def test_keeping_the_answer_leads_back_to_the_recap(lead: Simulation) -> None:
    to_the_recap(lead)
    lead.change("budget")
    outcome = lead.say(500, "budget")
    assert names(outcome) == ["recap_shown"]


def test_a_change_in_words_at_the_recap(lead: Simulation) -> None:
    to_the_recap(lead)
    outcome = lead.say("change my budget to 800")
    assert names(outcome) == ["answer_changed", "recap_shown"]
    assert lead.state.answers["budget"].value == 800
    assert "Budget" in texts(outcome)[0]


def test_an_end_that_asks_for_none_has_no_recap(flow: Flow) -> None:
    lead = Simulation(flow, TODAY)
    for raw in ("sales", "5000", "no", "Maya"):
        lead.say(raw)
    assert lead.state.end == "nothing"


def test_an_answer_is_named_and_asked_again(lead: Simulation) -> None:
    lead.say("sales")
    lead.say("500")
    outcome = lead.command("/change my budget")
    assert names(outcome) == ["question_asked"]
    assert lead.state.pending == "budget"
    assert names(lead.say("700")) == ["answer_changed", "question_asked"]
    assert lead.state.pending == "name"


def test_a_correction_says_what_was_meant(lead: Simulation) -> None:
    lead.say("sales")
    lead.say("500")
    outcome = lead.command("/change I meant 5,000 not 500")
    assert names(outcome) == ["answer_changed", "scored", "question_asked"]
    assert outcome.events[0].data["previous"] == 500
    assert lead.state.answers["budget"].value == 5000
    assert texts(outcome)[0] == "Changed. Budget: €5,000."
    assert lead.state.pending == "rich"


def test_a_change_of_who_knows_what_offers_the_answers(lead: Simulation) -> None:
    lead.say("sales")
    lead.say("500")
    outcome = lead.command("/change something")
    assert names(outcome) == ["answer_rejected"]
    (which,) = outcome.messages
    assert [button.payload for button in which.buttons] == [
        '/change_answer{"question":"budget"}',
        '/change_answer{"question":"goal"}',
    ]


def test_there_is_nothing_to_change_at_first(lead: Simulation) -> None:
    outcome = lead.command("/change something")
    assert outcome.events == ()
    assert texts(outcome)[-1] == "Goal?"


def test_a_question_that_is_still_to_come_cannot_be_changed_yet(lead: Simulation) -> None:
    outcome = lead.command("/change my budget")
    assert outcome.events == ()
    assert "haven't asked about that yet: Budget" in texts(outcome)[0]
    assert texts(outcome)[-1] == "Goal?"
    lead.say("sales")
    outcome = lead.command("/change your name")
    assert "haven't asked about that yet: Your name" in texts(outcome)[0]
    assert texts(outcome)[-1] == "Budget?"


def test_the_question_that_is_being_asked_is_asked(lead: Simulation) -> None:
    lead.say("sales")
    outcome = lead.command("/change my budget")
    assert outcome.events == ()
    assert texts(outcome) == ["That is just what I'm asking you now:", "Budget?"]


def test_a_question_of_another_branch_does_not_apply(lead: Simulation) -> None:
    lead.say("other")
    outcome = lead.command("/change my budget")
    assert outcome.events == ()
    assert texts(outcome) == ["That question no longer applies, so let's carry on here.", "Reason?"]


def test_what_was_noted_ahead_of_its_turn_is_noted_anew(flow: Flow) -> None:
    lead = Simulation(flow, TODAY)
    lead.say("well, our marketing budget is 2,000 € a month")
    assert lead.state.set_aside["budget"].value == 2000
    outcome = lead.command("/change please change my budget to 3000")
    assert names(outcome) == ["answer_noted"]
    assert texts(outcome) == ["Changed. Budget: €3,000.", "Goal?"]
    outcome = lead.command("/change my budget")
    assert outcome.events == ()
    assert "Budget: €3,000" in texts(outcome)[0]
    lead.say("sales")
    assert lead.state.answers["budget"].value == 3000


def test_an_answer_off_the_way_cannot_be_changed(lead: Simulation) -> None:
    lead.say("sales")
    outcome = lead.change("reason")
    assert outcome.events == ()
    assert texts(outcome)[-1] == "Budget?"


def test_what_was_handed_to_the_agency_stands(lead: Simulation) -> None:
    to_the_recap(lead)
    lead.command("/confirm")
    outcome = lead.change("budget")
    assert outcome.events == ()
    assert len(outcome.messages) == 1


def test_a_disqualified_lead_may_change_an_answer(flow: Flow) -> None:
    lead = Simulation(flow, TODAY)
    for raw in ("sales", "5000", "no", "Maya"):
        lead.say(raw)
    assert names(lead.change("rich")) == ["question_asked"]
    assert lead.state.end is None


def test_the_recap_speaks_the_language_switched_to(lead: Simulation) -> None:
    to_the_recap(lead)
    outcome = lead.command("/in fr")
    assert names(outcome) == ["locale_changed"]
    card = outcome.messages[-1]
    assert card.input is not None
    assert [item["display"] for item in card.input["items"]] == ["Sales (fr)", "500\u00a0€", "Maya"]


def test_changing_while_stopped_resumes(lead: Simulation) -> None:
    lead.say("sales")
    lead.command("/stop")
    outcome = lead.apply(engine.change(lead.flow, lead.state, Given(None), TODAY, "goal"))
    assert names(outcome) == ["resumed", "question_asked"]
