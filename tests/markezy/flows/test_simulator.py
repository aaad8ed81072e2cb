"""Flows played in text."""

from markezy.flows.engine import Flow
from markezy.flows.simulator import play

from tests.markezy.flows.conftest import TODAY


def test_a_conversation_reads_like_one(flow: Flow) -> None:
    shown = list(play(flow, ["/why", "1", "?price", "50", "/back", "60", "Maya", "/confirm", "never read"], TODAY))
    assert shown[0] == "Hello"
    assert "  1. Sales" in shown
    assert "Free" in shown
    assert shown[-2:] == ["Thanks Maya (3/3)", "[qualified: done, 0 points]"]
