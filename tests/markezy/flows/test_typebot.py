"""Bots exported from Typebot."""

import json
from pathlib import Path
from typing import Any

import pytest
from markezy.flows.checks import find_problems
from markezy.flows.definition import FlowDefinition, Question, QuestionType, Role
from markezy.flows.exchange.flow_file import UnreadableFlow
from markezy.flows.exchange.typebot import Imported, import_typebot
from markezy.flows.paths import enumerate_paths

EXPORTS = Path(__file__).parent / "exports"
BOTS = [("lead_form", "en"), ("menu_with_loops", "es"), ("everything_else", "fr")]


def imported(name: str, locale: str) -> Imported:
    return import_typebot((EXPORTS / f"{name}.json").read_text(), locale)


def told(found: Imported) -> list[str]:
    return [str(left_out) for left_out in found.not_carried_over]


def ways(question: Question) -> list[tuple[str | None, str]]:
    return [(way.when, way.to) for way in question.next]


@pytest.mark.parametrize(("name", "locale"), BOTS)
def test_what_comes_out_can_be_published(name: str, locale: str) -> None:
    flow = imported(name, locale).definition
    assert flow.locales == (locale,)
    assert find_problems(flow) == []
    assert enumerate_paths(flow).ways


@pytest.mark.parametrize(("name", "locale"), BOTS)
def test_every_block_is_in_the_flow_or_in_the_list(name: str, locale: str) -> None:
    found = imported(name, locale)
    said = found.definition.model_dump_json()
    listed = {(left_out.group, left_out.block) for left_out in found.not_carried_over}
    for group in json.loads((EXPORTS / f"{name}.json").read_text())["groups"]:
        blocks = [block for block in group["blocks"] if block["type"] != "start"]
        for place, block in enumerate(blocks, 1):
            if (group["title"], f"{block['type']} (block {place})") in listed:
                continue
            if block["type"] == "text":
                texts = block["content"].get("plainText") or block["content"]["richText"][0]["children"][0]["text"]
                assert texts.split("{")[0].strip() in said or texts in "".join(told(found)), texts
            else:
                assert block["type"].endswith(" input") or block["type"] in ("Condition", "Jump"), block


def test_a_lead_form_becomes_questions_with_their_types_and_words() -> None:
    flow = imported("lead_form", "en").definition
    assert flow.greeting == {"en": "Hi, I'm the assistant."}
    types = {id_: question.type for id_, question in flow.questions.items()}
    assert types == {
        "name": QuestionType.TEXT, "interest": QuestionType.CHOICE, "website": QuestionType.URL,
        "budget": QuestionType.MONEY, "email": QuestionType.EMAIL, "day": QuestionType.DATE, "phone": QuestionType.PHONE,
    }  # fmt: skip
    assert flow.questions["interest"].text == {"en": "Nice to meet you, {name}! What are you looking for?"}
    assert flow.questions["website"].repair == {"en": "That is no address."}
    assert flow.questions["name"].placeholder == {"en": "Type your name"}
    assert (flow.questions["budget"].validation.currency, flow.questions["budget"].validation.max) == ("GBP", 100_000)
    assert {question.role for question in flow.questions.values()} == {None, Role.NAME, Role.EMAIL, Role.PHONE}


def test_edges_and_conditions_become_transitions() -> None:
    flow = imported("lead_form", "en").definition
    assert ways(flow.questions["interest"]) == [
        ('answers.interest == "a_website"', "website"),
        ('answers.interest == "advertising"', "budget"),
        (None, "end_interest"),
    ]
    assert ways(flow.questions["budget"]) == [
        ('(answers.budget > 5000 && answers.interest == "advertising")', "day"),
        (None, "email"),
    ]
    assert flow.ends["end_contact"].message == {"en": "Thanks, we write to {email}."}


def test_loops_are_cut_and_told() -> None:
    found = imported("menu_with_loops", "es")
    assert ways(found.definition.questions["algo_mas"]) == [(None, "end_horario")]
    assert ways(found.definition.questions["personas"]) == [(None, "nota")]
    back = [line for line in told(found) if "leads back to" in line]
    assert len(back) == 3
    assert any("group “Reserva”, number input (block 2): this leads back to 'personas'" in line for line in back)
    assert "group “Nunca”, text (block 1): no way leads here" in told(found)


def test_what_has_no_counterpart_is_told_with_its_place() -> None:
    lines = "\n".join(told(imported("everything_else", "fr")))
    for expected in (
        "group “Accueil”, Set variable (block 2): setting a variable",
        "group “Accueil”, Condition (block 6): a condition is left out, so nobody goes its way: it compares a variable",
        "group “Fichiers”, hologram input (block 4): blocks of this kind have no counterpart",
        "group “Fichiers”, payment input (block 3): payments",
        "group “Fin”, Code (block 3): scripts are not run",
        "said on one way to this question only, so left out: “Ravi de vous avoir croisé au salon.”",
        "a choice without words is left out",
        "the setting 'isMultipleAllowed' has no counterpart",
        "an answer shown in ends/end_fin/message/fr may not be given there",
    ):
        assert expected in lines


def conditional(comparison: dict[str, str], input_: dict[str, Any]) -> tuple[FlowDefinition, list[str]]:
    """A bot that asks one thing and then branches on it."""
    bot = {
        "version": "6", "name": "Bot",
        "events": [{"id": "s", "type": "start", "outgoingEdgeId": "e0"}],
        "groups": [
            {"id": "g1", "title": "One", "blocks": [
                {"id": "b1", "options": {"variableId": "v"}, **input_},
                {"id": "b2", "type": "Condition", "items": [
                    {"id": "i", "outgoingEdgeId": "e1", "content": {"comparisons": [{"variableId": "v", **comparison}]}}]},
            ]},
            {"id": "g2", "title": "Two", "blocks": [{"id": "b3", "type": "email input"}]},
        ],
        "edges": [{"id": "e0", "to": {"groupId": "g1"}}, {"id": "e1", "to": {"groupId": "g2"}}],
        "variables": [{"id": "v", "name": "said"}],
    }  # fmt: skip
    found = import_typebot(json.dumps(bot), "en")
    return found.definition, told(found)


TEXT = {"type": "text input"}
NUMBER = {"type": "number input"}
SEVERAL = {
    "type": "choice input",
    "options": {"variableId": "v", "isMultipleChoice": True},
    "items": [{"id": "1", "content": "Red wine"}, {"id": "2", "content": "White wine"}],
}


@pytest.mark.parametrize(
    ("operator", "value", "input_", "cel"),
    [
        ("Equal to", 'a "b"', TEXT, 'answers.said == "a \\"b\\""'),
        ("Not equal", "x", TEXT, '(!has(answers.said) || answers.said != "x")'),
        ("Contains", "x", TEXT, 'answers.said.contains("x")'),
        ("Does not contain", "x", TEXT, '(!has(answers.said) || !answers.said.contains("x"))'),
        ("Starts with", "x", TEXT, 'answers.said.startsWith("x")'),
        ("Ends with", "x", TEXT, 'answers.said.endsWith("x")'),
        ("Matches regex", "/^x+$/i", TEXT, 'answers.said.matches("(?i)^x+$")'),
        ("Is empty", "", TEXT, "!has(answers.said)"),
        ("Is set", "", NUMBER, "has(answers.said)"),
        ("Greater than", "1 000", NUMBER, "answers.said > 1000"),
        ("Less than", "2,5", NUMBER, "answers.said < 2.5"),
        ("Equal to", "7", NUMBER, "answers.said == 7"),
        ("Contains", "red wine", SEVERAL, '"red_wine" in answers.said'),
        ("Not equal", "White wine", SEVERAL, '(!has(answers.said) || !("white_wine" in answers.said))'),
    ],
)
def test_comparisons_become_cel(operator: str, value: str, input_: dict[str, Any], cel: str) -> None:
    flow, lines = conditional({"comparisonOperator": operator, "value": value}, input_)
    assert ways(flow.questions["said"])[0][0] == cel
    assert not any("condition" in line for line in lines)


@pytest.mark.parametrize(
    ("operator", "value", "input_", "why"),
    [
        ("Equal to", "{{other}}", TEXT, "one variable with another"),
        ("Greater than", "5", TEXT, "the answer is no number"),
        ("Less than", "few", NUMBER, "“few” is no number"),
        ("Contains", "5", NUMBER, "looks into a text"),
        ("Contains", "Beer", SEVERAL, "there is no choice “Beer”"),
        ("Rhymes with", "x", TEXT, "no counterpart of “Rhymes with”"),
    ],
)
def test_comparisons_without_a_counterpart_are_told(
    operator: str, value: str, input_: dict[str, Any], why: str
) -> None:
    flow, lines = conditional({"comparisonOperator": operator, "value": value}, input_)
    assert len(ways(flow.questions["said"])) == 1
    assert any(why in line for line in lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no JSON"),
        ("[1]", "no groups"),
        ('{"groups": [{"id": "g", "blocks": [{"id": "b", "type": "text"}]}]}', "asks nothing"),
        ('{"groups": [null, 5, {"id": "g", "blocks": "none"}]}', "asks nothing"),
    ],
)
def test_what_is_no_bot_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnreadableFlow, match=message):
        import_typebot(text, "en")


def test_a_language_the_assistant_lacks_is_refused() -> None:
    with pytest.raises(UnreadableFlow, match="doesn't speak 'nl'"):
        imported("lead_form", "nl")


def test_blocks_that_go_round_without_a_question_end() -> None:
    away, round_ = ({"id": id_, "type": "Jump", "options": {"groupId": "h"}} for id_ in "bc")
    bot = {
        "groups": [
            {"id": "g", "title": "G", "blocks": [{"id": "a", "type": "email input"}, away]},
            {"id": "h", "title": "H", "blocks": [round_]},
        ]
    }
    found = import_typebot(json.dumps(bot), "en")
    assert any("leads back to itself without a question" in line for line in told(found))
    assert find_problems(found.definition) == []
