"""What holds for every lead, whatever they say: random conversations on random and on the seeded flows."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from markezy.flows import engine
from markezy.flows.checks import find_problems
from markezy.flows.engine import Event, Flow, Given, Origin, Outcome, State, fold
from markezy.flows.engine.path import walk
from markezy.flows.simulator import Simulation, sample_answers

from actions.replies import events_of
from tests.markezy.flows.conftest import TODAY
from tests.markezy.flows.random_flows import Plan, expected, flows, origins

MOST_TURNS = 40
quietly = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def started(flow: Flow, origin: Origin) -> Simulation:
    """A lead who comes from there."""
    lead = Simulation(flow, TODAY)
    lead.events.clear()
    lead.apply(engine.start(flow, replace(origin, locale=flow.locale(origin.locale))))
    return lead


def tap(draw: Any, lead: Simulation, question: str) -> Any:
    """A usable answer to the question, given by a tap; what was tapped."""
    value = draw(st.sampled_from(sample_answers(lead.flow.definition.questions[question], TODAY)))
    act(lead, lambda flow, state: engine.answer(flow, state, Given(value), TODAY, question))
    return value


def act(lead: Simulation, command: Any) -> None:
    """A command by a tap, as the actions carry it out."""
    if engine.is_silent(lead.state, tapped=True):
        lead.apply(Outcome((), (), lead.state))
        return
    before = engine.listens_again(lead.flow, lead.state)
    lead.apply(before.followed_by(command(lead.flow, before.state)))


def converse(draw: Any, flow: Flow, lead: Simulation) -> None:
    """One random turn: an answer, a change, a skip, nonsense, chatter, an interruption, or news."""
    kind = draw(
        st.sampled_from(
            ["answer"] * 6 + ["change", "reopen", "change", "nonsense", "chat", "command", "news", "stored"]
        )
    )
    state = lead.state
    if kind == "answer" and state.pending:
        tap(draw, lead, state.pending)
    elif kind == "change" and state.path:
        tap(draw, lead, draw(st.sampled_from(state.path)))
    elif kind == "reopen" and state.path:
        target = draw(st.sampled_from(state.path))
        act(lead, lambda flow, state: engine.change(flow, state, Given(None), TODAY, target))
    elif kind == "nonsense":
        lead.command(draw(st.text(max_size=20)).lstrip("/?"))
    elif kind == "chat" and not state.person:
        intent = draw(st.sampled_from(["small_talk", "insult", "out_of_scope"]))
        words = Given(draw(st.sampled_from(["lol", "thanks", "what is the price?", "10"])), intent)
        lead.apply(engine.small_talk(flow, state, intent, words, TODAY))
    elif kind == "news":
        intent, data = draw(st.sampled_from(NEWS))
        lead.apply(engine.news(flow, state, intent, data))
    elif kind == "stored":
        lead.outcome = replace(
            lead.outcome, state=State.from_json(json.loads(json.dumps(state.to_json(), sort_keys=True)))
        )
    else:
        line = draw(st.sampled_from(COMMANDS))
        if line != "/person":
            act(lead, lambda _flow, state: Outcome((), (), state))
        lead.command(line)


NEWS = [
    ("person_joined", {"name": "Ravi"}),
    ("person_message", {"name": "Ravi", "text": "Hello"}),
    ("person_left", {"name": "Ravi"}),
    ("person_left", {"name": "Ravi"}),
    ("team_away", {"reason": "busy", "opens_at": ""}),
    ("team_away", {"reason": "closed", "opens_at": "2026-11-24T09:00:00+01:00"}),
    ("reminder", {}),
]
COMMANDS = [
    "/back", "/why", "/person", "/go-on", "/stop", "?price", "/confirm", "/later", "/in fr", "/in en", "/in xx", "/change",
    "/change budget", "/later maya@shop.example",
]  # fmt: skip


def as_loaded(events: Iterable[Event]) -> list[Event]:
    """The events after the way the actions hand them over and the log keeps them: jsonb, which doesn't keep the order of keys."""
    sent = events_of(Outcome(tuple(events), (), State(Origin("v", "en"))))
    kept = json.loads(json.dumps(sent, sort_keys=True, allow_nan=False))
    return [Event(one["name"], one["data"]) for one in kept if one["event"] == "qualification"]


def ledger(events: Iterable[Event]) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Answers that count, answers that don't, and the score: kept by hand from the events."""
    counting: dict[str, Any] = {}
    aside: dict[str, Any] = {}
    score = 0
    for event in events:
        if event.name in ("answer_recorded", "answer_changed"):
            aside.pop(event.data["question"], None)
            counting[event.data["question"]] = event.data["value"]
        elif event.name == "answer_noted":
            aside[event.data["question"]] = event.data["value"]
        elif event.name == "answer_set_aside":
            aside[event.data["question"]] = counting.pop(event.data["question"])
        elif event.name == "scored":
            score = event.data["score"]
    return counting, aside, score


def check_invariants(flow: Flow, lead: Simulation, origin: Origin, plan: Plan | None = None) -> None:
    state = lead.state
    assert fold(origin, as_loaded(lead.events)) == state
    assert State.from_json(json.loads(json.dumps(state.to_json(), sort_keys=True))) == state
    values = {id_: answer.value for id_, answer in state.answers.items()}
    aside = {id_: answer.value for id_, answer in state.set_aside.items()}
    assert ledger(lead.events) == (values, aside, state.score)
    assert not set(values) & set(aside)
    if plan is None:
        path = walk(flow, state.origin, state.answers)
        found = (tuple(path.answers), path.arrives_at, path.score)
    else:
        opinion = expected(plan, state.origin, {**aside, **values})
        found = (opinion.path, opinion.arrives_at, opinion.score)
        assert opinion.calls <= set(state.called) or state.outcome == "handed_over"
    assert found == (state.path, found[1], state.score), "an answer counts that its own conditions exclude"
    assert len(set(state.called)) == len(state.called), "a rule called twice"
    if state.end is not None:
        assert found[1] == state.end
        assert state.pending is None
        assert state.recap is None
    elif state.recap is not None:
        assert found[1] == state.recap
        assert state.pending is None
    else:
        assert state.pending is not None
        assert state.pending in (found[1], *state.path)
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
def test_state_way_and_score_are_what_the_events_and_the_answers_say_on_any_flow(data: st.DataObject) -> None:
    flow, plan = data.draw(flows())
    origin = data.draw(origins)
    lead = started(flow, origin)
    for _ in range(data.draw(st.integers(1, MOST_TURNS))):
        check_invariants(flow, lead, origin, plan)
        converse(data.draw, flow, lead)
    check_invariants(flow, lead, origin, plan)


@quietly
@given(data=st.data())
def test_state_way_and_score_are_what_the_events_and_the_answers_say_on_the_seeded_flows(
    seeded: Flow, data: st.DataObject
) -> None:
    origin = data.draw(origins)
    lead = started(seeded, origin)
    for _ in range(data.draw(st.integers(1, MOST_TURNS))):
        converse(data.draw, seeded, lead)
        check_invariants(seeded, lead, origin)


def change(lead: Simulation, target: str, value: Any) -> None:
    """By a tap on the earlier answer, which reopens an end, or on its old button, which is enough anywhere else."""
    if lead.state.end is not None:
        act(lead, lambda flow, state: engine.change(flow, state, Given(None), TODAY, target))
    act(lead, lambda flow, state: engine.answer(flow, state, Given("" if value is None else value), TODAY, target))


def go_far(data: st.DataObject, lead: Simulation) -> None:
    for _ in range(data.draw(st.integers(1, 8))):
        if lead.state.pending:
            tap(data.draw, lead, lead.state.pending)
    if lead.state.recap and data.draw(st.booleans()):
        act(lead, engine.confirm)
    act(lead, lambda _flow, state: Outcome((), (), state))


def where(state: State) -> tuple[Any, ...]:
    return (state.score, state.pending, state.recap, state.end, state.outcome)


@quietly
@given(data=st.data())
def test_changing_an_answer_and_back_restores_everything(data: st.DataObject) -> None:
    flow, _ = data.draw(flows())
    lead = started(flow, data.draw(origins))
    go_far(data, lead)
    before = lead.state
    assume(before.path)
    target = data.draw(st.sampled_from(before.path))
    change(lead, target, data.draw(st.sampled_from(sample_answers(flow.definition.questions[target], TODAY))))
    if before.outcome in ("qualified", "handed_over"):
        assert replace(lead.state, person=before.person) == before, "what people already work on has changed"
        return
    answered = set()
    for _ in range(data.draw(st.integers(0, 3))):
        if lead.state.pending and lead.state.pending not in before.answers:
            answered.add(lead.state.pending)
            tap(data.draw, lead, lead.state.pending)
    assume(lead.state.outcome not in ("qualified", "handed_over"))
    change(lead, target, before.answers[target].value)
    after = lead.state
    # Questions answered meanwhile may carry the lead further than before, never elsewhere.
    assert after.path[: len(before.path)] == before.path
    assert {id_: after.answers[id_].value for id_ in before.path} == {
        id_: before.answers[id_].value for id_ in before.path
    }
    if before.pending not in answered:
        restored = where(after)
        if before.end is not None and after.recap == before.end:
            act(lead, engine.confirm)
            restored = where(lead.state)
        assert restored == where(before)


def test_the_ends_drawn_are_of_every_kind() -> None:
    """The property above speaks of the recap and of all ends, not only of conversations under way."""
    seen = []

    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    @given(data=st.data())
    def look(data: st.DataObject) -> None:
        flow, _ = data.draw(flows())
        lead = started(flow, data.draw(origins))
        go_far(data, lead)
        seen.append("recap" if lead.state.recap else lead.state.end)

    look()
    assert {"recap", "good", "bad", "later", "human", None} <= set(seen)


@quietly
@given(data=st.data())
def test_whoever_keeps_answering_reaches_an_end(data: st.DataObject) -> None:
    flow, _ = data.draw(flows())
    lead = started(flow, data.draw(origins))
    for _ in range(len(flow.definition.questions)):
        if lead.state.pending:
            tap(data.draw, lead, lead.state.pending)
    if lead.state.recap:
        act(lead, engine.confirm)
    assert lead.state.end is not None


@quietly
@given(data=st.data())
def test_an_end_can_be_reached_from_anywhere(data: st.DataObject) -> None:
    flow, _ = data.draw(flows())
    lead = started(flow, data.draw(origins))
    for _ in range(data.draw(st.integers(1, MOST_TURNS))):
        converse(data.draw, flow, lead)
    lead.apply(engine.news(flow, lead.state, "person_left", {"name": "Ravi"}))
    for _ in range(2 * len(flow.definition.questions)):
        if lead.state.pending:
            tap(data.draw, lead, lead.state.pending)
    if lead.state.recap:
        act(lead, engine.confirm)
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
    def check(drawn: tuple[Flow, Plan]) -> None:
        found = {finding.code for finding in find_problems(drawn[0].definition)}
        about_ways = {"unreachable", "never_holds", "always_holds", "dead_transition", "overlapping_conditions"}
        assert found <= {"asked_later", *about_ways}

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
