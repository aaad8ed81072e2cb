"""What a flow is made of, with the place of each piece: its expressions and its texts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from markezy.flows.definition import FlowDefinition


class Use(Enum):
    """What an expression is for."""

    TRANSITION = auto()
    VISIBILITY = auto()
    RULE = auto()
    SCORING = auto()
    COMPUTED = auto()


@dataclass(frozen=True)
class Expression:
    """A CEL expression. `owner` is the question it belongs to, or the computed field; empty for rules and scoring."""

    at: str
    source: str
    use: Use
    owner: str = ""


def expressions(definition: FlowDefinition) -> Iterator[Expression]:
    """All expressions of the flow."""
    for id_, question in definition.questions.items():
        if question.when is not None:
            yield Expression(f"questions/{id_}/when", question.when, Use.VISIBILITY, id_)
        for place, transition in enumerate(question.next):
            if transition.when is not None:
                yield Expression(f"questions/{id_}/next/{place}", transition.when, Use.TRANSITION, id_)
    for id_, field in definition.computed.items():
        yield Expression(f"computed/{id_}", field.value, Use.COMPUTED, id_)
    for place, rule in enumerate(definition.rules):
        yield Expression(f"rules/{place}", rule.when, Use.RULE)
    for place, scoring in enumerate(definition.scoring):
        yield Expression(f"scoring/{place}", scoring.when, Use.SCORING)


def texts(definition: FlowDefinition) -> Iterator[tuple[str, Mapping[str, str]]]:
    """All texts a lead may see, by place; those that need not be given only when they are."""
    yield "greeting", definition.greeting
    for id_, question in definition.questions.items():
        for name in ("text", "help", "label"):
            yield f"questions/{id_}/{name}", getattr(question, name)
        for name in ("placeholder", "repair"):
            if getattr(question, name):
                yield f"questions/{id_}/{name}", getattr(question, name)
        for option in question.options:
            yield f"questions/{id_}/options/{option.value}", option.title
    for id_, end in definition.ends.items():
        yield f"ends/{id_}/message", end.message
    for id_, faq in definition.faqs.items():
        yield f"faqs/{id_}/answer", faq.answer


def filled_texts(definition: FlowDefinition) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """The texts whose placeholders are filled, each with the question or end it is said at."""
    for id_, question in definition.questions.items():
        yield f"questions/{id_}/text", question.text, id_
        yield f"questions/{id_}/help", question.help, id_
    for id_, end in definition.ends.items():
        yield f"ends/{id_}/message", end.message, id_
