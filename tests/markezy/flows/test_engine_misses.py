"""Whatever isn't understood: said differently each time, and with a way out in time."""

from collections.abc import Callable

import pytest
from markezy.flows import engine
from markezy.flows.engine import Flow, Given, Outcome
from markezy.flows.simulator import Simulation

from tests.markezy.flows.conftest import TODAY

Say = Callable[[Simulation], Outcome]


def names(outcome: Outcome) -> list[str]:
    return [event.name for event in outcome.events]


def first_words(outcome: Outcome) -> str:
    return outcome.messages[0].text


def taps(outcome: Outcome) -> list[str]:
    return [button.payload for message in outcome.messages for button in message.buttons]


def chat(lead: Simulation, kind: str, words: str = "lol", confidence: float = 1.0) -> Outcome:
    return lead.apply(engine.small_talk(lead.flow, lead.state, kind, Given(words, kind, (), confidence), TODAY))


@pytest.fixture
def lead(flow: Flow) -> Simulation:
    lead = Simulation(flow, TODAY)
    lead.say("sales")
    return lead


def to_the_recap(lead: Simulation) -> None:
    for raw in ("500", "Maya"):
        lead.say(raw)


AT_A_QUESTION: dict[str, Say] = {
    "out_of_scope": lambda lead: chat(lead, "out_of_scope", "who won the match?"),
    "small_talk": lambda lead: chat(lead, "small_talk", "lovely weather"),
    "insult": lambda lead: chat(lead, "insult", "you stupid machine"),
    "which_answer": lambda lead: lead.command("/change something"),
    "which_language": lambda lead: lead.command("/in de"),
}
AT_THE_RECAP: dict[str, Say] = {
    **AT_A_QUESTION,
    "recap_unclear": lambda lead: lead.say("bananas"),
    "what_to_change": lambda lead: lead.say("no"),
}


@pytest.mark.parametrize("reason", AT_A_QUESTION)
def test_three_misses_of_a_question_are_answered_differently_and_lead_to_a_person(
    lead: Simulation, reason: str
) -> None:
    outcomes = [AT_A_QUESTION[reason](lead) for _ in range(3)]
    assert [(names(each), each.events[0].data) for each in outcomes] == [
        (["answer_rejected"], {"question": "budget", "reason": reason})
    ] * 3
    assert len({first_words(each) for each in outcomes}) == 3
    assert ["/ask_person" in taps(each) for each in outcomes] == [reason == "insult", True, True]
    assert lead.state.misses == 3
    lead.say("500")
    assert lead.state.misses == 0


@pytest.mark.parametrize("reason", AT_THE_RECAP)
def test_three_misses_at_the_recap_are_answered_differently_and_lead_to_a_person(lead: Simulation, reason: str) -> None:
    to_the_recap(lead)
    outcomes = [AT_THE_RECAP[reason](lead) for _ in range(3)]
    assert [each.events[0].data for each in outcomes] == [{"question": "recap", "reason": reason}] * 3
    assert len({first_words(each) for each in outcomes}) == 3
    assert ["/ask_person" in taps(each) for each in outcomes] == [reason == "insult", True, True]
    assert lead.state.recap == "done"
    lead.command("/confirm")
    assert lead.state.end == "done"
    assert lead.state.misses == 0


def test_misses_of_all_kinds_add_up(lead: Simulation) -> None:
    lead.say("bananas")
    assert "/ask_person" in taps(chat(lead, "out_of_scope", "who won the match?"))
    assert lead.say("bananas").messages[1].text == "Because."


def test_out_of_scope_twice_hears_why_the_question_is_asked(lead: Simulation) -> None:
    chat(lead, "out_of_scope", "who won the match?")
    outcome = chat(lead, "out_of_scope", "who won the match?")
    assert [message.text for message in outcome.messages[1:]] == ["Because.", "Budget?"]


def test_a_recap_that_is_shown_again_forgets_no_miss(lead: Simulation) -> None:
    to_the_recap(lead)
    lead.say("bananas")
    assert names(lead.say("sales", "goal")) == ["recap_shown"]
    assert lead.state.misses == 1
    assert "/ask_person" in taps(lead.say("bananas"))


def test_who_cannot_say_which_answer_may_leave_all_as_they_are(lead: Simulation) -> None:
    assert "/go_on" not in taps(lead.command("/change something"))
    assert "/go_on" in taps(lead.command("/change something"))
    assert lead.command("/go-on").messages[-1].text == "Budget?"


def test_thanks_are_no_miss(lead: Simulation) -> None:
    outcome = chat(lead, "small_talk", "oh thank you!")
    assert outcome.events == ()
    assert [message.text for message in outcome.messages] == ["You're welcome! Here is the question again:", "Budget?"]


@pytest.mark.parametrize(("misses", "reason"), [(0, "asked"), (1, "asked"), (2, "misunderstood"), (3, "misunderstood")])
def test_the_team_hears_why_a_person_is_wanted(lead: Simulation, misses: int, reason: str) -> None:
    for _ in range(misses):
        lead.say("bananas")
    assert lead.command("/person").events[0].data == {"reason": reason}
    lead.command("/go-on")
    assert lead.command("/person").events[0].data == {"reason": "asked"}


def test_what_was_missed_at_the_recap_is_no_reason_after_the_end(lead: Simulation) -> None:
    to_the_recap(lead)
    lead.say("bananas")
    lead.say("bananas")
    lead.command("/confirm")
    assert lead.command("/person").events[0].data == {"reason": "asked"}
