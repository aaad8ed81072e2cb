"""Words that were no answer to what was asked: counted, so that nobody hears the same sentence for ever."""

from markezy.flows.engine.messages import Button, command_button
from markezy.flows.engine.state import State
from markezy.flows.engine.turn import Turn

_BEFORE_HELP = 2
"""The first miss is told what was wrong; from the second on the lead is helped, and offered a person."""
_IN_CIRCLES = 3


def missed(turn: Turn, reason: str, question: str | None = None) -> None:
    """Count a miss of `question`, else of what waits for an answer: the pending question, or the recap."""
    waiting = question or turn.state.pending or ("recap" if turn.state.recap is not None else None)
    if waiting is not None:
        turn.emit("answer_rejected", {"question": waiting, "reason": reason})


def needs_help(state: State) -> bool:
    """Whether one miss followed another."""
    return state.misses >= _BEFORE_HELP


def key_of_a_miss(state: State, key: str) -> str:
    """Which phrase answers this miss: `key` for the first, `<key>_again`, which helps more, for the next."""
    if state.misses >= _IN_CIRCLES:
        return "in_circles"
    return f"{key}_again" if needs_help(state) else key


def person_offered(state: State, at_once: bool = False) -> tuple[Button, ...]:
    """The button that calls a person: for who needs help, or `at_once`."""
    return (command_button("ask_person", state.locale),) if (at_once or needs_help(state)) and not state.person else ()
