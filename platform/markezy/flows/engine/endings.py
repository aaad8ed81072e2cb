"""What can still happen to a qualification that has reached an end."""

from markezy.flows.definition import EndOutcome
from markezy.flows.engine.turn import Outcome, Turn

FINAL = frozenset({EndOutcome.QUALIFIED.value, EndOutcome.HANDED_OVER.value})
"""Outcomes people are already working on: the answers behind them stand."""


def closed(turn: Turn) -> Outcome:
    """A polite word to a lead whose qualification is over."""
    turn.say("closed" if turn.state.outcome in FINAL else "closed_can_change")
    return turn.outcome()
