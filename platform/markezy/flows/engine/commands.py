"""The commands a lead gives. Each is a pure function that returns an `Outcome`.

A command to a stopped qualification resumes it first; one to a finished qualification is answered politely and changes
nothing, except that `go_back` reopens an end that handed nothing on to the agency.
"""

from datetime import date

from markezy.flows.answers import Given, Rejected, read_answer
from markezy.flows.definition import EndOutcome
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.questions_back import find_faq
from markezy.flows.engine.state import Answer, Origin, State
from markezy.flows.engine.turn import Outcome, Turn
from markezy.flows.wording import phrase

FINAL = frozenset({EndOutcome.QUALIFIED.value, EndOutcome.HANDED_OVER.value})
"""Outcomes people are already working on: the answers behind them stand."""


def start(flow: Flow, origin: Origin, state: State | None = None) -> Outcome:
    """Greet and ask the first question; a qualification that is under way goes on where it was."""
    if state is not None and state.started:
        return resume(flow, state)
    locale = flow.locale(origin.locale)
    turn = Turn(flow, State(origin))
    turn.emit("started", {"flow_version_id": origin.flow_version_id, "locale": locale})
    turn.say_text(flow.definition.greeting[locale])
    turn.ask(flow.definition.start)
    return turn.outcome()


def answer(flow: Flow, state: State, given: Given, today: date, question: str | None = None) -> Outcome:
    """Answer the pending question, or with `question` that one: an earlier one is thereby changed."""
    turn = Turn(flow, state)
    if state.end is not None:
        return _closed(turn)
    if state.stopped:
        turn.emit("resumed")
        if question is None:
            turn.say("resumed")
            turn.ask_again()
            return turn.outcome()
    target = question or state.pending
    if target is None or (target != state.pending and target not in state.answers):
        turn.say("not_on_the_way")
        turn.ask_again()
        return turn.outcome()
    understood = read_answer(flow.definition.questions[target], given, state.locale, today)
    if isinstance(understood, Rejected):
        return _reject(turn, target, understood)
    previous = state.answers.get(target)
    fresh = Answer(understood.value, understood.display, flow.ordinals[target])
    if previous is None or previous.value != fresh.value:
        turn.record(target, fresh, previous)
        if previous is not None and target != state.pending:
            turn.say("changed")
    turn.move_on()
    return turn.outcome()


def go_back(flow: Flow, state: State) -> Outcome:
    """Ask the question before the pending one again; its answer stands until it is changed."""
    turn = Turn(flow, state)
    if state.end is not None and state.outcome in FINAL:
        return _closed(turn)
    if state.stopped:
        turn.emit("resumed")
    before = state.path if state.pending not in state.answers else state.path[: state.path.index(state.pending or "")]
    if not before:
        turn.say("first_question")
        turn.ask_again()
        return turn.outcome()
    turn.say("going_back")
    turn.ask(before[-1])
    return turn.outcome()


def explain(flow: Flow, state: State) -> Outcome:
    """Say why the pending question is asked, then ask it again."""
    turn = Turn(flow, state)
    if state.pending is not None:
        turn.say_text(flow.definition.questions[state.pending].help[state.locale])
    return _back_to_the_question(turn)


def faq(flow: Flow, state: State, text: str, topic: str | None = None) -> Outcome:
    """Answer a question of the lead's from the flow's FAQ, by `topic` or by its words, then ask the pending one again."""
    turn = Turn(flow, state)
    found = flow.definition.faqs.get(topic or "") or find_faq(flow.definition.faqs, text)
    if found is None:
        turn.say("faq_unknown")
    else:
        turn.say_text(found.answer[state.locale])
    return _back_to_the_question(turn, closing=False)


def request_person(flow: Flow, state: State) -> Outcome:
    """Note that the lead wants to talk to somebody, then go on."""
    turn = Turn(flow, state)
    turn.emit("person_requested")
    turn.say("person_coming")
    if state.pending is not None:
        turn.say("while_you_wait")
    return _back_to_the_question(turn, closing=False)


def stop(flow: Flow, state: State) -> Outcome:
    """Pause. Everything is kept, and whatever the lead writes next goes on from here."""
    turn = Turn(flow, state)
    if state.end is not None:
        return _closed(turn)
    if not state.stopped:
        turn.emit("stopped")
    turn.say("stopped")
    return turn.outcome()


def resume(flow: Flow, state: State) -> Outcome:
    """Ask the pending question again, after a pause or for somebody who said hello once more."""
    turn = Turn(flow, state)
    if state.end is not None:
        return _closed(turn)
    if state.stopped:
        turn.emit("resumed")
        turn.say("resumed")
    turn.ask_again()
    return turn.outcome()


def _reject(turn: Turn, target: str, rejected: Rejected) -> Outcome:
    turn.emit("answer_rejected", {"question": target, "reason": rejected.reason})
    text = phrase(f"rejected.{rejected.reason}", turn.state.locale, **rejected.details)
    if target == turn.state.pending:
        turn.ask_again(instead=text)
    else:
        turn.say_text(text)
        turn.ask_again()
    return turn.outcome()


def _back_to_the_question(turn: Turn, closing: bool = True) -> Outcome:
    if turn.state.stopped:
        turn.emit("resumed")
    if turn.state.pending is not None:
        turn.ask_again()
    elif closing:
        return _closed(turn)
    return turn.outcome()


def _closed(turn: Turn) -> Outcome:
    turn.say("closed" if turn.state.outcome in FINAL else "closed_can_change")
    return turn.outcome()
