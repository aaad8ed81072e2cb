"""Why a lead has the score they have: by question what it brought, and all of it the score."""

from dataclasses import replace
from typing import Any

import hypothesis
from hypothesis import strategies as st
from markezy.flows.definition import parse_definition
from markezy.flows.engine import Answer, Origin, compile_flow
from markezy.flows.engine.path import score
from markezy.flows.model import ScoreReason
from markezy.flows.scoring import reasons

from tests.markezy.flows.conftest import small_flow

HERE = Origin("version", "en", "widget", utm={"source": "ad"}, hidden={"plan": "gold"})


def flow(*rules: tuple[str, int], **more: Any) -> dict[str, Any]:
    return {**small_flow(), "scoring": [{"when": when, "points": points} for when, points in rules], **more}


def found(
    definition: dict[str, Any], answers: dict[str, Any], origin: Origin = HERE
) -> list[tuple[tuple[str, ...], int]]:
    return [(one.questions, one.points) for one in reasons(parse_definition(definition), origin, answers, "en")]


def test_rules_on_the_same_question_are_one_reason_and_the_most_telling_comes_first() -> None:
    made = flow(("answers.goal == 'sales'", 10), ("answers.budget >= 1000", 15), ("answers.budget >= 5000", 15))
    assert found(made, {"goal": "sales", "budget": 6000}) == [(("budget",), 30), (("goal",), 10)]
    assert found(made, {"goal": "sales", "budget": 100}) == [(("goal",), 10)]


def test_points_that_cost_count_by_their_size_and_what_cancels_itself_out_is_no_reason() -> None:
    made = flow(
        ("answers.goal == 'sales'", 10),
        ("answers.budget < 300", -20),
        ("has(answers.name)", 5),
        ("answers.name != ''", -5),
    )
    assert found(made, {"goal": "sales", "budget": 10, "name": "Zoë"}) == [(("budget",), -20), (("goal",), 10)]


def test_a_rule_on_several_questions_names_them_in_the_flow_s_order() -> None:
    made = flow(("answers.budget >= 1000 && answers.goal == 'sales'", 7))
    assert found(made, {"goal": "sales", "budget": 1000}) == [(("goal", "budget"), 7)]


def test_a_computed_field_leads_back_to_the_answers_it_is_worked_out_from() -> None:
    made = flow(("computed.yearly > 10000.0", 9), computed={"yearly": {"value": "double(answers.budget) * 12.0"}})
    assert found(made, {"budget": 1000}) == [(("budget",), 9)]


def test_where_the_lead_came_from_is_a_reason_without_a_question() -> None:
    made = flow(("utm.source == 'ad'", 3), ("hidden.plan == 'gold'", 4), ("channel == 'whatsapp'", 50))
    assert found(made, {}) == [((), 7)]


def test_a_rule_sees_the_language_the_lead_came_with_whatever_the_labels_are_in() -> None:
    made = flow(("locale == 'fr' && answers.budget >= 1000", 6))
    assert found(made, {"budget": 1000}, replace(HERE, locale="fr")) == [(("budget",), 6)]
    assert found(made, {"budget": 1000}) == []


def test_a_missing_answer_that_counted_is_named() -> None:
    assert found(flow(("!has(answers.reason)", -5)), {"goal": "other"}) == [(("reason",), -5)]


def test_labels_are_in_the_language_asked_for_or_the_flow_s_first() -> None:
    made = parse_definition(flow(("answers.budget >= 1000", 1)))
    assert reasons(made, HERE, {"budget": 1000}, "fr") == (ScoreReason(("budget",), ("Label (fr)",), 1),)
    assert reasons(made, HERE, {"budget": 1000}, "es") == (ScoreReason(("budget",), ("Label",), 1),)


@hypothesis.given(
    st.dictionaries(
        st.sampled_from(["goal", "budget", "reason", "name", "rich"]),
        st.one_of(st.integers(0, 9000), st.sampled_from(["sales", "other", ""]), st.booleans(), st.none()),
    ),
    st.lists(
        st.tuples(
            st.sampled_from([
                "answers.goal == 'sales'", "answers.budget >= 1000", "has(answers.name)", "!has(answers.reason)",
                "answers.rich == true && answers.budget < 500", "utm.source == 'ad'", "answers.name == answers.goal",
            ]),
            st.integers(-30, 30),
        ),
        max_size=8,
    ),
)  # fmt: skip
def test_the_reasons_always_add_up_to_the_score(answers: dict[str, Any], rules: list[tuple[str, int]]) -> None:
    definition = parse_definition(flow(*rules))
    said = {question: Answer(value, "", 0) for question, value in answers.items()}
    assert sum(points for _, points in found(flow(*rules), answers)) == score(compile_flow(definition), HERE, said)
