"""The qualification engine: pure functions from a state and a command to events, messages and the next state.

Nothing here reads a clock, a file of the flow or a network: the same state and command always give the same outcome.
"""

from markezy.flows.answers import Given, Heard
from markezy.flows.engine.asides import explain, faq, small_talk
from markezy.flows.engine.commands import answer, change, confirm, go_back, resume, start, stop
from markezy.flows.engine.flow import Flow, compile_flow
from markezy.flows.engine.languages import in_language, switch_language
from markezy.flows.engine.later import resume_later
from markezy.flows.engine.messages import Attachment, Button, OutgoingMessage
from markezy.flows.engine.people import (
    go_on,
    is_silent,
    leave_message,
    leaves_message,
    listens_again,
    news,
    request_person,
)
from markezy.flows.engine.progress import answers_given, contact_of
from markezy.flows.engine.state import Answer, Event, Origin, State, evolve, fold
from markezy.flows.engine.turn import Outcome

__all__ = [
    "Answer", "Attachment", "Button", "Event", "Flow", "Given", "Heard", "Origin", "Outcome", "OutgoingMessage",
    "State", "answer", "answers_given", "change", "compile_flow", "confirm", "contact_of", "evolve", "explain",
    "faq", "fold", "go_back", "go_on", "in_language", "is_silent", "leave_message", "leaves_message",
    "listens_again", "news", "request_person", "resume", "resume_later", "small_talk", "start", "stop",
    "switch_language",
]  # fmt: skip
