"""The demo agencies' flows: in order, complete in three languages, every end within reach."""

import random
from typing import Any

import pytest
from markezy.flows.answers import Accepted, Given, read_answer
from markezy.flows.api import check
from markezy.flows.definition import QuestionType, Role
from markezy.flows.engine import Answer, Flow, Origin
from markezy.flows.engine.path import walk
from markezy.flows.simulator import sample_answers

from tests.markezy.flows.conftest import TODAY

Ways = list[tuple[tuple[str, ...], str]]

LEADS = 600
"""Enough for the rarest end, which one lead in a hundred reaches."""


@pytest.fixture(scope="module")
def ways(seeded: Flow) -> Ways:
    """What imagined leads were asked, and where they ended. The same leads at every run."""
    chance = random.Random(20261123)
    return [follow(seeded, chance) for _ in range(LEADS)]


def follow(flow: Flow, chance: random.Random) -> tuple[tuple[str, ...], str]:
    answers: dict[str, Answer] = {}
    for _ in range(len(flow.definition.questions) + 1):
        arrived = walk(flow, Origin("v", "en"), answers).arrives_at
        if arrived in flow.definition.ends:
            return tuple(answers), arrived
        value = chance.choice(sample_answers(flow.definition.questions[arrived], TODAY))
        answers[arrived] = Answer(None if value == "" else value, "x", flow.ordinals[arrived])
    raise AssertionError("no end in sight")


def test_nothing_is_found_in_them(seeded_source: dict[str, Any]) -> None:
    assert check(seeded_source) == []


def test_every_lead_ends_and_every_end_and_question_is_reached(seeded: Flow, ways: Ways) -> None:
    assert {end for _, end in ways} == set(seeded.definition.ends)
    assert {question for asked, _ in ways for question in asked} == set(seeded.definition.questions)


def test_the_way_of_a_lead_follows_the_order_of_the_flow(seeded: Flow, ways: Ways) -> None:
    for asked, _ in ways:
        assert list(asked) == sorted(asked, key=lambda question: seeded.ordinals[question])


def test_branches_lie_within_branches(ways: Ways) -> None:
    assert len({asked for asked, _ in ways}) >= 20


def test_they_are_worth_a_strategy(seeded: Flow) -> None:
    definition = seeded.definition
    assert {"en", "fr", "es"} == set(definition.locales)
    assert len(definition.questions) >= 12
    assert {end.outcome.value for end in definition.ends.values()} == {
        "qualified",
        "nurture",
        "disqualified",
        "handed_over",
    }
    assert {"goal", "budget", "channels", "website", "city", "timeline", "team"} <= set(definition.questions)
    assert definition.questions["budget"].type is QuestionType.MONEY
    assert definition.questions["phone"].optional
    assert {"price", "privacy"} <= set(definition.faqs)


def test_contact_details_are_asked_after_consent_only(seeded: Flow, ways: Ways) -> None:
    questions = seeded.definition.questions
    personal = [id_ for id_, question in questions.items() if question.role]
    assert {questions[id_].role for id_ in personal} == set(Role)
    (consent,) = (id_ for id_, question in questions.items() if question.type is QuestionType.CONSENT)
    for id_ in personal:
        assert consent in seeded.graph.always_before[id_]
    for path, end in ways:
        if end == "no_consent":
            assert not set(personal) & set(path)


def test_a_lead_is_qualified_only_with_consent_and_an_address(seeded: Flow, ways: Ways) -> None:
    for path, end in ways:
        if seeded.definition.ends[end].outcome.value in ("qualified", "handed_over"):
            assert {"consent", "name", "email"} <= set(path)
            assert len(path) >= 12


def test_no_option_can_be_mistaken_for_another(seeded: Flow) -> None:
    for id_, question in seeded.definition.questions.items():
        for option in question.options:
            for name in (*option.title.values(), *option.synonyms):
                for locale in seeded.definition.locales:
                    understood = read_answer(question, Given(name), locale, TODAY)
                    assert isinstance(understood, Accepted), (id_, name, understood)
                    assert understood.value in (option.value, [option.value]), (id_, name)
