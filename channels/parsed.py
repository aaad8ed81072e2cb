"""What Rasa is told a message means when no NLU has to find out: buttons, slashes, the platform's news."""

import json
import re
from typing import Any

from channels.body import check_value
from channels.problem import Invalid

VISITOR_INTENTS = ("start", "answer", "go_back", "ask_why", "ask_person", "stop")
"""What a button may mean. `strategy_ready` belongs to the platform, Rasa's own (`restart` …) to nobody."""

_PAYLOAD = re.compile(r"/([a-z_]{1,40})(\{.*\})?", re.DOTALL)
_MAX_QUESTION = 200
_MAX_CHOICES = 100
_MAX_VALUE = 4000

ParseData = dict[str, Any]


def parse_data(text: str, intent: str, entities: dict[str, Any]) -> ParseData:
    """A certain reading of a message, in the shape of Rasa's NLU result."""
    reading = {"name": intent, "confidence": 1.0}
    return {
        "text": text,
        "intent": reading,
        "intent_ranking": [reading],
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }


def read_payload(payload: str) -> ParseData:
    """The meaning of a button's payload, `/<intent>{"question": …, "value": …}`; Invalid when it is none of ours."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None or match.group(1) not in VISITOR_INTENTS:
        raise Invalid('"payload" is not one of this assistant\'s buttons.')
    return parse_data(payload, match.group(1), _entities(match.group(2)))


def read_text(text: str) -> ParseData | None:
    """None for what the NLU shall read. Text that starts with a slash is an answer like any other, and never a command:
    Rasa would take `/restart` for the intent of that name."""
    return parse_data(text, "answer", {}) if text.strip().startswith("/") else None


def _entities(source: str | None) -> dict[str, Any]:
    if source is None:
        return {}
    try:
        members: dict[str, Any] = json.loads(source)
    except (ValueError, RecursionError):
        raise Invalid("The button's payload is not valid JSON.") from None
    check_value(members)
    if not set(members) <= {"question", "value"}:
        raise Invalid('A button\'s payload holds "question" and "value" and nothing else.')
    if "question" in members:
        _check_question(members["question"])
    if "value" in members:
        _check_choice(members["value"])
    return members


def _check_question(question: Any) -> None:
    if not isinstance(question, str) or not 0 < len(question) <= _MAX_QUESTION:
        raise Invalid('"question" in a button\'s payload must be a short text.')


def _check_choice(value: Any) -> None:
    choices: list[Any] = value if isinstance(value, list) else [value]
    if len(choices) > _MAX_CHOICES:
        raise Invalid(f'"value" in a button\'s payload holds {_MAX_CHOICES} choices at most.')
    for choice in choices:
        if not isinstance(choice, (str, int, float)) or (isinstance(choice, str) and len(choice) > _MAX_VALUE):
            raise Invalid('"value" in a button\'s payload must be a text, a number, true or false, or a list of these.')
