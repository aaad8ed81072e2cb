"""What leads may ask for about themselves: to be forgotten, not to be written to, to have a person look at a refusal."""

from datetime import date

from markezy.flows.answers import Given
from markezy.flows.answers.cleaning import plain
from markezy.flows.engine.commands import answer
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.messages import Button, OutgoingMessage, command_button
from markezy.flows.engine.people import request_person
from markezy.flows.engine.state import State
from markezy.flows.engine.turn import Outcome, Turn
from markezy.flows.wording import phrase, words

_CONTACT = "contact"


def asks_to_be_forgotten(text: str) -> bool:
    """Whether these words order that data be deleted, rather than ask whether or when it is."""
    said = f" {plain(text)} "
    if any(f" {word} " in said for word in words("wondering")) or "?" in text:
        return False
    return any(f" {word}" in said for word in words("forget")) and any(f" {word} " in said for word in words("my_data"))


def offered(state: State) -> tuple[Button, ...]:
    """The button beside an answer about privacy, while there is something to delete."""
    return () if state.erasing else (command_button("delete_my_data", state.locale),)


def delete_my_data(flow: Flow, state: State) -> Outcome:
    """Say what would be deleted, and ask whether to: it can't be undone."""
    turn = Turn(flow, state)
    turn.say(
        "forget_sure",
        *(command_button(intent, state.locale) for intent in ("confirm_deletion", "withdraw_consent", "keep_my_data")),
    )
    return turn.outcome()


def confirm_deletion(flow: Flow, state: State) -> Outcome:
    """Have the lead forgotten. Nothing that is said afterwards counts."""
    turn = Turn(flow, state)
    if not state.erasing:
        turn.emit("erasure_requested", {"lead_id": state.origin.lead_id})
    turn.say("forgetting")
    return turn.outcome()


def keep_my_data(flow: Flow, state: State) -> Outcome:
    """Nothing is deleted; on with what was asked."""
    turn = Turn(flow, state)
    turn.say("kept")
    if turn.state.end is None and not turn.state.stopped:
        turn.ask_again()
    return turn.outcome()


def withdraw_consent(flow: Flow, state: State, today: date) -> Outcome:
    """The lead is not to be written to any more. Before the end, that is a no to the question it was asked by."""
    turn = Turn(flow, state)
    data = {
        "purpose": _CONTACT, "channel": state.origin.channel, "locale": state.locale, "lead_id": state.origin.lead_id,
    }  # fmt: skip
    turn.emit("consent_withdrawn", data)
    turn.say("consent_withdrawn")
    agreed = next((one for one in _contact_questions(flow) if _agreed(state, one)), None)
    if agreed is None or state.end is not None:
        return turn.outcome()
    return turn.outcome().followed_by(answer(flow, turn.state, Given(False), today, agreed))


def ask_review(flow: Flow, state: State) -> Outcome:
    """Have a person look at a decision that was taken without one."""
    return request_person(flow, state, "review")


def forgetting(state: State) -> Outcome:
    """All there is to say to a lead who is being forgotten."""
    return Outcome((), (OutgoingMessage(phrase("forgetting", state.locale)),), state)


def _contact_questions(flow: Flow) -> list[str]:
    return [one for one in flow.consents if flow.definition.questions[one].consents_to == _CONTACT]


def _agreed(state: State, question: str) -> bool:
    given = state.answers.get(question)
    return given is not None and given.value is True
