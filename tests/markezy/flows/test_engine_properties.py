"""What holds for every lead, whatever they say: random conversations on random and on the seeded flows."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markezy.flows import engine
from markezy.flows.checks import find_problems
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Flow, State, compile_flow, fold
from markezy.flows.engine.path import walk
from markezy.flows.simulator import Simulation, sample_answers

from tests.markezy.flows.conftest import TODAY, option, question, said, small_flow

MOST_TURNS = 40
quietly = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """A random acyclic flow: each question leads to later ones, by conditions on itself, on an earlier one, or the score."""
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


def converse(draw: Any, flow: Flow, lead: Simulation) -> None:
    """One random turn: an answer, a change, a skip, nonsense, an interruption, or news."""
    kind = draw(st.sampled_from(["answer"] * 6 + ["change", "reopen", "change", "nonsense", "command", "news"]))
    state = lead.state
    if kind == "answer" and state.pending:
        lead.say(draw(st.sampled_from(sample_answers(flow.definition.questions[state.pending], TODAY))), state.pending)
    elif kind == "change" and state.path:
        target = draw(st.sampled_from(state.path))
        lead.say(draw(st.sampled_from(sample_answers(flow.definition.questions[target], TODAY))), target)
    elif kind == "reopen" and state.path:
        lead.change(draw(st.sampled_from(state.path)))
    elif kind == "nonsense":
        lead.say(draw(st.text(max_size=20)))
    elif kind == "news":
        intent, data = draw(st.sampled_from(NEWS))
        lead.apply(engine.news(flow, state, intent, data))
    else:
        lead.command(draw(st.sampled_from(COMMANDS)))


NEWS = [
    ("person_joined", {"name": "Ravi"}),
    ("person_message", {"name": "Ravi", "text": "Hello"}),
    ("person_left", {"name": "Ravi"}),
    ("team_away", {"reason": "busy", "opens_at": ""}),
    ("team_away", {"reason": "closed", "opens_at": "2026-11-24T09:00:00+01:00"}),
    ("reminder", {}),
]
COMMANDS = [
    "/back", "/why", "/person", "/go-on", "/stop", "?price", "/confirm", "/later", "/in fr", "/in en", "/in xx", "/change",
    "/change budget", "/later maya@shop.example",
]  # fmt: skip


def check_invariants(flow: Flow, lead: Simulation) -> None:
    state = lead.state
    assert fold(state.origin, lead.events) == state
    assert State.from_json(json.loads(json.dumps(state.to_json(), sort_keys=True))) == state
    path = walk(flow, state.origin, state.answers)
    assert tuple(path.answers) == state.path, "an answer counts that its own conditions exclude"
    assert path.score == state.score
    assert not set(state.answers) & set(state.set_aside)
    if state.end is not None:
        assert path.arrives_at == state.end
        assert state.pending is None
        assert state.recap is None
    elif state.recap is not None:
        assert path.arrives_at == state.recap
        assert state.pending is None
    else:
        assert state.pending is not None
        assert state.pending in (path.arrives_at, *state.path)
    if lead.outcome.completed and flow.definition.ends[str(state.end)].asks_for_recap:
        assert "recap_confirmed" in [event.name for event in lead.outcome.events]
    for message in lead.outcome.messages:
        assert message.text
        if message.progress:
            assert 0 <= message.progress["done"] <= message.progress["of"]
        for button in message.buttons:
            assert button.title
            assert button.payload.startswith("/")


@quietly
@given(st.data())
def test_the_state_is_the_fold_of_its_events_on_any_flow(data: st.DataObject) -> None:
    flow = data.draw(flows())
    lead = Simulation(flow, TODAY, data.draw(st.sampled_from(["en", "fr"])))
    for _ in range(data.draw(st.integers(1, MOST_TURNS))):
        converse(data.draw, flow, lead)
        check_invariants(flow, lead)


@quietly
@given(data=st.data())
def test_the_state_is_the_fold_of_its_events_on_the_seeded_flows(seeded: Flow, data: st.DataObject) -> None:
    lead = Simulation(seeded, TODAY, data.draw(st.sampled_from(["en", "fr", "es"])))
    for _ in range(data.draw(st.integers(1, MOST_TURNS))):
        converse(data.draw, seeded, lead)
        check_invariants(seeded, lead)


@quietly
@given(data=st.data())
def test_changing_an_answer_and_back_restores_everything(data: st.DataObject) -> None:
    flow = data.draw(flows())
    lead = Simulation(flow, TODAY)
    for _ in range(data.draw(st.integers(1, 8))):
        if lead.state.end is None and lead.state.pending:
            lead.say(data.draw(st.sampled_from("abc")), lead.state.pending)
    before = lead.state
    if before.end is not None or not before.path:
        return
    target = data.draw(st.sampled_from(before.path))
    first = before.answers[target].value
    lead.say(data.draw(st.sampled_from("abc")), target)
    answered = set()
    for _ in range(data.draw(st.integers(0, 3))):
        if lead.state.pending and lead.state.pending not in before.answers:
            answered.add(lead.state.pending)
            lead.say(data.draw(st.sampled_from("abc")), lead.state.pending)
    if lead.state.end is not None:
        return
    lead.say(first, target)
    after = lead.state
    # Questions answered meanwhile may carry the lead further than before, never elsewhere.
    assert after.path[: len(before.path)] == before.path
    assert {question: after.answers[question] for question in before.path} == before.answers
    if before.pending not in answered:
        assert (after.score, after.pending, after.recap, after.end) == (
            before.score, before.pending, before.recap, before.end,
        )  # fmt: skip


@quietly
@given(data=st.data())
def test_whoever_keeps_answering_reaches_an_end(data: st.DataObject) -> None:
    flow = data.draw(flows())
    lead = Simulation(flow, TODAY)
    for _ in range(len(flow.definition.questions)):
        if lead.state.pending:
            lead.say(data.draw(st.sampled_from("abc")), lead.state.pending)
    if lead.state.recap:
        lead.command("/confirm")
    assert lead.state.end is not None


@quietly
@given(data=st.data())
def test_an_end_can_be_reached_from_anywhere(data: st.DataObject) -> None:
    flow = data.draw(flows())
    lead = Simulation(flow, TODAY)
    for _ in range(data.draw(st.integers(1, MOST_TURNS))):
        converse(data.draw, flow, lead)
    lead.command("/go-on")
    lead.apply(engine.news(flow, lead.state, "person_left", {"name": "Ravi"}))
    for _ in range(2 * len(flow.definition.questions)):
        if lead.state.pending:
            lead.say(data.draw(st.sampled_from("abc")), lead.state.pending)
    if lead.state.recap:
        lead.command("/confirm")
    assert lead.state.end is not None


@quietly
@given(data=st.data())
def test_the_share_done_never_shrinks_while_the_lead_answers(seeded: Flow, data: st.DataObject) -> None:
    lead = Simulation(seeded, TODAY)
    share = 0.0
    while lead.state.pending:
        lead.say(
            data.draw(st.sampled_from(sample_answers(seeded.definition.questions[lead.state.pending], TODAY))),
            lead.state.pending,
        )
        now = lead.outcome.messages[-1].progress
        assert now is not None
        assert now["done"] / now["of"] >= share
        share = now["done"] / now["of"]
    assert share == 1


def test_random_flows_pass_the_checks_but_for_what_nobody_reaches() -> None:
    """The generator makes flows that could be published, so the properties speak of real ones."""

    @settings(max_examples=40, deadline=None)
    @given(flows())
    def check(flow: Flow) -> None:
        found = {finding.code for finding in find_problems(flow.definition)}
        assert found <= {"unreachable", "asked_later", "never_holds", "always_holds", "dead_transition"}

    check()


@pytest.mark.parametrize(
    "raw", [None, [], {}, {"a": 1}, 1e400, float("nan"), -0.0, True, [1, None], "\x00", "\ud800", "🎉" * 500]
)
def test_no_value_breaks_a_question(seeded: Flow, raw: Any) -> None:
    for id_ in seeded.definition.questions:
        state = State(engine.Origin("v", "fr"), started=True, pending=id_)
        outcome = engine.answer(seeded, state, engine.Given(raw), TODAY, id_)
        assert outcome.messages
        json.dumps([event.data for event in outcome.events], allow_nan=False).encode()
