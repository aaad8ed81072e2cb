"""Consent in the engine: what the log keeps of it, and asking again in other words."""

import pytest
from markezy.flows import engine
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Flow, Given, Origin, Renewal, State

from tests.markezy.consents.conftest import asking
from tests.markezy.flows.conftest import TODAY

ORIGIN = Origin("v1", "fr", "widget", "lead-1")
RENEWED = Renewal("consent", 2, {"en": "May we call?", "fr": "Pouvons-nous appeler ?"})


@pytest.fixture
def flow() -> Flow:
    return engine.compile_flow(FlowDefinition.model_validate(asking("May we write to you?")))


def answered(flow: Flow, *answers: object) -> engine.Outcome:
    outcome = engine.start(flow, ORIGIN)
    for value in answers:
        outcome = engine.answer(flow, outcome.state, Given(value), TODAY, outcome.state.pending)
    return outcome


def test_an_answer_to_a_consent_leaves_its_proof_in_the_log(flow: Flow) -> None:
    events = answered(flow, True).events
    (kept,) = [event.data for event in events if event.name == "consent_recorded"]
    assert kept == {
        "question": "consent", "purpose": "contact", "given": True, "locale": "fr", "channel": "widget",
        "lead_id": "lead-1", "flow_version_id": "v1",
    }  # fmt: skip


def test_a_change_of_mind_does_so_again(flow: Flow) -> None:
    state = answered(flow, True).state
    events = engine.answer(flow, state, Given(False), TODAY, "consent").events
    assert [event.data["given"] for event in events if event.name == "consent_recorded"] == [False]


@pytest.fixture
def at_the_recap(flow: Flow) -> State:
    state = answered(flow, True, "other", "because", "Zoë").state
    assert state.recap == "done"
    return state


def test_other_words_are_asked_while_the_other_answers_wait(flow: Flow, at_the_recap: State) -> None:
    outcome = engine.renew_consents(flow, at_the_recap, [RENEWED])
    assert outcome.state.pending == "consent"
    assert outcome.messages[-1].text == "Pouvons-nous appeler ?"
    again = State.from_json(outcome.state.to_json())
    assert again == outcome.state
    agreed = engine.answer(flow, again, Given(True), TODAY, "consent")
    assert agreed.state.recap == "done"
    assert agreed.state.answers["name"].value == "Zoë"
    (kept,) = [event.data for event in agreed.events if event.name == "consent_recorded"]
    assert (kept["given"], kept["version"]) == (True, 2)
    assert engine.agreed_versions(agreed.state) == {"consent": 2}


def test_who_refuses_the_new_words_goes_where_refusing_leads(flow: Flow, at_the_recap: State) -> None:
    state = engine.renew_consents(flow, at_the_recap, [RENEWED]).state
    assert engine.answer(flow, state, Given(False), TODAY, "consent").state.end == "nothing"


def test_the_state_is_the_fold_of_its_events(flow: Flow, at_the_recap: State) -> None:
    outcome = engine.renew_consents(flow, at_the_recap, [RENEWED])
    folded = at_the_recap
    for event in outcome.events:
        folded = engine.evolve(folded, event)
    assert folded == outcome.state
