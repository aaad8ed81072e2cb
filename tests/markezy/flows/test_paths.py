"""Every way through a flow and the scores it can lead to, held to what single leads run into."""

import random
from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from markezy.flows.definition import FlowDefinition, parse_definition
from markezy.flows.engine import Answer, Flow, Origin, compile_flow
from markezy.flows.engine.path import walk
from markezy.flows.paths import Way, ends_reached, enumerate_paths
from markezy.flows.paths_table import table
from markezy.flows.simulator import sample_answers

from tests.markezy.flows.conftest import TODAY, option, question, said, small_flow

LEADS = 300


def small() -> FlowDefinition:
    return FlowDefinition.model_validate(small_flow())


def follow(flow: Flow, origin: Origin, chance: random.Random) -> Way:
    """One lead who answers at random."""
    answers: dict[str, Answer] = {}
    while True:
        path = walk(flow, origin, answers)
        if path.arrives_at in flow.definition.ends:
            return Way(tuple(path.answers), path.arrives_at, path.score, path.score)
        value = chance.choice(sample_answers(flow.definition.questions[path.arrives_at], TODAY))
        answers[path.arrives_at] = Answer(None if value == "" else value, "x", flow.ordinals[path.arrives_at])


def test_the_small_flow_has_these_ways() -> None:
    found = enumerate_paths(small())
    assert found.complete
    assert set(found.ways) == {
        Way(("goal", "budget", "name"), "done", 0, 0),
        Way(("goal", "budget", "rich", "name"), "done", 10, 10),
        Way(("goal", "budget", "rich", "name"), "nothing", 10, 10),
        Way(("goal", "reason", "name"), "done", 0, 1),
    }


def test_leads_only_go_ways_that_were_listed(seeded: Flow) -> None:
    found = enumerate_paths(seeded.definition)
    assert found.complete
    listed = {(way.questions, way.end): way for way in found.ways}
    chance = random.Random(7)
    for _ in range(LEADS):
        origin = Origin("v", "en", utm=chance.choice([{}, {"medium": "referral"}]))
        gone = follow(seeded, origin, chance)
        way = listed[gone.questions, gone.end]
        assert way.least <= gone.least <= way.most


def test_the_scores_at_the_ends_are_the_same_with_and_without_the_ways(seeded: Flow) -> None:
    ways, ends = enumerate_paths(seeded.definition), ends_reached(seeded.definition)
    assert ends.complete
    assert {end: ways.range_of(end) for end in seeded.definition.ends} == {
        end: ends.range_of(end) for end in seeded.definition.ends
    }


@st.composite
def flows_of_choices(draw: st.DrawFn) -> Flow:
    """A random flow so small that all leads of it can be tried: choices among three, conditions on them, the score or the language."""
    size = draw(st.integers(2, 7))
    ids = [f"q{number}" for number in range(size)]
    questions: dict[str, Any] = {}
    for number, id_ in enumerate(ids):
        later = [*ids[number + 1 :], "good", "bad"]
        ways: list[Any] = []
        for _ in range(draw(st.integers(0, 2))):
            about = draw(st.sampled_from(ids[: number + 1]))
            condition = draw(
                st.sampled_from(
                    [
                        f"answers.{about} == 'a'",
                        f"answers.{about} != 'b'",
                        f"!has(answers.{about})",
                        "score > 1",
                        "locale == 'fr'",
                        "computed.twice > 2",
                    ]
                )
            )
            ways.append((condition, draw(st.sampled_from(later))))
        # The next question is the default, so that most questions can be reached.
        ways.append(ids[number + 1] if number + 1 < size else draw(st.sampled_from(["good", "bad"])))
        more: dict[str, Any] = {}
        if number and draw(st.integers(0, 3)) == 0:
            earlier = draw(st.sampled_from(ids[:number]))
            more["when"] = draw(st.sampled_from([f"answers.{earlier} == 'a'", "locale == 'fr'", "score > 0"]))
        questions[id_] = question(
            "choice", *ways, options=[option("a"), option("b"), option("c")], optional=draw(st.booleans()), **more
        )
    scoring = [
        {
            "when": f"answers.{draw(st.sampled_from(ids))} == '{draw(st.sampled_from('abc'))}'",
            "points": draw(st.integers(-3, 3)),
        }
        for _ in range(draw(st.integers(0, 3)))
    ]
    definition = {
        **small_flow(),
        "start": "q0",
        "questions": questions,
        "scoring": scoring,
        "computed": {"twice": {"value": f"answers.{ids[0]} == 'a' ? 4 : 0"}},
        "rules": draw(st.sampled_from([[], [{"when": f"answers.{ids[-1]} == 'c'", "to": "bad"}]])),
        "ends": {
            "good": {"outcome": "qualified", "message": said("Good")},
            "bad": {"outcome": "disqualified", "message": said("Bad")},
        },
    }
    return compile_flow(FlowDefinition.model_validate(definition))


@settings(max_examples=40, deadline=None)
@given(flows_of_choices())
def test_on_small_flows_the_ways_are_exactly_those_that_leads_go(flow: Flow) -> None:
    """Every lead there is: questions of three answers or a skip, two languages."""
    gone: dict[tuple[tuple[str, ...], str], set[int]] = defaultdict(set)
    for locale in flow.definition.locales:
        _every_lead(flow, Origin("v", locale), {}, gone)
    found = enumerate_paths(flow.definition)
    assert found.complete
    assert {(way.questions, way.end): (way.least, way.most) for way in found.ways} == {
        trail: (min(scores), max(scores)) for trail, scores in gone.items()
    }


def _every_lead(
    flow: Flow, origin: Origin, answers: dict[str, Answer], gone: dict[tuple[tuple[str, ...], str], set[int]]
) -> None:
    path = walk(flow, origin, answers)
    if path.arrives_at in flow.definition.ends:
        gone[tuple(path.answers), path.arrives_at].add(path.score)
        return
    for value in sample_answers(flow.definition.questions[path.arrives_at], TODAY):
        answer = Answer(None if value == "" else value, "x", flow.ordinals[path.arrives_at])
        _every_lead(flow, origin, {**answers, path.arrives_at: answer}, gone)


def test_rules_and_passed_over_questions_count() -> None:
    flow = small_flow()
    flow["questions"]["rich"]["when"] = "answers.budget > 5000"
    flow["rules"] = [{"when": "answers.reason == 'spam'", "to": "nothing"}]
    ways = {(way.questions, way.end) for way in enumerate_paths(FlowDefinition.model_validate(flow)).ways}
    assert (("goal", "reason"), "nothing") in ways
    assert (("goal", "budget", "name"), "done") in ways


def test_it_says_when_it_stopped() -> None:
    found = enumerate_paths(small(), most_leads=1)
    assert not found.complete
    assert found.ways
    assert list(table(small(), found))[-1].startswith(f"At least {len(found.ways)} way(s)")


def test_answers_that_are_calculated_with_leave_the_list_open() -> None:
    flow = small_flow()
    flow["scoring"].append({"when": "double(answers.budget) / 3.0 > 100.0", "points": 5})
    assert not enumerate_paths(FlowDefinition.model_validate(flow)).complete


def test_many_questions_that_may_be_passed_over_are_cut_off_and_the_ends_are_not() -> None:
    """Thirty independent questions make a thousand million ways."""
    flow: dict[str, Any] = {**small_flow(), "scoring": [], "computed": {}}
    ids = [f"q{number}" for number in range(60)]
    flow["questions"] = {}
    for number, id_ in enumerate(ids):
        more = {"when": f"answers.{ids[number - 1]} == true"} if number % 2 else {}
        flow["questions"][id_] = question("yes_no", *ids[number + 1 : number + 2] or ["done"], **more)
    flow["start"] = "q0"
    flow["ends"] = {"done": {"outcome": "qualified", "message": said("Thanks")}}
    definition = FlowDefinition.model_validate(flow)
    assert not enumerate_paths(definition, most_leads=200).complete
    assert ends_reached(definition).complete


def test_the_table_ends_with_a_line_for_each_end() -> None:
    lines = list(table(small(), enumerate_paths(small())))
    assert lines[0] == "   1.    0 to    0  done: goal → budget → name"
    assert lines[-3:] == [
        "done (qualified): 3 way(s), 0 to   10 points",
        "nothing (disqualified): 1 way(s), 10 to   10 points",
        "4 way(s) in all.",
    ]


def test_an_end_nobody_comes_to_is_named() -> None:
    flow = small_flow()
    flow["questions"]["name"]["next"] = [{"to": "done"}]
    definition = parse_definition(flow)
    assert "nothing (disqualified): no way found" in list(table(definition, enumerate_paths(definition)))
