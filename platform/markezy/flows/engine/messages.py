"""What the assistant says: text, buttons, and hints for the lead's keyboard."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from markezy.flows.answers.amounts import scale
from markezy.flows.answers.shown import display_of
from markezy.flows.definition import WITH_OPTIONS, YES_OR_NO, Question, QuestionType
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.path import computed_fields
from markezy.flows.engine.progress import progress
from markezy.flows.engine.state import Answer, State
from markezy.flows.wording import phrase

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_LONGEST_INSERT = 80
TAPPED = WITH_OPTIONS | YES_OR_NO | {QuestionType.SCALE, QuestionType.FILE}
"""Types that are answered by tapping, or can't be answered with what was sent before."""


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
    """One message to the lead. `input` and `progress` are as docs/contracts.md has them; `staff` names the member of
    staff who says it, when it is not the assistant."""

    text: str
    buttons: tuple[Button, ...] = ()
    input: Mapping[str, Any] | None = None
    progress: Mapping[str, int] | None = None
    attachment: Attachment | None = None
    staff: str | None = None


def filled(flow: Flow, state: State, text: str) -> str:
    """`text` with `{question_id}` replaced by what was answered there, and `{field}` by what was worked out."""
    wanted = set(PLACEHOLDER.findall(text))
    known = {question: state.answers[question].display for question in wanted & state.answers.keys()}
    if wanted & flow.computed.keys():
        fields = computed_fields(flow, state.origin, state.answers)
        known.update({id_: _plainly(fields[id_], state.locale) for id_ in wanted & fields.keys()})
    return PLACEHOLDER.sub(lambda match: known.get(match[1], match[0])[:_LONGEST_INSERT], text)


def ask(flow: Flow, state: State, instead: str | None = None, more: tuple[Button, ...] = ()) -> OutgoingMessage:
    """The pending question with its buttons and `more` of them; `instead` replaces its text."""
    if state.pending is None:
        raise ValueError("no question is pending")
    question = flow.definition.questions[state.pending]
    standing = state.answers.get(state.pending)
    return OutgoingMessage(
        text=instead or filled(flow, state, _text(flow, state, state.pending)),
        buttons=(
            *_keep(state.pending, question, standing, state.locale),
            *_buttons(state.pending, question, state.locale),
            *more,
        ),
        input=_input(state.pending, question, standing, state.locale),
        progress=progress(flow, state),
    )


def _text(flow: Flow, state: State, question: str) -> str:
    """What is asked: the flow's words, or those that replace them since."""
    own = flow.definition.questions[question].text
    texts = state.renewed[question]["texts"] if question in state.renewed else own
    return str(texts.get(state.locale) or own[state.locale])


def pair(flow: Flow, question: str, shown: str, locale: str) -> str:
    """An answer beside its question's short name."""
    label = flow.definition.questions[question].label[locale]
    return phrase("pair", locale, label=label, answer=shown)


def command_button(intent: str, locale: str, question: str | None = None, title: str | None = None) -> Button:
    """A button for one of the lead's commands; its words are the wording's `button.<intent>` unless `title` says others."""
    members = "" if question is None else json.dumps({"question": question}, separators=(",", ":"))
    return Button(title or phrase(f"button.{intent}", locale), f"/{intent}{members}")


def payload(question: str, value: Any) -> str:
    """What a button that answers `question` sends."""
    return "/answer" + json.dumps({"question": question, "value": value}, ensure_ascii=False, separators=(",", ":"))


def _keep(id_: str, question: Question, standing: Answer | None, locale: str) -> tuple[Button, ...]:
    """While an answer is being changed, the way to leave it as it is; options show theirs by themselves."""
    if standing is None or standing.value is None or question.type in TAPPED:
        return ()
    shown = display_of(question, standing.value, locale)
    title = phrase("button.keep", locale, answer=shown[:_LONGEST_INSERT])
    return (Button(title, payload(id_, standing.value)),)


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


def _input(id_: str, question: Question, standing: Answer | None, locale: str) -> dict[str, Any]:
    hint: dict[str, Any] = {"type": question.type.value, "question": id_}
    if question.type in WITH_OPTIONS:
        hint["options"] = [{"title": option.title[locale], "value": option.value} for option in question.options]
    for name, limit in (("min", question.validation.min), ("max", question.validation.max)):
        if limit is not None:
            hint[name] = int(limit) if limit % 1 == 0 else limit
    if (
        question.type in (QuestionType.TEXT, QuestionType.LONG_TEXT)
        and question.role is None
        and question.entity is None
    ):
        hint["note"] = phrase("sensitive", locale)
    if question.placeholder:
        hint["placeholder"] = question.placeholder[locale]
    if question.validation.media_types:
        hint["media_types"] = list(question.validation.media_types)
    if standing is not None and standing.value is not None:
        hint["current"] = display_of(question, standing.value, locale)
    return hint


def _plainly(value: Any, locale: str) -> str:
    if isinstance(value, bool):
        return phrase("yes" if value else "no", locale)
    if isinstance(value, int | float):
        return str(format_decimal(round(value, 2), locale=locale))
    return str(value)
