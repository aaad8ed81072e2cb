"""Flows played in text."""

import pytest
from markezy.flows.answers import Accepted, Given, read_answer
from markezy.flows.definition import FlowDefinition, Question
from markezy.flows.engine import Flow, compile_flow
from markezy.flows.simulator import play, sample_answers

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
