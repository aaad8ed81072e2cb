"""What can still happen to a qualification that has reached an end."""

from markezy.flows.definition import EndOutcome
from markezy.flows.engine.messages import Button, OutgoingMessage
from markezy.flows.engine.turn import Outcome, Turn
from markezy.flows.wording import phrase

FINAL = frozenset({EndOutcome.QUALIFIED.value, EndOutcome.HANDED_OVER.value})
"""Outcomes people are already working on: the answers behind them stand."""


def closed(turn: Turn) -> Outcome:
    """A polite word to a lead whose qualification is over."""
    turn.say("closed" if turn.state.outcome in FINAL else "closed_can_change")
    return turn.outcome()


def parted(turn: Turn, key: str, *buttons: Button) -> Outcome:
    """A word to who still speaks after the end, the phrase `parting.<key>`, and what happens next."""
    locale, outcome = turn.state.locale, turn.state.outcome
    ahead = phrase(f"next.{outcome if outcome in FINAL else 'unless_changed'}", locale)
    turn.show(OutgoingMessage(f"{phrase(f'parting.{key}', locale)} {ahead}", buttons))
    return turn.outcome()
