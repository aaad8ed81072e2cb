"""Which language the conversation is in: heard, wished for, switched at any turn."""

from markezy.flows.definition import QuestionType
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.messages import Button
from markezy.flows.engine.misses import key_of_a_miss, missed, person_offered
from markezy.flows.engine.state import State
from markezy.flows.engine.turn import Outcome, Turn
from markezy.flows.wording import phrase

_FEWEST_WORDS = 6


def in_language(flow: Flow, state: State, locale: str | None, text: str = "") -> Outcome:
    """Go on in the language a lead was heard to write, if the flow speaks it; nothing is said about it.

    A few words in answer to a text question may be a name, which tells nothing about the language.
    """
    turn = Turn(flow, state)
    if locale in flow.definition.locales and locale != state.locale and not _may_be_a_name(flow, state, text):
        _switch(turn, locale)
    return turn.outcome()


def switch_language(flow: Flow, state: State, locale: str | None) -> Outcome:
    """Go on in the language the lead wishes for; ask which one when they don't say, or the flow doesn't speak it."""
    turn = Turn(flow, state)
    if locale not in flow.definition.locales:
        missed(turn, "which_language")
        buttons = (
            Button(phrase("language_name", each), f'/switch_language{{"value":"{each}"}}')
            for each in flow.definition.locales
        )
        turn.say(key_of_a_miss(turn.state, "which_language"), *buttons, *person_offered(turn.state))
        return turn.outcome()
    if state.stopped:
        turn.emit("resumed")
    if locale != state.locale:
        _switch(turn, locale)
    turn.say("language_switched")
    turn.ask_again()
    return turn.outcome()


def _may_be_a_name(flow: Flow, state: State, text: str) -> bool:
    question = flow.definition.questions.get(state.pending or "")
    return question is not None and question.type is QuestionType.TEXT and 0 < len(text.split()) < _FEWEST_WORDS


def _switch(turn: Turn, locale: str) -> None:
    """Before the first answer, the way may depend on the language: then another question may be the first."""
    pending = turn.state.pending
    turn.emit("locale_changed", {"locale": locale})
    if turn.state.answers or turn.state.end is not None:
        return
    first = turn.settle().arrives_at
    if pending is not None and first != pending and first in turn.flow.definition.questions:
        turn.emit("question_asked", {"question": first, "ordinal": turn.flow.ordinals[first]})
