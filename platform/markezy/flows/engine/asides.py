"""What interrupts the questions for a moment: why, a question of the lead's, a friendly word or an unfriendly one."""

from datetime import date

from markezy.flows.answers import Given
from markezy.flows.answers.cleaning import plain
from markezy.flows.engine.commands import answer
from markezy.flows.engine.endings import parted
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.likelihood import is_likely_answer
from markezy.flows.engine.messages import Button, OutgoingMessage, filled
from markezy.flows.engine.misses import key_of_a_miss, missed, needs_help, person_offered
from markezy.flows.engine.questions_back import asked_in_passing, find_faq
from markezy.flows.engine.rights import asks_to_be_forgotten, delete_my_data, offered
from markezy.flows.engine.state import State
from markezy.flows.engine.turn import Outcome, Turn
from markezy.flows.wording import has_phrase, words

_PRIVACY = "privacy"
_FOR_A_PERSON = frozenset({"insult", "out_of_scope"})
"""Who is annoyed, or asks what the assistant can't know, is better off with a person."""


def explain(flow: Flow, state: State) -> Outcome:
    """Say why the pending question is asked, then ask it again."""
    turn = Turn(flow, state)
    if state.end is not None:
        return parted(turn, "why")
    if state.pending is not None:
        turn.say_text(flow.definition.questions[state.pending].help[state.locale])
    elif state.recap is not None:
        turn.say("why_recap")
    return _back_to_the_question(turn)


def faq(flow: Flow, state: State, text: str, topic: str | None = None) -> Outcome:
    """Answer a question of the lead's from the flow's FAQ, by `topic` or by its words, then ask the pending one again."""
    if topic == _PRIVACY and asks_to_be_forgotten(text):
        return delete_my_data(flow, state)
    turn = Turn(flow, state)
    more = offered(state) if topic == _PRIVACY else ()
    found = flow.definition.faqs.get(topic or "") or find_faq(flow.definition.faqs, text)
    if topic is not None and topic not in flow.definition.faqs and has_phrase(f"faq.{topic}"):
        turn.say(f"faq.{topic}", *more)
    elif found is not None:
        turn.show(OutgoingMessage(filled(flow, state, found.answer[state.locale]), more))
    elif state.end is not None:
        turn.say("faq_unknown", *person_offered(state, at_once=True))
    else:
        turn.say("faq_unknown")
        return _back_to_the_question(turn, person_offered(state, at_once=True))
    return _back_to_the_question(turn)


def small_talk(flow: Flow, state: State, kind: str, given: Given, today: date) -> Outcome:
    """A friendly word (`small_talk`, `insult` or `out_of_scope`), then back to the pending question.

    Words that answer the pending question are an answer whatever they sound like, and so are those that ask for
    something in the FAQ a question. Who has stopped or finished only hears the friendly word.
    """
    if is_likely_answer(flow, state, given, today):
        return answer(flow, state, given, today)
    turn = Turn(flow, state)
    asked = asked_in_passing(flow.definition.faqs, given)
    if asked is not None:
        turn.say_text(asked.answer[state.locale])
        return _back_to_the_question(turn)
    thanked = kind == "small_talk" and _thanks(given)
    if state.end is not None:
        return parted(turn, "thanks" if thanked else kind, *person_offered(state, at_once=kind in _FOR_A_PERSON))
    if state.stopped:
        turn.say(f"stopped_{'thanks' if thanked else 'chat'}", *person_offered(state, at_once=kind == "insult"))
    elif thanked:
        turn.say("chat.thanks")
        turn.ask_again()
    else:
        missed(turn, kind)
        turn.say(key_of_a_miss(turn.state, f"chat.{kind}"))
        if kind == "out_of_scope" and needs_help(turn.state) and state.pending is not None:
            turn.say_text(flow.definition.questions[state.pending].help[state.locale])
        turn.ask_again(more=person_offered(turn.state, at_once=kind == "insult"))
    return turn.outcome()


def _thanks(given: Given) -> bool:
    said = f" {plain(str(given.raw))} "
    return any(f" {word} " in said for word in words("thanks"))


def _back_to_the_question(turn: Turn, more: tuple[Button, ...] = ()) -> Outcome:
    if turn.state.stopped:
        turn.emit("resumed")
    if turn.state.end is None:
        turn.ask_again(more=more)
    return turn.outcome()
