"""The lead's answers shown back to them, each of which they may change."""

from typing import Any

from markezy.flows.answers.shown import display_of
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.messages import Button, OutgoingMessage, command_button
from markezy.flows.engine.progress import progress
from markezy.flows.engine.state import State
from markezy.flows.wording import phrase

_MOST_BUTTONS = 6
"""More would be a list again; whoever wants another answer names it, or taps it on the card."""


def recap(flow: Flow, state: State, more: tuple[Button, ...] = ()) -> OutgoingMessage:
    """All answers, to be confirmed or changed, with `more` buttons."""
    items = _items(flow, state)
    return OutgoingMessage(
        text="\n".join((phrase("recap", state.locale), *(_line(item, state.locale) for item in items))),
        buttons=(command_button("confirm", state.locale), *more),
        input={"type": "recap", "items": items},
        progress=progress(flow, state),
    )


def which_answer(flow: Flow, state: State, among: list[str], key: str, more: tuple[Button, ...]) -> OutgoingMessage:
    """Asks with the phrase `key` which of these questions' answers shall change, the ones given last first."""
    wanted = list(reversed(among))[:_MOST_BUTTONS]
    return OutgoingMessage(
        text=phrase(key, state.locale),
        buttons=(*(_change_button(flow, state, question) for question in wanted), *more),
    )


def _change_button(flow: Flow, state: State, question: str) -> Button:
    label = flow.definition.questions[question].label[state.locale]
    return command_button("change_answer", state.locale, question, title=label)


def _items(flow: Flow, state: State) -> list[dict[str, Any]]:
    return [
        {
            "question": question,
            "label": flow.definition.questions[question].label[state.locale],
            "display": display_of(flow.definition.questions[question], state.answers[question].value, state.locale),
        }
        for question in state.path
    ]


def _line(item: dict[str, Any], locale: str) -> str:
    return f"• {phrase('pair', locale, label=item['label'], answer=item['display'])}"
