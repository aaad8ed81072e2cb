"""What the assistant says: text, buttons, and hints for the lead's keyboard."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markezy.flows.answers.amounts import scale
from markezy.flows.definition import WITH_OPTIONS, YES_OR_NO, Question, QuestionType
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.progress import progress
from markezy.flows.engine.state import Answer, State
from markezy.flows.wording import phrase

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_LONGEST_INSERT = 80


@dataclass(frozen=True)
class Button:
    """What is shown and what tapping it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Attachment:
    """A document that comes with a message."""

    title: str
    url: str
    media_type: str


@dataclass(frozen=True)
class OutgoingMessage:
    """One message to the lead. `input` and `progress` are as docs/contracts.md has them."""

    text: str
    buttons: tuple[Button, ...] = ()
    input: Mapping[str, Any] | None = None
    progress: Mapping[str, int] | None = None
    attachment: Attachment | None = None


def filled(text: str, answers: Mapping[str, Answer]) -> str:
    """`text` with `{question_id}` replaced by what was answered there."""
    return PLACEHOLDER.sub(
        lambda match: answers[match[1]].display[:_LONGEST_INSERT] if match[1] in answers else match[0], text
    )


def ask(flow: Flow, state: State, instead: str | None = None) -> OutgoingMessage:
    """The pending question with its buttons; `instead` replaces its text."""
    if state.pending is None:
        raise ValueError("no question is pending")
    question = flow.definition.questions[state.pending]
    return OutgoingMessage(
        text=instead or filled(question.text[state.locale], state.answers),
        buttons=_buttons(state.pending, question, state.locale),
        input=_input(state.pending, question, state.locale),
        progress=progress(flow, state),
    )


def payload(question: str, value: Any) -> str:
    """What a button that answers `question` sends."""
    return "/answer" + json.dumps({"question": question, "value": value}, ensure_ascii=False, separators=(",", ":"))


def _buttons(id_: str, question: Question, locale: str) -> tuple[Button, ...]:
    choices: list[tuple[str, Any]] = []
    if question.type is QuestionType.CHOICE:
        choices = [(option.title[locale], option.value) for option in question.options]
    elif question.type in YES_OR_NO:
        choices = [(phrase("yes", locale), True), (phrase("no", locale), False)]
    elif question.type is QuestionType.SCALE:
        low, high = scale(question)
        choices = [(str(step), step) for step in range(low, high + 1)]
    if question.optional:
        choices.append((phrase("skip_button", locale), ""))
    return tuple(Button(title, payload(id_, value)) for title, value in choices)


def _input(id_: str, question: Question, locale: str) -> dict[str, Any]:
    hint: dict[str, Any] = {"type": question.type.value, "question": id_}
    if question.type in WITH_OPTIONS:
        hint["options"] = [{"title": option.title[locale], "value": option.value} for option in question.options]
    for name, limit in (("min", question.validation.min), ("max", question.validation.max)):
        if limit is not None:
            hint[name] = int(limit) if limit % 1 == 0 else limit
    if question.placeholder:
        hint["placeholder"] = question.placeholder[locale]
    return hint
