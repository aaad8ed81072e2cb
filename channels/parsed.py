"""What Rasa is told a message means when no NLU has to find out: buttons, slashes, the platform's news."""

import json
import re
from collections.abc import Mapping
from typing import Any

from channels.body import canonical_uuid, check_value
from channels.problem import Invalid

MEMBERS_NEEDED: Mapping[str, frozenset[str]] = {
    "start": frozenset(),
    "answer": frozenset(),
    "change_answer": frozenset({"question"}),
    "confirm": frozenset(),
    "go_back": frozenset(),
    "ask_why": frozenset(),
    "switch_language": frozenset({"value"}),
    "ask_person": frozenset(),
    "go_on": frozenset(),
    "resume_later": frozenset(),
    "stop": frozenset(),
    "delete_my_data": frozenset(),
    "confirm_deletion": frozenset(),
    "keep_my_data": frozenset(),
    "withdraw_consent": frozenset(),
    "ask_review": frozenset(),
}
"""What a button may mean, and what it must say then. News belong to the platform, Rasa's own (`restart` …) to nobody."""

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
    if match is None or match.group(1) not in MEMBERS_NEEDED:
        raise Invalid('"payload" is not one of this assistant\'s buttons.')
    intent, members = match.group(1), _entities(match.group(2))
    for needed in MEMBERS_NEEDED[intent] - members.keys():
        raise Invalid(f'A button\'s payload "/{intent}" needs "{needed}".')
    if intent != "answer" and not isinstance(members.get("value", ""), str):
        raise Invalid(f'"value" in a button\'s payload "/{intent}" must be a text.')
    return parse_data(payload, intent, members)


def file_of(reading: ParseData) -> str | None:
    """The id of the file that a button sends as its answer, if it sends one."""
    for entity in reading["entities"]:
        if entity["entity"] == "value" and isinstance(entity["value"], dict):
            file_id: str = entity["value"]["file"]
            return file_id
    return None


def with_file(reading: ParseData, sent: Mapping[str, Any]) -> ParseData:
    """The same with all that is known of the file, in place of its id."""
    entities = [
        {**entity, "value": dict(sent)} if entity["entity"] == "value" else entity for entity in reading["entities"]
    ]
    return {**reading, "entities": entities}


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
    if isinstance(value, dict):
        if set(value) != {"file"} or not isinstance(value["file"], str) or canonical_uuid(value["file"]) is None:
            raise Invalid('A file is sent as {"file": <its id>}.')
        return
    choices: list[Any] = value if isinstance(value, list) else [value]
    if len(choices) > _MAX_CHOICES:
        raise Invalid(f'"value" in a button\'s payload holds {_MAX_CHOICES} choices at most.')
    for choice in choices:
        if not isinstance(choice, (str, int, float)) or (isinstance(choice, str) and len(choice) > _MAX_VALUE):
            raise Invalid('"value" in a button\'s payload must be a text, a number, true or false, or a list of these.')
