"""A person instead of the assistant."""

import json
from typing import Any

import pytest
from markezy.flows import engine
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Flow, Given, Outcome, State, compile_flow
from markezy.flows.simulator import Simulation

from tests.markezy.flows.conftest import TODAY, small_flow


def names(outcome: Outcome) -> list[str]:
    return [event.name for event in outcome.events]


@pytest.fixture
def lead(flow: Flow) -> Simulation:
    lead = Simulation(flow, TODAY)
    lead.say("sales")
    return lead


def tell(lead: Simulation, intent: str, **data: str) -> Outcome:
    return lead.apply(engine.news(lead.flow, lead.state, intent, data))


def test_who_asks_for_a_person_waits_in_peace(lead: Simulation) -> None:
    outcome = lead.command("/person")
    assert names(outcome) == ["person_requested"]
    assert outcome.events[0].data == {"reason": "asked"}
    (message,) = outcome.messages
    assert [button.payload for button in message.buttons] == ["/go_on"]
    assert lead.state.person == "waiting"
    assert engine.is_silent(lead.state, tapped=False)
    assert not engine.is_silent(lead.state, tapped=True)
    assert lead.state.pending == "budget"


def test_asking_twice_asks_the_team_once(lead: Simulation) -> None:
    lead.command("/person")
    assert names(lead.command("/person")) == []


def test_going_on_takes_the_assistant_back(lead: Simulation) -> None:
    lead.command("/person")
    outcome = lead.command("/go-on")
    assert names(outcome) == ["person_declined"]
    assert outcome.messages[-1].text == "Budget?"
    assert lead.state.person == ""


def test_a_tap_on_an_old_button_goes_on_too(lead: Simulation) -> None:
    lead.command("/person")
    assert names(lead.apply(engine.listens_again(lead.flow, lead.state))) == ["person_declined"]
    assert lead.state.person == ""


def test_a_person_joins_talks_and_hands_back(lead: Simulation) -> None:
    lead.command("/person")
    joined = tell(lead, "person_joined", name="Ravi")
    assert names(joined) == ["person_joined"]
    assert "Ravi" in joined.messages[0].text
    assert engine.is_silent(lead.state, tapped=True)
    said = tell(lead, "person_message", name="Ravi", text="How can I help?")
    assert said.events == ()
    assert [(message.staff, message.text) for message in said.messages] == [("Ravi", "How can I help?")]
    left = tell(lead, "person_left", name="Ravi")
    assert names(left) == ["person_left"]
    assert left.messages[-1].text == "Budget?"
    assert not engine.is_silent(lead.state, tapped=False)


def test_a_person_may_come_unasked_and_twice_is_once(lead: Simulation) -> None:
    assert names(tell(lead, "person_joined", name="Ravi")) == ["person_joined"]
    assert names(tell(lead, "person_joined", name="Ravi")) == []
    assert names(lead.command("/person")) == []
    assert names(tell(lead, "person_left", name="Ravi")) == ["person_left"]
    assert names(tell(lead, "person_left", name="Ravi")) == []


def test_nobody_is_there_and_the_message_is_passed_on(lead: Simulation) -> None:
    lead.command("/person")
    away = tell(lead, "team_away", reason="closed", opens_at="2026-11-24T09:00:00+01:00")
    assert names(away) == ["team_away"]
    assert "Tuesday at 09:00" in away.messages[0].text
    assert engine.leaves_message(lead.state, tapped=False)
    assert not engine.leaves_message(lead.state, tapped=True)
    outcome = lead.apply(engine.leave_message(lead.flow, lead.state, "Please call me about my shop"))
    assert names(outcome) == ["message_left"]
    assert outcome.events[0].data == {"text": "Please call me about my shop"}
    assert outcome.messages[-1].text == "Budget?"
    assert lead.state.person == ""
    assert "budget" not in lead.state.answers


def test_the_team_is_busy(lead: Simulation) -> None:
    lead.command("/person")
    away = tell(lead, "team_away", reason="busy", opens_at="")
    assert away.events[0].data == {"reason": "busy", "opens_at": None}
    assert names(lead.command("/go-on")) == ["person_declined"]


def test_news_of_an_absence_comes_too_late(lead: Simulation) -> None:
    lead.command("/person")
    tell(lead, "person_joined", name="Ravi")
    assert names(tell(lead, "team_away", reason="busy", opens_at="")) == []
    assert lead.state.person == "talking"


def test_the_second_miss_helps_and_offers_a_person(lead: Simulation) -> None:
    first = lead.say("dunno")
    assert [button.payload for button in first.messages[-1].buttons] == []
    second = lead.say("bananas")
    assert len(second.messages) == 3
    assert second.messages[1].text == "Because."
    assert "/ask_person" in [button.payload for button in second.messages[-1].buttons]
    lead.say("500")
    assert lead.state.misses == 0


def test_an_end_can_hand_the_lead_over() -> None:
    definition = small_flow()
    definition["ends"]["nothing"]["outcome"] = "handed_over"
    lead = Simulation(compile_flow(FlowDefinition.model_validate(definition)), TODAY)
    for raw in ("sales", "5000", "no"):
        lead.say(raw)
    outcome = lead.say("Maya")
    assert names(outcome) == ["answer_recorded", "completed", "person_requested"]
    assert outcome.events[-1].data == {"reason": "rule"}
    assert lead.state.person == "waiting"


def calling(*rules: dict[str, Any]) -> Simulation:
    definition = small_flow()
    definition["rules"] = list(rules)
    lead = Simulation(compile_flow(FlowDefinition.model_validate(definition)), TODAY)
    lead.say("sales")
    return lead


BIG = {"when": "answers.budget >= 5000", "call_person": True}


def test_a_rule_calls_a_person_and_the_questions_go_on_afterwards() -> None:
    lead = calling(BIG)
    outcome = lead.say("9000")
    assert names(outcome) == ["answer_recorded", "scored", "question_asked", "person_requested"]
    assert outcome.events[-1].data == {"reason": "rule", "rules": [0]}
    (told,) = outcome.messages
    assert [button.payload for button in told.buttons] == ["/go_on"]
    assert (lead.state.person, lead.state.pending) == ("waiting", "rich")
    assert lead.command("hello?").messages == ()
    tell(lead, "person_joined", name="Ravi")
    assert tell(lead, "person_left", name="Ravi").messages[-1].text == "Rich?"
    assert names(lead.say("yes")) == ["answer_recorded", "question_asked"]


def test_a_rule_calls_a_person_once() -> None:
    lead = calling(BIG)
    lead.say("9000")
    assert lead.command("/go-on").messages[-1].text == "Rich?"
    assert "person_requested" not in names(lead.say("100", "budget"))
    assert "person_requested" not in names(lead.say("9000", "budget"))
    restored = State.from_json(json.loads(json.dumps(lead.state.to_json())))
    assert restored.called == (0,)
    assert "person_requested" not in names(engine.answer(lead.flow, restored, Given("8000"), TODAY, "budget"))


def test_a_changed_answer_may_call_a_person() -> None:
    lead = calling(BIG)
    lead.say("100")
    assert names(lead.say("9000", "budget"))[-1] == "person_requested"


def test_several_rules_call_one_person_and_ends_are_found_all_the_same() -> None:
    out = {"when": "answers.budget == 7777", "to": "nothing"}
    lead = calling(out, BIG, {"when": "score >= 10", "call_person": True})
    assert lead.say("9000").events[-1].data == {"reason": "rule", "rules": [1, 2]}
    lead.command("/go-on")
    assert lead.say("7777", "budget").events[-1].name == "completed"


def test_a_person_may_be_called_at_the_recap_and_at_an_end() -> None:
    named = {"when": "has(answers.name)", "call_person": True}
    lead = calling(named)
    lead.say("50")
    assert names(lead.say("Maya")) == ["answer_recorded", "recap_shown", "person_requested"]
    card = lead.command("/go-on").messages[-1]
    assert card.input is not None
    assert card.input["type"] == "recap"
    lead = calling(named)
    for raw in ("5000", "no"):
        lead.say(raw)
    outcome = lead.say("Maya")
    assert names(outcome) == ["answer_recorded", "completed", "person_requested"]
    assert outcome.messages[-1].buttons == ()
    assert lead.state.person == "waiting"


@pytest.mark.parametrize("rule", [{}, {"to": "nothing", "call_person": True}, {"call_person": False}])
def test_a_rule_does_exactly_one_thing(rule: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a rule either leads to an end"):
        calling({"when": "score > 1", **rule})


def test_a_reminder_asks_again_once_for_all(lead: Simulation) -> None:
    outcome = tell(lead, "reminder")
    assert names(outcome) == ["reminded"]
    assert outcome.messages[-1].text == "Budget?"


@pytest.mark.parametrize("line", ["/stop", "/person"])
def test_nobody_is_reminded_who_stopped_or_waits_for_a_person(lead: Simulation, line: str) -> None:
    lead.command(line)
    outcome = tell(lead, "reminder")
    assert (outcome.events, outcome.messages) == ((), ())


def test_unknown_news_is_refused(lead: Simulation) -> None:
    with pytest.raises(KeyError):
        tell(lead, "weather")
