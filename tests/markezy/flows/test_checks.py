"""What is found before a flow is published."""

from collections.abc import Callable
from typing import Any

import pytest
from markezy.flows.api import check

from tests.markezy.flows.conftest import option, question, said, small_flow

Break = Callable[[dict[str, Any]], Any]


def codes(break_it: Break) -> set[str]:
    definition = small_flow()
    break_it(definition)
    return {finding.code for finding in check(definition)}


def test_a_flow_in_order_has_no_findings() -> None:
    assert check(small_flow()) == []


@pytest.mark.parametrize(
    ("code", "break_it"),
    [
        ("malformed", lambda flow: flow.update(colour="red")),
        ("malformed", lambda flow: flow["questions"]["goal"].update(type="riddle")),
        ("malformed", lambda flow: flow["questions"]["goal"].pop("options")),
        ("malformed", lambda flow: flow["questions"]["name"].update(options=[option("a")])),
        ("malformed", lambda flow: flow["questions"]["goal"]["options"].append(option("sales"))),
        ("malformed", lambda flow: flow["questions"]["name"].update(validation={"pattern": "("})),
        ("malformed", lambda flow: flow["questions"]["name"].update(validation={"min": 3, "max": 2})),
        ("malformed", lambda flow: flow["questions"].update(done=question("text", "name"))),
        ("malformed", lambda flow: flow["questions"].update({"Bad Id": question("text", "name")})),
        ("malformed", lambda flow: flow["questions"]["rich"].update(type="scale")),
        ("malformed", lambda flow: flow["questions"]["name"].update(next=[])),
        ("unknown_target", lambda flow: flow.update(start="nowhere")),
        ("unknown_target", lambda flow: flow["questions"]["rich"].update(next=[{"to": "nowhere"}])),
        ("no_default", lambda flow: flow["questions"]["goal"]["next"].pop()),
        ("dead_transition", lambda flow: flow["questions"]["goal"]["next"].insert(0, {"to": "name"})),
        ("invalid_condition", lambda flow: flow["scoring"].append({"when": "answers.goal ==", "points": 1})),
        ("unknown_variable", lambda flow: flow["scoring"].append({"when": "answer.goal == 'x'", "points": 1})),
        ("unknown_variable", lambda flow: flow["scoring"].append({"when": "score > 1", "points": 1})),
        ("unknown_question", lambda flow: flow["scoring"].append({"when": "answers.gaol == 'x'", "points": 1})),
        ("unknown_option", lambda flow: flow["scoring"].append({"when": "answers.goal == 'sale'", "points": 1})),
        ("unknown_option", lambda flow: flow["scoring"].append({"when": "answers.goal in ['x']", "points": 1})),
        ("unusable_condition", lambda flow: flow["scoring"].append({"when": "answers.budget == 1 + 'x'", "points": 1})),
        ("unusable_condition", lambda flow: flow["scoring"].append({"when": "answers.budget + 1", "points": 1})),
        ("unusable_condition", lambda flow: flow["scoring"].append({"when": "answers.goal > 3", "points": 1})),
        ("cycle", lambda flow: flow["questions"]["name"].update(next=[{"to": "goal"}])),
        ("unreachable", lambda flow: flow["questions"].update(lonely=question("text", "done"))),
        ("unreachable", lambda flow: flow["ends"].update(lonely={"outcome": "nurture", "message": said("x")})),
        ("asked_later", lambda flow: flow["questions"]["goal"]["next"][0].update(when="answers.name == 'x'")),
        ("unfilled_placeholder", lambda flow: flow["questions"]["name"].update(text=said("About {budget}?"))),
        ("unfilled_placeholder", lambda flow: flow["questions"]["name"].update(text=said("{who}?"))),
        ("missing_translation", lambda flow: flow["greeting"].pop("fr")),
        ("missing_translation", lambda flow: flow["questions"]["goal"]["options"][0]["title"].pop("fr")),
        ("missing_translation", lambda flow: flow["faqs"]["price"]["answer"].pop("en")),
        ("unknown_locale", lambda flow: flow.update(locales=["en", "fr", "nl"])),
    ],
)
def test_a_problem_is_found(code: str, break_it: Break) -> None:
    assert code in codes(break_it)


def test_names_bound_inside_a_condition_are_no_unknown_variables() -> None:
    assert (
        codes(lambda flow: flow["scoring"].append({"when": "[1, 2].exists(n, n == answers.budget)", "points": 1}))
        == set()
    )


def test_a_finding_says_where() -> None:
    definition = small_flow()
    definition["questions"]["goal"]["next"][0]["when"] = "answers.goal =="
    (finding,) = check(definition)
    assert finding.at == "questions/goal/next/0"
    assert finding.message
