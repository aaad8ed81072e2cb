"""Changing an earlier answer: by tapping it, by naming it, or by saying what was meant."""

from collections.abc import Iterable
from datetime import date

from markezy.flows.answers import Accepted, Given, read_answer
from markezy.flows.answers.corrections import Correction, matches, read_correction
from markezy.flows.answers.references import find_questions
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.messages import command_button, pair
from markezy.flows.engine.misses import key_of_a_miss, missed, needs_help, person_offered
from markezy.flows.engine.recap import which_answer
from markezy.flows.engine.state import Answer
from markezy.flows.engine.turn import Turn
from markezy.flows.graph import successors
from markezy.flows.wording import phrase


def take_correction(turn: Turn, given: Given, today: date) -> bool:
    """Carry out the change these words ask for; False when they don't say which one."""
    named = _named(turn, given)
    correction = read_correction(str(given.raw))
    if correction.new is not None:
        said = Given(correction.new, None, given.heard)
        for question in _candidates(turn, correction, named, today):
            understood = read_answer(turn.flow.definition.questions[question], said, turn.state.locale, today)
            if isinstance(understood, Accepted):
                _replace(turn, question, understood)
                return True
    if len(named) == 1:
        reopen(turn, named[0])
        return True
    return False


def ask_which(turn: Turn, given: Given, today: date) -> None:
    """The words don't say which answer shall change: the lead chooses; or they name a question that has not been asked."""
    named = _named(turn, given)
    if not named and _speaks_of_another(turn, given, today):
        return
    if not turn.state.path:
        turn.say("first_question")
        turn.ask_again()
        return
    missed(turn, "which_answer")
    state = turn.state
    keep = (command_button("go_on", state.locale, title=phrase("button.keep_all", state.locale)),)
    more = (*(keep if needs_help(state) else ()), *person_offered(state))
    among = named or list(state.path)
    turn.show(which_answer(turn.flow, state, among, key_of_a_miss(state, "which_answer"), more))


def _speaks_of_another(turn: Turn, given: Given, today: date) -> bool:
    """Whether the words name questions the way has not come to. What was noted for one of them can be noted anew."""
    flow, state = turn.flow, turn.state
    if state.pending is None:
        return False
    questions = {id_: each for id_, each in flow.definition.questions.items() if id_ not in state.answers}
    named = find_questions(questions, str(given.raw), state.locale)
    if not named:
        return False
    ahead = _ahead(flow, state.pending)
    coming = [id_ for id_ in named if id_ in ahead]
    noted = next((id_ for id_ in coming if id_ in state.set_aside), None)
    if state.pending in named:
        turn.say("asking_now")
    elif noted is not None:
        _note_anew(turn, noted, given, today)
    elif coming:
        labels = [flow.definition.questions[id_].label[state.locale] for id_ in coming]
        turn.say("still_to_come", questions=" · ".join(labels))
    else:
        turn.say("not_on_the_way")
    turn.ask_again()
    return True


def _note_anew(turn: Turn, question: str, given: Given, today: date) -> None:
    locale = turn.state.locale
    said = Given(read_correction(str(given.raw)).new, None, given.heard)
    understood = read_answer(turn.flow.definition.questions[question], said, locale, today)
    if said.raw is not None and isinstance(understood, Accepted):
        turn.note(question, understood)
        turn.say("changed_to", pair=pair(turn.flow, question, understood.display, locale))
    else:
        turn.say("noted_ahead", pair=pair(turn.flow, question, turn.state.set_aside[question].display, locale))


def _ahead(flow: Flow, question: str) -> set[str]:
    """The questions some way from here leads to."""
    found: set[str] = set()
    waiting = [question]
    while waiting:
        further = set(successors(flow.definition, waiting.pop())) & flow.definition.questions.keys() - found
        found |= further
        waiting.extend(further)
    return found


def _named(turn: Turn, given: Given) -> list[str]:
    questions = turn.flow.definition.questions
    return find_questions({id_: questions[id_] for id_ in turn.state.path}, str(given.raw), turn.state.locale)


def reopen(turn: Turn, question: str) -> None:
    """Ask for the answer again; it stands until another is given."""
    if question not in turn.state.answers:
        turn.say("not_on_the_way")
        turn.ask_again()
        return
    turn.say("going_back")
    if question == turn.state.pending:
        turn.ask_again()
    else:
        turn.ask(question)


def _candidates(turn: Turn, correction: Correction, named: list[str], today: date) -> Iterable[str]:
    """Where the new answer may belong, the likeliest first: what was named, what reads as the old one, what was last said."""
    state, questions = turn.state, turn.flow.definition.questions
    if correction.old is not None:
        old = [
            id_
            for id_ in named or reversed(state.path)
            if matches(questions[id_], state.answers[id_].value, correction.old, state.locale, today)
        ]
        if old:
            return old[:1]
    if named:
        return named[:1] if len(named) == 1 else ()
    given = [id_ for id_ in state.path if id_ != state.pending]
    return given[-1:]


def _replace(turn: Turn, question: str, understood: Accepted) -> None:
    previous = turn.state.answers[question]
    if previous.value != understood.value:
        fresh = Answer(understood.value, understood.display, turn.flow.ordinals[question])
        turn.record(question, fresh, previous)
    turn.say("changed_to", pair=pair(turn.flow, question, understood.display, turn.state.locale))
    turn.move_on()
