"""The commands of a lead who answers. Each is a pure function that returns an `Outcome`.

A command to a stopped qualification resumes it first; one to a finished qualification is answered politely and changes
nothing, except that `go_back` and `change` reopen an end that handed nothing on to the agency.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from markezy.flows.answers import Accepted, Given, Rejected, read_answer
from markezy.flows.answers.several import hear_others
from markezy.flows.answers.texts import yes_or_no
from markezy.flows.definition import Question
from markezy.flows.engine.changes import ask_which, reopen, take_correction
from markezy.flows.engine.consents import Renewal, as_events
from markezy.flows.engine.endings import FINAL, closed
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.later import take_email
from markezy.flows.engine.likelihood import is_likely_answer
from markezy.flows.engine.messages import Button, command_button, pair
from markezy.flows.engine.questions_back import find_faq
from markezy.flows.engine.state import Answer, Origin, State
from markezy.flows.engine.turn import Outcome, Turn
from markezy.flows.wording import has_phrase, phrase

_MISSES_BEFORE_HELP = 2
"""The first miss is told what was wrong; from the second on the lead is helped, and offered a person."""


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
        return closed(turn)
    if state.stopped:
        turn.emit("resumed")
        if question is None:
            turn.say("resumed")
            turn.ask_again()
            return turn.outcome()
    if question is None and state.recap is not None:
        return _answer_to_recap(turn, given, today)
    target = question or state.pending
    if target is None or (target != state.pending and target not in state.answers):
        turn.say("not_on_the_way")
        turn.ask_again()
        return turn.outcome()
    asked = flow.definition.questions[target]
    understood = read_answer(asked, given, state.locale, today)
    others = hear_others(_to_come(flow, state, target), given, state.locale, today, asked) if question is None else {}
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
        ask_which(turn, given)
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


def explain(flow: Flow, state: State) -> Outcome:
    """Say why the pending question is asked, then ask it again."""
    turn = Turn(flow, state)
    if state.pending is not None:
        turn.say_text(flow.definition.questions[state.pending].help[state.locale])
    elif state.recap is not None:
        turn.say("why_recap")
    return _back_to_the_question(turn)


def faq(flow: Flow, state: State, text: str, topic: str | None = None) -> Outcome:
    """Answer a question of the lead's from the flow's FAQ, by `topic` or by its words, then ask the pending one again."""
    turn = Turn(flow, state)
    found = flow.definition.faqs.get(topic or "") or find_faq(flow.definition.faqs, text)
    if topic is not None and topic not in flow.definition.faqs and has_phrase(f"faq.{topic}"):
        turn.say(f"faq.{topic}")
    elif found is not None:
        turn.say_text(found.answer[state.locale])
    else:
        turn.say("faq_unknown")
        return _back_to_the_question(turn, closing=False, more=_person_offered(state))
    return _back_to_the_question(turn, closing=False)


def small_talk(flow: Flow, state: State, kind: str, given: Given, today: date) -> Outcome:
    """A friendly word (`small_talk`, `insult` or `out_of_scope`), then back to the pending question.

    Words that answer the pending question are an answer whatever they sound like.
    """
    if is_likely_answer(flow, state, given, today):
        return answer(flow, state, given, today)
    turn = Turn(flow, state)
    turn.say(f"chat.{kind}")
    return _back_to_the_question(turn, closing=False)


def stop(flow: Flow, state: State) -> Outcome:
    """Pause. Everything is kept, and whatever the lead writes next goes on from here."""
    turn = Turn(flow, state)
    if state.end is not None:
        return closed(turn)
    if not state.stopped:
        turn.emit("stopped")
    turn.say("stopped", command_button("resume_later", state.locale))
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


def _answer_to_recap(turn: Turn, given: Given, today: date) -> Outcome:
    agreed = yes_or_no(given)
    if agreed is True:
        return confirm(turn.flow, turn.state)
    if agreed is None and take_correction(turn, given, today):
        return turn.outcome()
    turn.say("recap_unclear" if agreed is None else "what_to_change")
    turn.ask_again()
    return turn.outcome()


def _reject(turn: Turn, target: str, rejected: Rejected) -> Outcome:
    turn.emit("answer_rejected", {"question": target, "reason": rejected.reason})
    question, locale = turn.flow.definition.questions[target], turn.state.locale
    text = question.repair.get(locale) or phrase(f"rejected.{rejected.reason}", locale, **rejected.details)
    if target != turn.state.pending:
        turn.say_text(text)
        turn.ask_again()
    elif turn.state.misses < _MISSES_BEFORE_HELP:
        turn.ask_again(instead=text)
    else:
        turn.say("still_unclear", reason=text)
        turn.say_text(question.help[locale])
        turn.ask_again(more=_person_offered(turn.state))
    return turn.outcome()


def _person_offered(state: State) -> tuple[Button, ...]:
    return () if state.person else (command_button("ask_person", state.locale),)


def _back_to_the_question(turn: Turn, closing: bool = True, more: tuple[Button, ...] = ()) -> Outcome:
    if turn.state.stopped:
        turn.emit("resumed")
    if turn.state.end is None:
        turn.ask_again(more=more)
    elif closing:
        return closed(turn)
    return turn.outcome()
