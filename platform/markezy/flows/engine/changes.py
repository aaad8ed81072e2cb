"""Changing an earlier answer: by tapping it, by naming it, or by saying what was meant."""

from collections.abc import Iterable
from datetime import date

from markezy.flows.answers import Accepted, Given, read_answer
from markezy.flows.answers.corrections import Correction, matches, read_correction
from markezy.flows.answers.references import find_questions
from markezy.flows.engine.messages import pair
from markezy.flows.engine.recap import which_answer
from markezy.flows.engine.state import Answer
from markezy.flows.engine.turn import Turn


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


def ask_which(turn: Turn, given: Given) -> None:
    """The words don't say which answer shall change: the lead chooses."""
    if not turn.state.path:
        turn.say("first_question")
        turn.ask_again()
        return
    turn.show(which_answer(turn.flow, turn.state, _named(turn, given) or list(turn.state.path)))


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
