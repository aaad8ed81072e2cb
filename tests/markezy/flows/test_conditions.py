"""CEL as flows use it: missing answers are decided, nothing escapes."""

from typing import Any

import pytest
from markezy.flows.conditions import Condition, Facts, InvalidCondition

FACTS = Facts(
    {
        "answers": {"goal": "sales", "budget": 1500, "share": 2.5, "channels": ["seo", "ads"], "consent": True},
        "hidden": {"plan": "a"},
        "utm": {},
        "channel": "widget",
        "locale": "fr",
        "score": 7,
    }
)


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("answers.goal == 'sales'", True),
        ("answers.budget >= 1000 && 'ads' in answers.channels", True),
        ("answers.budget >= 1000.0", True),
        ("answers.share > 2", True),
        ("answers.consent", True),
        ("answers.consent == false", False),
        ("answers.channels.exists(c, c == 'seo')", True),
        ("hidden.plan == 'a' && channel == 'widget' && locale == 'fr' && score > 5", True),
        # A missing answer: neither equal nor unequal, but known to be absent.
        ("answers.name == 'x'", False),
        ("answers.name != 'x'", False),
        ("!(answers.name == 'x')", False),
        ("!has(answers.name)", True),
        ("answers.name == 'x' || answers.goal == 'sales'", True),
        ("answers.goal == 'sales' || answers.name == 'x'", True),
        ("answers.name == 'x' && answers.goal == 'other'", False),
        ("utm.source == 'x'", False),
        # Types that don't go together, and results that are no yes or no.
        ("answers.goal > 3", False),
        ("'x' in answers.budget", False),
        ("answers.budget", False),
        ("1 / 0 == 1", False),
        ("unheard_of == 1", False),
    ],
)
def test_conditions(source: str, holds: bool) -> None:
    assert Condition(source).holds(FACTS) is holds


@pytest.mark.parametrize("source", ["answers.goal ==", ")", "answers.goal = 'x'", "import os", "lambda: 1"])
def test_what_is_not_cel_is_refused(source: str) -> None:
    with pytest.raises(InvalidCondition):
        Condition(source)


@pytest.mark.parametrize(
    ("source", "questions"),
    [
        ("answers.a == 'answers.b' && answers['c'] == 1", {"a", "c"}),
        ('answers["d"] in ["x"] || has(answers.e)', {"d", "e"}),
        ("score > 1", set()),
    ],
)
def test_the_questions_a_condition_asks_for(source: str, questions: set[Any]) -> None:
    assert Condition(source).questions == questions
