"""Typebot's inputs as questions, still without their text and their ways on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markezy.flows.definition import QuestionType, Role
from markezy.flows.exchange.typebot.bot import Block
from markezy.flows.exchange.typebot.texts import as_value

TYPES = {
    "text input": QuestionType.TEXT,
    "number input": QuestionType.NUMBER,
    "email input": QuestionType.EMAIL,
    "url input": QuestionType.URL,
    "date input": QuestionType.DATE,
    "time input": QuestionType.TEXT,
    "phone number input": QuestionType.PHONE,
    "choice input": QuestionType.CHOICE,
    "picture choice input": QuestionType.CHOICE,
    "rating input": QuestionType.SCALE,
    "file input": QuestionType.FILE,
}
_UNDERSTOOD = {
    "text input": {"isLong"},
    "number input": {"min", "max", "step", "style", "currency"},
    "choice input": {"isMultipleChoice", "items"},
    "picture choice input": {"isMultipleChoice"},
    "rating input": {"length"},
    "phone number input": {"defaultCountryCode"},
    "file input": {"isRequired"},
}
"""By type, the options that are carried over, besides those of every input."""
_UNDERSTOOD_EVERYWHERE = {"variableId", "labels", "retryMessageContent"}
_ROLES = {
    Role.NAME: ("name", "full name", "first name", "nom", "prénom", "nombre"),
    Role.COMPANY: ("company", "company name", "entreprise", "société", "empresa"),
}
_LONGEST_SCALE = 10
_USUAL_SCALE = 5

Report = Callable[[str], None]


@dataclass(frozen=True)
class Choice:
    """One choice: its option, and the edge it has of its own."""

    option: Mapping[str, Any]
    edge: str | None


def question_of(block: Block, variable: str, locale: str, report: Report) -> tuple[dict[str, Any], list[Choice]]:
    """The question's own parts as plain data, and its choices. What is not carried over is reported."""
    options = block.options
    question: dict[str, Any] = {"type": TYPES[block.type]}
    choices = list(_choices(block, locale, report)) if "choice" in block.type else []
    if choices:
        question["options"] = [choice.option for choice in choices]
    for key in sorted(options.keys() - _UNDERSTOOD.get(block.type, set()) - _UNDERSTOOD_EVERYWHERE):
        if options[key] not in (None, False, "", {}, []):
            report(f"the setting {key!r} has no counterpart")
    given = options.get("labels")
    labels: Mapping[str, Any] = given if isinstance(given, dict) else {}
    if labels.get("placeholder"):
        question["placeholder"] = {locale: str(labels["placeholder"])}
    for key in sorted(labels.keys() - {"placeholder"}):
        report(f"the words on its {key!r} are the widget's own")
    if isinstance(options.get("retryMessageContent"), str) and options["retryMessageContent"].strip():
        question["repair"] = {locale: options["retryMessageContent"]}
    question |= _special(block, report)
    role = _role(question["type"], variable)
    return ({**question, "role": role} if role else question), choices


def _special(block: Block, report: Report) -> dict[str, Any]:
    options = block.options
    match block.type:
        case "text input" if options.get("isLong"):
            return {"type": QuestionType.LONG_TEXT}
        case "time input":
            report("a time of day is asked as a text")
        case "number input":
            limits = {key: options[key] for key in ("min", "max") if isinstance(options.get(key), int | float)}
            for key in ("min", "max"):
                if isinstance(options.get(key), str) and options[key]:
                    report(f"the limit {key!r} is worked out, and is left open")
            if options.get("style") == "currency":
                return {
                    "type": QuestionType.MONEY,
                    "validation": {**limits, "currency": options.get("currency") or "USD"},
                }
            whole = isinstance(options.get("step"), int) and options["step"] >= 1
            return {"validation": {**limits, "integer": True} if whole else limits}
        case "choice input" | "picture choice input" if options.get("isMultipleChoice"):
            return {"type": QuestionType.MULTI_CHOICE}
        case "rating input":
            given = options.get("length")
            length = given if isinstance(given, int) else _USUAL_SCALE
            if not 2 <= length <= _LONGEST_SCALE + 1:
                report(f"a scale of {length} becomes one of {_LONGEST_SCALE}")
                length = _LONGEST_SCALE
            return {"validation": {"min": 1, "max": length}}
        case "phone number input" if options.get("defaultCountryCode"):
            return {"validation": {"country": str(options["defaultCountryCode"]).upper()}}
        case "file input" if options.get("isRequired") is False:
            return {"optional": True}
    return {}


def _choices(block: Block, locale: str, report: Report) -> Iterator[Choice]:
    taken: list[str] = []
    for item in block.items:
        title = str(item.get("content") or item.get("title") or "").strip()
        if not title:
            report("a choice without words is left out")
            continue
        for key, what in (
            ("displayCondition", "when it is shown"),
            ("pictureSrc", "its picture"),
            ("description", "its description"),
        ):
            if isinstance(item.get(key), dict) and not item[key].get("isEnabled"):
                continue
            if item.get(key):
                report(f"of the choice “{title}”, {what} has no counterpart")
        value = as_value(str(item.get("value") or title), taken)
        taken.append(value)
        yield Choice({"value": value, "title": {locale: title}}, item.get("outgoingEdgeId"))


def _role(type_: QuestionType, variable: str) -> Role | None:
    if type_ is QuestionType.EMAIL:
        return Role.EMAIL
    if type_ is QuestionType.PHONE:
        return Role.PHONE
    if type_ is not QuestionType.TEXT:
        return None
    return next((role for role, names in _ROLES.items() if variable.strip().lower() in names), None)
