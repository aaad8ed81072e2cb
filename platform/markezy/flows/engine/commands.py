"""The commands of a lead who answers. Each is a pure function that returns an `Outcome`.

A command to a stopped qualification resumes it first; one to a finished qualification is answered politely and changes
nothing, except that `go_back` and `change` reopen an end that handed nothing on to the agency.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from markezy.flows.answers import Accepted, Given, Rejected, read_answer
from markezy.flows.answers.cleaning import plain
from markezy.flows.answers.several import FREE_TEXT, hear_others
from markezy.flows.answers.texts import yes_or_no
from markezy.flows.definition import Faq, Question
from markezy.flows.engine.changes import ask_which, reopen, take_correction
from markezy.flows.engine.consents import Renewal, as_events
from markezy.flows.engine.endings import FINAL, closed
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.later import take_email
from markezy.flows.engine.likelihood import is_likely_answer
from markezy.flows.engine.messages import command_button, pair
from markezy.flows.engine.misses import key_of_a_miss, missed, needs_help, person_offered
from markezy.flows.engine.questions_back import asked_in_passing, asked_instead
from markezy.flows.engine.state import Answer, Origin, State
from markezy.flows.engine.turn import Outcome, Turn
from markezy.flows.wording import phrase, words


def start(flow: Flow, origin: Origin, state: State | None = None) -> Outcome:
    """Greet and ask the first question; a qualification that is under way goes on where it was."""
    if state is not None and state.started:
        return resume(flow, state)
    locale = flow.locale(origin.locale)
    turn = Turn(flow, State(origin))
    turn.emit("started", {"flow_version_id": origin.flow_version_id, "locale": locale})
    turn.say_text(flow.definition.greeting[locale])
    turn.move_on()
    return turn.outcome()


def answer(flow: Flow, state: State, given: Given, today: date, question: str | None = None) -> Outcome:
    """Answer the pending question, or with `question` that one: an earlier one is thereby changed.

    In words, a lead may answer several questions at once: those to come are noted. While the recap waits, "yes" confirms it.
    """
    turn = Turn(flow, state)
    if question is None and state.asked_for == "email" and take_email(turn, given):
        return turn.outcome()
    if state.end is not None:
        asked = asked_in_passing(flow.definition.faqs, given) if question is None else None
        return closed(turn) if asked is None else _tell(turn, asked)
    if state.stopped:
        turn.emit("resumed")
    if question is None and state.recap is not None:
        return _answer_to_recap(turn, given, today, returning=state.stopped)
    target = question or state.pending
    if target is None or (target != state.pending and target not in state.answers):
        turn.say("not_on_the_way")
        turn.ask_again()
        return turn.outcome()
    asked_for = flow.definition.questions[target]
    understood = read_answer(asked_for, given, state.locale, today)
    others = (
        hear_others(_to_come(flow, state, target), given, state.locale, today, asked_for) if question is None else {}
    )
    if question is None and not others:
        aside = _aside(flow, asked_for, given, understood)
        if aside is not None:
            return _tell(turn, aside)
        if state.stopped and (isinstance(understood, Rejected) or _only_says_hello(asked_for, given)):
            return _welcome_back(turn)
    if isinstance(understood, Rejected):
        if not others:
            return _reject(turn, target, understood)
    else:
        _take(turn, target, understood)
    _note(turn, others)
    turn.move_on()
    return turn.outcome()


def change(flow: Flow, state: State, given: Given, today: date, question: str | None = None) -> Outcome:
    """Change an answer: that of `question`, asked again with its answer standing until another is given; or the one the
    words speak of, at once when they say the new one ("I meant 5,000, not 500"), after asking when they don't.

    Words that speak of none and answer the pending question are an answer.
    """
    turn = Turn(flow, state)
    if state.end is not None and state.outcome in FINAL:
        return closed(turn)
    if state.stopped:
        turn.emit("resumed")
    if question is not None:
        reopen(turn, question)
    elif not take_correction(turn, given, today):
        if is_likely_answer(flow, turn.state, given, today):
            return turn.outcome().followed_by(answer(flow, turn.state, given, today))
        ask_which(turn, given, today)
    return turn.outcome()


def confirm(flow: Flow, state: State) -> Outcome:
    """The recap is right: the qualification is finished."""
    turn = Turn(flow, state)
    if state.end is not None:
        return closed(turn)
    if state.recap is None:
        return resume(flow, state)
    if state.stopped:
        turn.emit("resumed")
    turn.emit("recap_confirmed")
    turn.finish(state.recap)
    return turn.outcome()


def renew_consents(flow: Flow, state: State, renewals: Iterable[Renewal]) -> Outcome:
    """Ask for consents again whose words have changed since the lead agreed; what else was answered stands."""
    turn = Turn(flow, state)
    for data in as_events(one for one in renewals if one.question in flow.consents):
        turn.emit("consent_renewed", data)
    turn.say("consent_renewed")
    turn.move_on()
    return turn.outcome()


def go_back(flow: Flow, state: State) -> Outcome:
    """Ask the question before the pending one again; its answer stands until it is changed."""
    turn = Turn(flow, state)
    if state.end is not None and state.outcome in FINAL:
        return closed(turn)
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


def stop(flow: Flow, state: State) -> Outcome:
    """Pause. Everything is kept, and whatever the lead writes next goes on from here."""
    turn = Turn(flow, state)
    if state.end is not None:
        return closed(turn)
    if not state.stopped:
        turn.emit("stopped")
    turn.say("stopped", *(command_button(intent, state.locale) for intent in ("resume_later", "delete_my_data")))
    return turn.outcome()


def resume(flow: Flow, state: State) -> Outcome:
    """Ask the pending question again, after a pause or for somebody who said hello once more."""
    turn = Turn(flow, state)
    if state.end is not None:
        return closed(turn)
    if state.stopped:
        turn.emit("resumed")
        turn.say("resumed")
    turn.ask_again()
    return turn.outcome()


def _to_come(flow: Flow, state: State, asked: str) -> Mapping[str, Question]:
    """Questions behind `asked` that have no answer yet, in the order of the flow; none that wait for the lead's consent."""
    return {
        question: flow.definition.questions[question]
        for question in flow.graph.order
        if question not in state.answers
        and flow.ordinals[question] > flow.ordinals[asked]
        and not any(_refuses(state, consent) for consent in flow.consents & flow.graph.always_before[question])
    }


def _refuses(state: State, consent: str) -> bool:
    given = state.answers.get(consent)
    return given is None or given.value is not True


def _take(turn: Turn, target: str, understood: Accepted) -> None:
    previous = turn.state.answers.get(target)
    if previous is not None and previous.value == understood.value:
        return
    turn.record(target, Answer(understood.value, understood.display, turn.flow.ordinals[target]), previous)
    if previous is not None and target != turn.state.pending:
        turn.say("changed")


def _note(turn: Turn, others: Mapping[str, Accepted]) -> None:
    for question, understood in others.items():
        turn.note(question, understood)
    if others:
        flow, locale = turn.flow, turn.state.locale
        turn.say("noted", heard=" · ".join(pair(flow, id_, each.display, locale) for id_, each in others.items()))


def _aside(flow: Flow, asked_for: Question, given: Given, understood: Accepted | Rejected) -> Faq | None:
    """What in the FAQ the lead asks for instead of answering; words that were read stand, unless anything is read as text."""
    if isinstance(understood, Rejected):
        return asked_in_passing(flow.definition.faqs, given)
    return asked_instead(flow.definition.faqs, given) if asked_for.type in FREE_TEXT else None


def _tell(turn: Turn, asked: Faq) -> Outcome:
    turn.say_text(asked.answer[turn.state.locale])
    turn.ask_again()
    return turn.outcome()


def _only_says_hello(asked_for: Question, given: Given) -> bool:
    """Whether somebody who comes back says nothing but that; a text question would take it for an answer."""
    return asked_for.type in FREE_TEXT and isinstance(given.raw, str) and plain(given.raw) in words("returning")


def _welcome_back(turn: Turn) -> Outcome:
    turn.say("resumed")
    turn.ask_again()
    return turn.outcome()


def _answer_to_recap(turn: Turn, given: Given, today: date, returning: bool) -> Outcome:
    """After a pause, a mere yes is no word on the answers: it may only mean "yes, I am back"."""
    agreed = yes_or_no(given)
    if agreed is True and not returning:
        return turn.outcome().followed_by(confirm(turn.flow, turn.state))
    if agreed is None and take_correction(turn, given, today):
        return turn.outcome()
    asked = asked_in_passing(turn.flow.definition.faqs, given)
    if asked is not None:
        return _tell(turn, asked)
    if returning:
        return _welcome_back(turn)
    missed(turn, "recap_unclear" if agreed is None else "what_to_change")
    turn.say(key_of_a_miss(turn.state, "recap_unclear" if agreed is None else "what_to_change"))
    turn.ask_again(more=person_offered(turn.state))
    return turn.outcome()


def _reject(turn: Turn, target: str, rejected: Rejected) -> Outcome:
    missed(turn, rejected.reason, target)
    question, locale = turn.flow.definition.questions[target], turn.state.locale
    text = question.repair.get(locale) or phrase(f"rejected.{rejected.reason}", locale, **rejected.details)
    if target != turn.state.pending:
        turn.say_text(text)
        turn.ask_again()
    elif not needs_help(turn.state):
        turn.ask_again(instead=text)
    else:
        turn.say("still_unclear", reason=text)
        turn.say_text(question.help[locale])
        turn.ask_again(more=person_offered(turn.state))
    return turn.outcome()
