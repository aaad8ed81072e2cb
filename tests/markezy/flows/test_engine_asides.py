"""Questions in return and chatter: before the end, after it, and while the lead has stopped."""

from typing import Any

import pytest
from markezy.flows import engine
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Flow, Given, Heard, Outcome, compile_flow
from markezy.flows.simulator import Simulation

from tests.markezy.flows.conftest import TODAY, small_flow


def names(outcome: Outcome) -> list[str]:
    return [event.name for event in outcome.events]


def texts(outcome: Outcome) -> list[str]:
    return [message.text for message in outcome.messages]


def taps(outcome: Outcome) -> list[str]:
    return [button.payload for message in outcome.messages for button in message.buttons]


def chat(lead: Simulation, kind: str, words: str) -> Outcome:
    return lead.apply(engine.small_talk(lead.flow, lead.state, kind, Given(words, kind), TODAY))


@pytest.fixture
def lead(flow: Flow) -> Simulation:
    return Simulation(flow, TODAY)


def to_the_end(lead: Simulation, *answers: str) -> None:
    for raw in answers or ("sales", "500", "Maya"):
        lead.say(raw)
    lead.command("/confirm")
    assert lead.state.end is not None


@pytest.mark.parametrize("kind", ["out_of_scope", "small_talk"])
@pytest.mark.parametrize(
    "words",
    [
        "what is the price of this?",
        "how much",
        "Hi, how much is it",
        "c'est quoi votre price",
        "price",
        "I can't say. Any price?",
    ],
)
def test_what_sounds_like_chatter_may_be_in_the_faq(lead: Simulation, kind: str, words: str) -> None:
    lead.say("sales")
    outcome = chat(lead, kind, words)
    assert outcome.events == ()
    assert texts(outcome) == ["Free", "Budget?"]


@pytest.mark.parametrize(
    ("kind", "words"), [("small_talk", "your data looks lovely"), ("out_of_scope", "the price of gold fell yesterday")]
)
def test_chatter_that_mentions_a_keyword_asks_nothing(lead: Simulation, kind: str, words: str) -> None:
    lead.say("sales")
    assert names(chat(lead, kind, words)) == ["answer_rejected"]


@pytest.mark.parametrize("words", ["what is the price of this?", "combien, how much?", "dígame, is my data safe?"])
def test_a_question_is_no_wrong_answer(lead: Simulation, words: str) -> None:
    lead.say("sales")
    outcome = lead.say(words, intent="answer")
    assert outcome.events == ()
    assert texts(outcome)[0] in ("Free", "Safe")
    assert texts(outcome)[-1] == "Budget?"


def test_an_answer_with_a_question_is_an_answer(lead: Simulation) -> None:
    lead.say("sales")
    assert names(lead.say("is a price of 500 all right?"))[0] == "answer_recorded"


@pytest.mark.parametrize("words", ["what is the price of this?", "How much is it", "tell me the price", "¿y mi data?"])
def test_a_question_is_not_stored_as_a_text(lead: Simulation, words: str) -> None:
    lead.say("other")
    outcome = lead.say(words, intent="answer")
    assert outcome.events == ()
    assert texts(outcome)[-1] == "Reason?"


@pytest.mark.parametrize(
    "words",
    [
        "our price is the problem",
        "I saw your price list. What a surprise?",
        "We collect too much data and nobody reads it",
        "Who won the match?",
        "What makes us special is our price",
    ],
)
def test_a_text_that_only_mentions_the_faq_is_an_answer(lead: Simulation, words: str) -> None:
    lead.say("other")
    lead.say(words, intent="answer")
    assert lead.state.answers["reason"].value == words


def test_a_question_in_which_something_was_heard_is_an_answer(lead: Simulation) -> None:
    lead.say("other")
    told = Given("a bakery, how much?", "answer", (Heard("business", "a bakery", 0, 8),))
    assert names(engine.answer(lead.flow, lead.state, told, TODAY))[0] == "answer_recorded"


def test_a_question_at_the_recap_is_answered(lead: Simulation) -> None:
    for raw in ("sales", "500", "Maya"):
        lead.say(raw)
    outcome = lead.say("what is the price?")
    assert outcome.events == ()
    assert texts(outcome)[0] == "Free"
    assert lead.state.recap == "done"


QUALIFIED = "Your answers are with the team. If your strategy isn't here yet, it will appear in this chat as soon as it is ready."


@pytest.mark.parametrize(
    ("kind", "words", "said", "tapped"),
    [
        ("small_talk", "thanks a lot", "You're very welcome!", []),
        ("small_talk", "merci !", "You're very welcome!", []),
        ("small_talk", "haha", "It was nice chatting with you.", []),
        ("out_of_scope", "who won the match?", "That's beyond what I can help with here", ["/ask_person"]),
        ("insult", "you stupid machine", "I'm sorry if something here annoyed you.", ["/ask_person"]),
    ],
)
def test_after_the_end_chatter_hears_what_happens_next(
    lead: Simulation, kind: str, words: str, said: str, tapped: list[str]
) -> None:
    to_the_end(lead)
    outcome = chat(lead, kind, words)
    assert outcome.events == ()
    (text,) = texts(outcome)
    assert text.startswith(said)
    assert text.endswith(QUALIFIED)
    assert taps(outcome) == tapped


def test_after_an_end_that_can_be_reopened_the_way_back_is_told(lead: Simulation) -> None:
    to_the_end(lead, "sales", "5000", "no", "Maya")
    (text,) = texts(chat(lead, "small_talk", "thank you"))
    assert (
        text
        == "You're very welcome! We are at the end of the questions; if you'd like to change an answer, write “go back”."
    )


@pytest.mark.parametrize("locale", ["en", "fr", "es"])
@pytest.mark.parametrize("outcome", ["qualified", "nurture", "disqualified", "handed_over"])
def test_the_last_words_exist_for_every_end_in_every_language(locale: str, outcome: str) -> None:
    definition: dict[str, Any] = small_flow()
    definition["ends"]["done"].update(outcome=outcome, recap=False)
    lead = Simulation(compile_flow(FlowDefinition.model_validate(definition)), TODAY, locale)
    for raw in ("sales", "500", "Maya"):
        lead.say(raw)
    for kind, words in (("small_talk", "thanks"), ("small_talk", "lol"), ("insult", "fool"), ("out_of_scope", "?")):
        assert len(chat(lead, kind, words).messages) == 1
    assert len(lead.command("/why").messages) == 1


def test_after_the_end_questions_are_still_answered(lead: Simulation) -> None:
    to_the_end(lead)
    assert texts(lead.command("?what is the price")) == ["Free"]
    assert texts(lead.say("what is the price?")) == ["Free"]
    assert texts(chat(lead, "out_of_scope", "what is the price?")) == ["Free"]
    assert taps(lead.command("?who won the match")) == ["/ask_person"]
    (why,) = texts(lead.command("/why"))
    assert why.endswith(QUALIFIED)


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        ("small_talk", "thanks, bye", "You're welcome! Your answers are kept"),
        ("small_talk", "see you", "All right. We have stopped here"),
        ("out_of_scope", "I have to catch my train", "All right. We have stopped here"),
    ],
)
@pytest.mark.parametrize("answers", [["sales"], ["other"], ["sales", "500"], ["sales", "500", "Maya"]])
def test_who_has_stopped_says_goodbye_in_peace(
    lead: Simulation, answers: list[str], kind: str, words: str, said: str
) -> None:
    for raw in answers:
        lead.say(raw)
    lead.command("/stop")
    outcome = chat(lead, kind, words)
    assert outcome.events == ()
    (text,) = texts(outcome)
    assert text.startswith(said)
    assert lead.state.stopped


def test_a_link_for_later_does_not_ask_who_has_stopped(lead: Simulation) -> None:
    lead.command("/stop")
    lead.command("/later")
    outcome = lead.say("maya@shop.example")
    assert names(outcome) == ["resume_link_requested"]
    assert len(outcome.messages) == 1
    assert lead.state.stopped


def test_an_answer_that_sounds_like_chatter_resumes(lead: Simulation) -> None:
    lead.say("sales")
    lead.command("/stop")
    assert names(chat(lead, "out_of_scope", "12000 €"))[:2] == ["resumed", "answer_recorded"]
