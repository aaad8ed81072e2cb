"""One step of an imagined conversation whose state the caller keeps, for trying out a draft without a lead or a model.

Taps mean what they mean in the widget (docs/conversation.md). A text answers the pending question, puts an earlier answer right
("I meant 5,000", "change my budget"), and with a question mark before it, it asks one back.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markezy.flows import engine
from markezy.flows.definition import ChannelName, FlowDefinition
from markezy.flows.engine import Flow, Given, Origin, Outcome, State, compile_flow
from markezy.flows.simulator import change_in, sent_file
from markezy.kernel.errors import Invalid

_UNFIT = (LookupError, TypeError, ValueError, AttributeError)
"""What the engine raises on a definition or a state that does not hold together."""
_PAYLOAD = re.compile(r"/([a-z_]{1,40})(\{.*\})?", re.DOTALL)


@dataclass(frozen=True)
class Step:
    """What the imagined lead does next: begin (no `state`), say something, or tap a button."""

    locale: str
    state: Mapping[str, Any] | None = None
    """As the step before gave it."""
    say: str | None = None
    payload: str | None = None
    file: str | None = None
    """The name of a file to send; its ending says of what type it is."""
    channel: str = ChannelName.WIDGET.value
    utm: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str | int | float] = field(default_factory=dict)
    """Like `locale`, what is known before the first question; later on the state holds it."""


class Unplayable(Exception):
    """The definition has problems that keep it from being tried out, or the state is not one of its own."""


@dataclass(frozen=True)
class _Tap:
    flow: Flow
    state: State
    question: str | None
    value: Any
    today: date


_TAPS: Mapping[str, Callable[[_Tap], Outcome]] = {
    "start": lambda tap: engine.start(tap.flow, tap.state.origin, tap.state),
    "answer": lambda tap: engine.answer(tap.flow, tap.state, Given(tap.value), tap.today, tap.question),
    "change_answer": lambda tap: engine.change(tap.flow, tap.state, Given(None), tap.today, tap.question),
    "go_back": lambda tap: engine.go_back(tap.flow, tap.state),
    "confirm": lambda tap: engine.confirm(tap.flow, tap.state),
    "ask_why": lambda tap: engine.explain(tap.flow, tap.state),
    "ask_person": lambda tap: engine.request_person(tap.flow, tap.state),
    "go_on": lambda tap: engine.go_on(tap.flow, tap.state),
    "resume_later": lambda tap: engine.resume_later(tap.flow, tap.state, Given(None)),
    "stop": lambda tap: engine.stop(tap.flow, tap.state),
    "switch_language": lambda tap: engine.switch_language(
        tap.flow, tap.state, tap.value if isinstance(tap.value, str) else None
    ),
}
"""By a button's intent: the engine's command."""


def rehearse(definition: FlowDefinition, step: Step, today: date) -> Outcome:
    """What the assistant would answer. Invalid when the step makes no sense, Unplayable when the definition doesn't."""
    try:
        flow = compile_flow(definition)
    except _UNFIT as error:
        raise Unplayable from error
    if step.state is None:
        try:
            return engine.start(flow, _origin(flow, step))
        except _UNFIT as error:
            raise Unplayable from error
    state = _restored(flow, step.state)
    act = _act(step)
    try:
        return act(flow, state, today)
    except _UNFIT as error:
        raise Unplayable from error


_Act = Callable[[Flow, State, date], Outcome]


def _origin(flow: Flow, step: Step) -> Origin:
    """Where the imagined lead comes from."""
    return Origin(
        "rehearsal", flow.locale(step.locale), str(step.channel), utm=dict(step.utm), hidden=dict(step.hidden)
    )


def _act(step: Step) -> _Act:
    if step.payload is not None:
        return _tap(step.payload)
    return _words(step.say or "") if step.file is None else _file(step.file)


def _file(name: str) -> _Act:
    def act(flow: Flow, state: State, today: date) -> Outcome:
        if engine.is_silent(state, tapped=True):
            return Outcome((), (), state)
        before = engine.listens_again(flow, state)
        return before.followed_by(engine.answer(flow, before.state, Given(sent_file(name)), today))

    return act


def _words(text: str) -> _Act:
    def act(flow: Flow, state: State, today: date) -> Outcome:
        if engine.is_silent(state, tapped=False):
            return Outcome((), (), state)
        if engine.leaves_message(state, tapped=False):
            return engine.leave_message(flow, state, text)
        if text.startswith("?"):
            return engine.faq(flow, state, text[1:])
        wish = change_in(text)
        if wish is not None:
            return engine.change(flow, state, wish, today)
        return engine.answer(flow, state, Given(text), today)

    return act


def _tap(payload: str) -> _Act:
    match = _PAYLOAD.fullmatch(payload)
    command = _TAPS.get(match[1]) if match else None
    if match is None or command is None:
        raise Invalid('"payload" is not one of the assistant\'s buttons.')
    members = _members(match[2])
    question = members.get("question")
    if question is not None and not isinstance(question, str):
        raise Invalid('"question" in a button\'s payload is a text.')

    def act(flow: Flow, state: State, today: date) -> Outcome:
        if engine.is_silent(state, tapped=True):
            return Outcome((), (), state)
        before = engine.listens_again(flow, state)
        return before.followed_by(command(_Tap(flow, before.state, question, members.get("value"), today)))

    return act


def _members(source: str | None) -> dict[str, Any]:
    if source is None:
        return {}
    try:
        members: dict[str, Any] = json.loads(source)
    except (ValueError, RecursionError):
        raise Invalid("The button's payload is not valid JSON.") from None
    return members


def _restored(flow: Flow, data: Mapping[str, Any]) -> State:
    try:
        state = State.from_json(data)
        # Whatever the state leans on has to be there; the engine itself never doubts its own state.
        fits = {*state.answers, *state.set_aside} <= flow.definition.questions.keys()
        fits = fits and (state.pending is None or state.pending in flow.definition.questions)
        fits = fits and {state.recap, state.end} <= {None, *flow.definition.ends}
        fits = fits and state.locale in flow.definition.locales and state.origin.locale in flow.definition.locales
        fits = fits and json.dumps(state.to_json()) is not None
    except _UNFIT:
        fits = False
    if not fits:
        raise Invalid("This state doesn't belong to this version of the flow; start again without a state.")
    return state
