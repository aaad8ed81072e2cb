"""Flows played in text."""

import pytest
from markezy.flows.answers import Accepted, Given, read_answer
from markezy.flows.definition import FlowDefinition, Question
from markezy.flows.engine import Flow, compile_flow
from markezy.flows.simulator import Simulation, change_in, play, sample_answers

from tests.markezy.flows.conftest import TODAY, question, small_flow


def test_a_conversation_reads_like_one(flow: Flow) -> None:
    shown = list(play(flow, ["/why", "1", "?price", "50", "/back", "60", "Maya", "/confirm", "never read"], TODAY))
    assert shown[0] == "Hello"
    assert "  1. Sales" in shown
    assert "Free" in shown
    assert shown[-2:] == ["Thanks Maya (3/3)", "[qualified: done, 0 points]"]


def test_a_file_can_be_sent_by_its_name() -> None:
    source = small_flow()
    source["start"] = "plan"
    source["questions"]["plan"] = question("file", "goal", validation={"media_types": ["application/pdf"]})
    flow = compile_flow(FlowDefinition.model_validate(source))
    shown = list(play(flow, ["/file plan.png", "/file plan.pdf"], TODAY))
    assert shown[-3:] == ["Goal? (1/5)", "  1. Sales", "  2. Other"]


@pytest.mark.parametrize("media_types", [[], ["application/pdf"], ["image/*"], ["image/jpeg", "image/png"]])
def test_sample_answers_are_usable_files_too(media_types: list[str]) -> None:
    asked = Question.model_validate(question("file", "goal", validation={"media_types": media_types}))
    for sample in sample_answers(asked, TODAY):
        assert isinstance(read_answer(asked, Given(sample), "en", TODAY), Accepted)


@pytest.mark.parametrize(
    "words",
    [
        "I meant 5,000",
        "sorry, I meant 5,000, not 500",
        "change my budget",
        "could you change the budget to 5,000?",
        "not Paris but Lyon",
        "je voulais dire 500",
        "modifier mon budget",
        "quería decir Lyon",
        "cambiar mi presupuesto",
    ],
)
def test_words_that_put_something_right_are_a_change(words: str) -> None:
    assert change_in(words) is not None


@pytest.mark.parametrize(
    "words",
    ["It's Maya", "No, we sell shoes", "no", "make more sales", "set up a new shop", "2,500 euros", "c'est Maya", ""],
)
def test_other_words_are_an_answer(words: str) -> None:
    assert change_in(words) is None


def test_a_plan_to_change_something_is_still_an_answer_where_anything_may_be_said() -> None:
    source = small_flow()
    source["questions"]["reason"]["type"] = "long_text"
    lead = Simulation(compile_flow(FlowDefinition.model_validate(source)), TODAY)
    lead.command("other")
    lead.command("change our image")
    assert lead.state.answers["reason"].value == "change our image"


def test_a_correction_is_heard_like_in_the_chat(flow: Flow) -> None:
    lead = Simulation(flow, TODAY)
    for words in ("sales", "500", "I meant 5,000"):
        lead.command(words)
    assert (lead.state.answers["budget"].value, lead.state.pending) == (5000, "rich")
