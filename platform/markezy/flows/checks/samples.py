"""Facts with every question answered, so that a comparison of types that don't go together shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from markezy.flows.conditions import Condition, Facts
from markezy.flows.definition import YES_OR_NO, FlowDefinition, Question, QuestionType
from markezy.flows.engine.flow import in_order

_FILE = {"file": "sample", "name": "sample.pdf", "size": 1, "media_type": "application/pdf"}


def sample_facts(definition: FlowDefinition) -> Iterator[Mapping[str, Any]]:
    """Twice: all figures whole, and with fractions where they may have some. CEL tells these two kinds of numbers apart."""
    for whole in (True, False):
        facts: dict[str, Any] = {
            "answers": {id_: _sample(question, whole) for id_, question in definition.questions.items()},
            "computed": {},
            "hidden": {},
            "utm": {},
            "channel": definition.channels[0].value,
            "locale": definition.locales[0],
            "score": 0,
        }
        yield {**facts, "computed": computed_on(definition, facts)}


def computed_on(definition: FlowDefinition, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The computed fields on these facts; those that can't be worked out are absent."""
    fields: dict[str, Any] = {}
    for id_, expression in _fields_in_order(definition).items():
        value = expression.value(Facts({**facts, "computed": dict(fields)}))
        if value is not None:
            fields[id_] = value
    return fields


def _fields_in_order(definition: FlowDefinition) -> Mapping[str, Condition]:
    try:
        return in_order({id_: Condition(field.value) for id_, field in definition.computed.items()})
    except ValueError:  # No CEL, or in a circle: both are findings of their own.
        return {}


def _sample(question: Question, whole: bool) -> Any:
    if question.type in YES_OR_NO:
        return True
    match question.type:
        case QuestionType.CHOICE:
            return question.options[0].value
        case QuestionType.MULTI_CHOICE:
            return [question.options[0].value]
        case QuestionType.NUMBER | QuestionType.MONEY:
            return 2 if whole or question.validation.integer else 1.5
        case QuestionType.SCALE:
            return int(question.validation.max or 1)
        case QuestionType.DATE:
            return "2027-01-31"
        case QuestionType.FILE:
            return _FILE
        case _:
            return "text"
