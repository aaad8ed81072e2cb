"""What changed between two versions, in words."""

from collections.abc import Callable
from typing import Any

import pytest
from markezy.flows.definition import FlowDefinition
from markezy.flows.diff import diff
from markezy.flows.engine import Flow

from tests.markezy.flows.conftest import option, question, said, small_flow

Edit = Callable[[dict[str, Any]], Any]


def changes(edit: Edit, locale: str = "en") -> list[str]:
    edited = small_flow()
    edit(edited)
    before, after = FlowDefinition.model_validate(small_flow()), FlowDefinition.model_validate(edited)
    return [str(change) for change in diff(before, after, locale)]


def test_a_flow_is_the_same_as_itself(seeded: Flow) -> None:
    assert diff(seeded.definition, seeded.definition, "fr") == []


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (lambda f: f["greeting"].update(fr="Salut"), ["Greeting (fr): “Hello (fr)” → “Salut”"]),
        (lambda f: f["questions"]["goal"]["text"].update(en="Why?"), ["Question “Label” (goal), text (en): “Goal?” → “Why?”"]),
        (lambda f: f["questions"]["goal"]["options"].append(option("growth")),
         ["Question “Label” (goal), option growth added: “Growth”"]),
        (lambda f: f["questions"]["goal"]["options"].pop(), ["Question “Label” (goal), option other removed: “Other”"]),
        (lambda f: f["questions"]["goal"]["options"].reverse(),
         ["Question “Label” (goal), options moved: sales, other → other, sales"]),
        (lambda f: f["questions"]["goal"]["next"][0].update(when="answers.goal == 'other'"),
         ["Question “Label” (goal), way on: “if answers.goal == 'sales', to budget” → “if answers.goal == 'other', to budget”"]),
        (lambda f: f["questions"]["name"].update(optional=True), ["Question “Label” (name), may be skipped: “no” → “yes”"]),
        (lambda f: f["questions"]["budget"].update(validation={"max": 5000}),
         ["Question “Label” (budget), max: nothing → “5000”"]),
        (lambda f: f["questions"]["rich"].update(when="locale == 'fr'"),
         ["Question “Label” (rich), asked only if: nothing → “locale == 'fr'”"]),
        (lambda f: f["scoring"][0].update(points=20), ["Points: “+10 if answers.budget >= 1000” → “+20 if answers.budget >= 1000”"]),
        (lambda f: f["scoring"].pop(), ["Points removed: “+1 if has(answers.reason)”"]),
        (lambda f: f.update(rules=[{"when": "score > 5", "to": "done"}]), ["Rule added: “if score > 5, to done”"]),
        (
            lambda f: f.update(rules=[{"when": "score > 5", "call_person": True}]),
            ["Rule added: “if score > 5, call a person”"],
        ),
        (lambda f: f.update(computed={"a": {"value": "1"}}), ["Computed field a added: “1”"]),
        (lambda f: f["ends"]["done"].update(outcome="nurture"),
         ["End done, outcome: “qualified” → “nurture”", "End done, recap: “yes” → “no”"]),
        (lambda f: f["faqs"].pop("price"), ["FAQ price removed: “Free”"]),
        (lambda f: f.update(locales=["fr", "en"]), ["Languages: “en, fr” → “fr, en”"]),
    ],
)  # fmt: skip
def test_each_change_is_one_line(edit: Edit, lines: list[str]) -> None:
    assert changes(edit) == lines


def test_a_question_comes_in_between() -> None:
    def edit(flow: dict[str, Any]) -> None:
        flow["questions"]["city"] = question("text", "name", text=said("Where?"))
        flow["questions"]["reason"]["next"] = [{"to": "city"}]

    assert changes(edit, "fr") == [
        "Question “Label (fr)” (reason), way on: “otherwise to name” → “otherwise to city”",
        "Question “Label (fr)” (city) added: “Where? (fr)”",
    ]


def test_a_question_asked_at_another_place_has_moved_and_no_other() -> None:
    def edit(flow: dict[str, Any]) -> None:
        flow["start"] = "name"
        flow["questions"]["name"]["next"] = [{"to": "goal"}]
        for id_ in ("budget", "rich", "reason"):
            flow["questions"][id_]["next"][-1]["to"] = "done"

    moved = [line for line in changes(edit) if " moved: " in line]
    assert moved == ["Question “Label” (name) moved: after reason → first"]


def test_the_order_of_names_means_nothing() -> None:
    def edit(flow: dict[str, Any]) -> None:
        flow["questions"] = dict(reversed(flow["questions"].items()))

    assert changes(edit) == []
