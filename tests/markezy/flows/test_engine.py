"""One command at a time, on a small flow."""

import json
from dataclasses import replace

import pytest
from markezy.flows import engine
from markezy.flows.engine import Flow, Given, Origin, Outcome, State
from markezy.flows.simulator import Simulation

from tests.markezy.flows.conftest import TODAY


@pytest.fixture
def lead(flow: Flow) -> Simulation:
    return Simulation(flow, TODAY)


def names(outcome: Outcome) -> list[str]:
    return [event.name for event in outcome.events]


def texts(outcome: Outcome) -> list[str]:
    return [message.text for message in outcome.messages]


def to_the_end(lead: Simulation) -> None:
    for raw in ("sales", "50", "Maya", "yes"):
        lead.say(raw)


def test_start_greets_and_asks_in_the_leads_language(flow: Flow) -> None:
    lead = Simulation(flow, TODAY, "fr-BE")
    assert names(lead.outcome) == ["started", "question_asked"]
    assert texts(lead.outcome) == ["Hello (fr)", "Goal? (fr)"]
    assert lead.events[0].data == {"flow_version_id": "simulation", "locale": "fr"}


def test_an_unknown_language_becomes_the_flows_first(flow: Flow) -> None:
    assert Simulation(flow, TODAY, "de").state.locale == "en"


def test_a_question_comes_with_buttons_hint_and_progress(lead: Simulation) -> None:
    message = lead.outcome.messages[-1]
    assert [button.title for button in message.buttons] == ["Sales", "Other"]
    assert message.buttons[0].payload == '/answer{"question":"goal","value":"sales"}'
    assert message.input is not None
    assert message.input["question"] == "goal"
    assert message.progress == {"done": 0, "of": 4}


def test_an_answer_is_recorded_with_label_display_and_place(lead: Simulation) -> None:
    outcome = lead.say("turnover")
    assert outcome.events[0].data == {
        "question": "goal",
        "label": "Label",
        "value": "sales",
        "display": "Sales",
        "ordinal": 1,
    }
    assert names(outcome) == ["answer_recorded", "question_asked"]
    assert texts(outcome) == ["Budget?"]


def test_the_score_is_told_when_it_changes_and_may_decide_the_way(lead: Simulation) -> None:
    lead.say("sales")
    outcome = lead.say("2000")
    assert names(outcome) == ["answer_recorded", "scored", "question_asked"]
    assert lead.state.score == 10
    assert lead.state.pending == "rich"


def test_the_end_is_reached_with_the_contact_and_a_personal_word(lead: Simulation) -> None:
    to_the_end(lead)
    assert lead.outcome.completed
    assert lead.outcome.events[-1].data == {
        "end": "done",
        "outcome": "qualified",
        "score": 0,
        "contact": {"name": "Maya", "email": None, "phone": None, "company": None},
    }
    assert texts(lead.outcome) == ["Thanks Maya"]
    assert lead.outcome.messages[-1].progress == {"done": 3, "of": 3}


def test_after_the_end_nothing_happens_any_more(lead: Simulation) -> None:
    to_the_end(lead)
    state = lead.state
    for outcome in (
        lead.say("hello?"),
        lead.say("other", question="goal"),
        lead.command("/stop"),
        lead.command("/back"),
        lead.command("/why"),
        lead.apply(engine.start(lead.flow, state.origin, state)),
    ):
        assert outcome.events == ()
        assert len(outcome.messages) == 1
        assert outcome.state == state


def test_after_the_end_a_person_can_still_be_asked_for(lead: Simulation) -> None:
    to_the_end(lead)
    outcome = lead.command("/person")
    assert names(outcome) == ["person_requested"]
    assert len(outcome.messages) == 1


def test_a_disqualified_lead_may_go_back_and_correct_the_answer(lead: Simulation) -> None:
    for raw in ("sales", "5000", "no", "Maya"):
        lead.say(raw)
    assert lead.state.end == "nothing"
    assert names(lead.command("/back")) == ["question_asked"]
    assert (lead.state.end, lead.state.outcome, lead.state.pending) == (None, None, "name")
    lead.command("/back")
    assert lead.state.pending == "rich"
    outcome = lead.say("yes")
    assert names(outcome) == ["answer_changed", "recap_shown"]
    lead.command("/confirm")
    assert lead.state.end == "done"


def test_a_rejected_answer_says_why_and_keeps_the_buttons(lead: Simulation) -> None:
    outcome = lead.say("bananas")
    assert names(outcome) == ["answer_rejected"]
    assert outcome.events[0].data == {"question": "goal", "reason": "not_an_option"}
    (message,) = outcome.messages
    assert "bananas" in message.text
    assert len(message.buttons) == 2
    assert lead.state.pending == "goal"


def test_changing_an_earlier_answer_sets_aside_what_the_way_no_longer_passes(lead: Simulation) -> None:
    lead.say("sales")
    lead.say("2000")
    lead.say("yes")
    outcome = lead.say("other", question="goal")
    assert names(outcome) == [
        "answer_changed",
        "answer_set_aside",
        "answer_set_aside",
        "scored",
        "question_asked",
    ]
    assert outcome.events[0].data["previous"] == "sales"
    assert lead.state.path == ("goal",)
    assert set(lead.state.set_aside) == {"budget", "rich"}


def test_changing_back_restores_path_and_score_without_asking_again(lead: Simulation) -> None:
    for raw in ("sales", "2000", "yes"):
        lead.say(raw)
    before = lead.state
    lead.say("other", question="goal")
    lead.say("curiosity")
    outcome = lead.say("sales", question="goal")
    assert (lead.state.path, lead.state.score, lead.state.pending) == (before.path, before.score, before.pending)
    assert names(outcome).count("answer_recorded") == 2
    assert set(lead.state.set_aside) == {"reason"}


def test_the_same_answer_again_changes_nothing(lead: Simulation) -> None:
    lead.say("sales")
    state = lead.state
    outcome = lead.say("sales", question="goal")
    assert outcome.events == ()
    assert texts(outcome) == ["Budget?"]
    assert outcome.state == state


@pytest.mark.parametrize("target", ["reason", "name", "unheard_of"])
def test_a_button_of_a_question_off_the_way_changes_nothing(lead: Simulation, target: str) -> None:
    lead.say("sales")
    outcome = lead.say("x", question=target)
    assert outcome.events == ()
    assert texts(outcome)[-1] == "Budget?"


def test_an_invalid_change_keeps_the_old_answer(lead: Simulation) -> None:
    lead.say("sales")
    outcome = lead.say("bananas", question="goal")
    assert names(outcome) == ["answer_rejected"]
    assert lead.state.answers["goal"].value == "sales"
    assert texts(outcome)[-1] == "Budget?"


def test_going_back_asks_the_question_before_and_the_same_answer_goes_on(lead: Simulation) -> None:
    lead.say("sales")
    lead.say("50")
    assert names(lead.command("/back")) == ["question_asked"]
    lead.command("/back")
    assert lead.state.pending == "goal"
    assert names(lead.say("sales")) == ["question_asked"]
    assert lead.state.pending == "name"


def test_there_is_nothing_before_the_first_question(lead: Simulation) -> None:
    outcome = lead.command("/back")
    assert outcome.events == ()
    assert texts(outcome)[-1] == "Goal?"


def test_interruptions_answer_briefly_and_ask_again(lead: Simulation) -> None:
    assert texts(lead.command("/why")) == ["Because.", "Goal?"]
    assert texts(lead.command("?what is the pricee")) == ["Free", "Goal?"]
    assert texts(lead.command("?is my data safe")) == ["Safe", "Goal?"]
    unknown = lead.command("?who won the match")
    assert texts(unknown)[-1] == "Goal?"
    assert len(unknown.messages) == 2
    assert [event.name for event in lead.events] == ["started", "question_asked"]


def test_a_named_topic_needs_no_words(lead: Simulation) -> None:
    assert texts(engine.faq(lead.flow, lead.state, "???", "price"))[0] == "Free"


def test_stopping_keeps_everything_and_the_next_words_resume(lead: Simulation) -> None:
    lead.say("sales")
    assert names(lead.command("/stop")) == ["stopped"]
    assert names(lead.command("/stop")) == []
    outcome = lead.say("hello again")
    assert names(outcome) == ["resumed"]
    assert texts(outcome)[-1] == "Budget?"
    assert not lead.state.stopped
    assert lead.state.misses == 0


def test_who_comes_back_with_the_answer_has_answered(lead: Simulation) -> None:
    lead.say("sales")
    lead.command("/stop")
    outcome = lead.say("12000 €")
    assert names(outcome) == ["resumed", "answer_recorded", "scored", "question_asked"]
    assert texts(outcome) == ["Rich?"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("I read about you in a magazine", "I read about you in a magazine"),
        ("Hello again!", None),
        ("me revoilà", None),
        ("what is the price?", None),
    ],
)
def test_who_comes_back_to_a_text_question_is_not_taken_at_hello(
    lead: Simulation, words: str, kept: str | None
) -> None:
    lead.say("other")
    lead.command("/stop")
    outcome = lead.say(words)
    assert names(outcome)[0] == "resumed"
    assert not lead.state.stopped
    assert (lead.state.answers["reason"].value if "reason" in lead.state.answers else None) == kept
    assert texts(outcome)[-1] == ("Reason?" if kept is None else "Name?")


def test_a_yes_after_a_pause_does_not_confirm_the_recap(lead: Simulation) -> None:
    for raw in ("sales", "500", "Maya"):
        lead.say(raw)
    lead.command("/stop")
    assert names(lead.say("yes")) == ["resumed"]
    assert lead.state.recap == "done"
    assert names(lead.say("yes")) == ["recap_confirmed", "completed"]


def test_a_button_resumes_and_answers_at_once(lead: Simulation) -> None:
    lead.say("sales")
    lead.command("/stop")
    outcome = lead.say(1000, question="budget")
    assert names(outcome)[:2] == ["resumed", "answer_recorded"]


@pytest.mark.parametrize("line", ["/back", "/why", "/person", "?price"])
def test_every_command_resumes(lead: Simulation, line: str) -> None:
    lead.say("sales")
    lead.command("/stop")
    lead.command(line)
    assert not lead.state.stopped


def test_hello_again_repeats_the_question(lead: Simulation) -> None:
    lead.say("sales")
    outcome = lead.apply(engine.start(lead.flow, lead.state.origin, lead.state))
    assert outcome.events == ()
    assert texts(outcome) == ["Budget?"]


def test_an_optional_question_can_be_skipped_by_button_or_word(flow: Flow) -> None:
    for raw in ("", "skip", "passer", "no thanks"):
        lead = Simulation(flow, TODAY)
        lead.say("other")
        assert lead.outcome.messages[-1].buttons[-1].payload == '/answer{"question":"reason","value":""}'
        lead.say(raw)
        assert lead.state.answers["reason"].value is None
        assert lead.state.score == 0
        assert [answer["question"] for answer in engine.answers_given(flow, lead.state)] == ["goal"]


def test_the_state_survives_json(lead: Simulation) -> None:
    lead.say("sales")
    lead.say("2000")
    lead.say("other", question="goal")
    assert State.from_json(json.loads(json.dumps(lead.state.to_json(), sort_keys=True))) == lead.state


def test_events_of_a_later_version_are_passed_over() -> None:
    origin = Origin("v", "en")
    assert engine.fold(origin, [engine.Event("invented", {"x": 1})]) == State(origin)


STORED_BY_THE_FIRST_VERSION = {
    "flow_version_id": "simulation", "lead_id": "", "locale": "en", "channel": "widget", "utm": {}, "hidden": {},
    "started": True, "path": ["goal"], "answers": {"goal": {"value": "sales", "display": "Sales", "ordinal": 1}},
    "set_aside": {"reason": {"value": "x", "display": "x", "ordinal": 4}}, "pending": "budget", "score": 0, "end": None,
    "outcome": None, "stopped": False, "person_requested": False,
}  # fmt: skip


def test_a_state_stored_by_the_first_version_goes_on_to_its_end(lead: Simulation) -> None:
    state = State.from_json(json.loads(json.dumps(STORED_BY_THE_FIRST_VERSION)))
    lead.outcome = engine.Outcome((), (), state)
    lead.say("bananas")
    assert lead.state.misses == 1
    assert names(lead.command("/in fr")) == ["locale_changed"]
    assert lead.state.origin.locale == "en"
    assert names(lead.command("/person")) == ["person_requested"]
    lead.command("/go-on")
    lead.say("50")
    assert names(lead.say("Maya")) == ["answer_recorded", "recap_shown"]
    lead.command("/confirm")
    assert lead.state.end == "done"


@pytest.mark.parametrize("at", ["question", "person", "end"])
def test_a_state_without_what_later_versions_added_is_read(lead: Simulation, at: str) -> None:
    lead.say("sales")
    for line in {"question": [], "person": ["/person"], "end": ["50", "Maya", "/confirm"]}[at]:
        lead.command(line)
    stored = lead.state.to_json()
    for unknown_then in ("recap", "person", "misses", "asked_for", "began_in", "called"):
        del stored[unknown_then]
    read = State.from_json(json.loads(json.dumps(stored)))
    assert read == replace(lead.state, person="")
    assert engine.resume(lead.flow, read).state == read
    assert engine.answer(lead.flow, read, Given("60"), TODAY).messages
