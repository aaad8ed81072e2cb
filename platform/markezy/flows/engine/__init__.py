"""The qualification engine: pure functions from a state and a command to events, messages and the next state.

Nothing here reads a clock, a file of the flow or a network: the same state and command always give the same outcome.
"""

from markezy.flows.answers import Given
from markezy.flows.engine.commands import answer, explain, faq, go_back, request_person, resume, start, stop
from markezy.flows.engine.flow import Flow, compile_flow
from markezy.flows.engine.messages import Attachment, Button, OutgoingMessage
from markezy.flows.engine.progress import answers_given, contact_of
from markezy.flows.engine.state import Answer, Event, Origin, State, evolve, fold
from markezy.flows.engine.turn import Outcome

__all__ = [
    "Answer", "Attachment", "Button", "Event", "Flow", "Given", "Origin", "Outcome", "OutgoingMessage", "State", "answer",
    "answers_given", "compile_flow", "contact_of", "evolve", "explain", "faq", "fold", "go_back", "request_person",
    "resume", "start", "stop",
]  # fmt: skip
