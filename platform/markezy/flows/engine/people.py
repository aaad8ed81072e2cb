"""A person instead of the assistant: asked for, here, away, gone again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from markezy.flows.engine.flow import Flow
from markezy.flows.engine.messages import OutgoingMessage, command_button
from markezy.flows.engine.misses import needs_help
from markezy.flows.engine.state import State
from markezy.flows.engine.turn import Outcome, Turn
from markezy.flows.wording import phrase

_LONGEST_MESSAGE = 4000


def is_silent(state: State, tapped: bool) -> bool:
    """Whether the assistant leaves this message to a person. A tap takes a waiting lead back, not one who is talking."""
    return state.person == "talking" or (state.person == "waiting" and not tapped)


def listens_again(flow: Flow, state: State) -> Outcome:
    """A lead who taps one of the assistant's buttons goes on without the person they waited for."""
    turn = Turn(flow, state)
    if state.person in ("waiting", "away"):
        turn.emit("person_declined")
    return turn.outcome()


def leaves_message(state: State, tapped: bool) -> bool:
    """Whether these words are for the team, who is away."""
    return state.person == "away" and not tapped


def request_person(flow: Flow, state: State, reason: str | None = None) -> Outcome:
    """Ask the team for somebody, for this reason; without one, because the lead asks for them, or takes up the offer made to
    who was not understood.

    Until they come, or the lead goes on, the assistant is silent.
    """
    turn = Turn(flow, state)
    if state.person == "talking":
        return turn.outcome()
    if state.stopped:
        turn.emit("resumed")
    if state.person != "waiting":
        turn.emit("person_requested", {"reason": reason or ("misunderstood" if needs_help(state) else "asked")})
    go_on = () if state.end is not None else (command_button("go_on", state.locale),)
    turn.say("person_coming", *go_on)
    return turn.outcome()


def go_on(flow: Flow, state: State) -> Outcome:
    """Back to the questions, without the person."""
    turn = Turn(flow, state)
    if state.person == "talking":
        return turn.outcome()
    if state.person:
        turn.emit("person_declined")
    if state.stopped:
        turn.emit("resumed")
    if state.end is None:
        turn.say("going_on")
        turn.ask_again()
    else:
        turn.say("closed")
    return turn.outcome()


def leave_message(flow: Flow, state: State, text: str) -> Outcome:
    """What the lead writes while the team is away is for the team, whatever it sounds like; then the questions go on."""
    turn = Turn(flow, state)
    turn.emit("message_left", {"text": text[:_LONGEST_MESSAGE]})
    turn.say("message_passed_on")
    if turn.state.end is None:
        turn.ask_again()
    return turn.outcome()


def person_joined(flow: Flow, state: State, name: str) -> Outcome:
    """Somebody of the team talks to the lead from now on."""
    turn = Turn(flow, state)
    if state.person != "talking":
        turn.emit("person_joined", {"name": name})
        turn.say("person_here", name=name)
    return turn.outcome()


def person_message(flow: Flow, state: State, name: str, text: str) -> Outcome:
    """What they say; whoever says it."""
    turn = Turn(flow, state)
    turn.show(OutgoingMessage(text, staff=name))
    return turn.outcome()


def person_left(flow: Flow, state: State, name: str) -> Outcome:
    """They are gone; the assistant goes on where it was."""
    turn = Turn(flow, state)
    if state.person != "talking":
        return turn.outcome()
    turn.emit("person_left", {"name": name})
    if state.end is None:
        turn.say("person_gone", name=name)
        turn.ask_again()
    else:
        turn.say("person_gone_at_end", name=name)
    return turn.outcome()


def team_away(flow: Flow, state: State, reason: str, opens_at: str) -> Outcome:
    """Nobody can come now. The lead may leave a message, or go on."""
    turn = Turn(flow, state)
    if state.person != "waiting":
        return turn.outcome()
    turn.emit("team_away", {"reason": reason, "opens_at": opens_at or None})
    back = _moment(opens_at, state.locale)
    text = phrase(f"away.{reason}", state.locale) if back is None else phrase("away.until", state.locale, moment=back)
    buttons = () if state.end is not None else (command_button("go_on", state.locale),)
    turn.show(OutgoingMessage(f"{text} {phrase('leave_a_message', state.locale)}", buttons))
    return turn.outcome()


def remind(flow: Flow, state: State) -> Outcome:
    """A word to a lead who has been away for long, and the question that waits; nothing to one who has finished."""
    turn = Turn(flow, state)
    if state.end is None and not state.stopped and not state.person:
        turn.emit("reminded")
        turn.say("still_there")
        turn.ask_again()
    return turn.outcome()


def news(flow: Flow, state: State, intent: str, data: Mapping[str, Any]) -> Outcome:
    """What the platform tells (docs/conversation.md); KeyError for news this version doesn't know."""
    told = {name: str(value) for name, value in data.items()}
    if intent == "person_joined":
        return person_joined(flow, state, told["name"])
    if intent == "person_message":
        return person_message(flow, state, told["name"], told["text"])
    if intent == "person_left":
        return person_left(flow, state, told["name"])
    if intent == "team_away":
        return team_away(flow, state, told["reason"], told.get("opens_at", ""))
    if intent == "reminder":
        return remind(flow, state)
    raise KeyError(intent)


def _moment(iso: str, locale: str) -> str | None:
    """Day and hour in the office's own time zone, which the time comes with."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return None
    pattern = {"en": "EEEE 'at' HH:mm", "fr": "EEEE 'à' HH:mm", "es": "EEEE 'a las' HH:mm"}.get(locale, "EEEE HH:mm")
    return str(format_datetime(at, pattern, tzinfo=at.tzinfo, locale=locale))
