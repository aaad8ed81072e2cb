"""The qualification engine: pure functions from a state and a command to events, messages and the next state.

Nothing here reads a clock, a file of the flow or a network: the same state and command always give the same outcome.
"""

from markezy.flows.answers import Given, Heard
from markezy.flows.engine.asides import explain, faq, small_talk
from markezy.flows.engine.commands import answer, change, confirm, go_back, renew_consents, resume, start, stop
from markezy.flows.engine.consents import Renewal, agreed_versions
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
from markezy.flows.engine.rights import (
    ask_review,
    confirm_deletion,
    delete_my_data,
    forgetting,
    keep_my_data,
    withdraw_consent,
)
from markezy.flows.engine.state import Answer, Event, Origin, State, evolve, fold
from markezy.flows.engine.turn import Outcome

__all__ = [
    "Answer", "Attachment", "Button", "Event", "Flow", "Given", "Heard", "Origin", "Outcome", "OutgoingMessage",
    "Renewal", "State", "agreed_versions", "answer", "answers_given", "ask_review", "change", "compile_flow",
    "confirm", "confirm_deletion", "contact_of", "delete_my_data", "evolve", "explain", "faq", "fold",
    "forgetting", "go_back", "go_on", "in_language", "is_silent", "keep_my_data", "leave_message",
    "leaves_message", "listens_again", "news", "renew_consents", "request_person", "resume", "resume_later",
    "small_talk", "start", "stop", "switch_language", "withdraw_consent",
]  # fmt: skip
