"""Going on later, elsewhere: a link to the conversation, sent to the lead's e-mail address."""

from markezy.flows.answers import Given
from markezy.flows.answers.contacts import find_email
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.progress import contact_of
from markezy.flows.engine.state import State
from markezy.flows.engine.turn import Outcome, Turn


def resume_later(flow: Flow, state: State, given: Given) -> Outcome:
    """Have a link sent, to the address the lead gave before or gives now."""
    turn = Turn(flow, state)
    address = find_email(str(given.raw)) or contact_of(flow, state)["email"]
    if address:
        _send(turn, address)
    else:
        turn.emit("email_asked")
        turn.say("link_where")
    return turn.outcome()


def take_email(turn: Turn, given: Given) -> bool:
    """Whether the words were the address that was asked for. If not, nobody asks again: they count as any others."""
    address = find_email(str(given.raw))
    if address is None:
        turn.emit("email_withheld")
        return False
    _send(turn, address)
    return True


def _send(turn: Turn, address: str) -> None:
    turn.emit("resume_link_requested", {"email": address})
    turn.say("link_sent", email=address)
    if turn.state.end is None and not turn.state.stopped:
        turn.ask_again()
