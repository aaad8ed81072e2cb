"""What can be said about a lead from flow and state: how far, who, and what they answered."""

from typing import Any

from markezy.flows.definition import Role
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.state import State


def progress(flow: Flow, state: State) -> dict[str, int]:
    """Questions done, of how many at most. The share never shrinks while the lead only answers."""
    if state.pending is None:
        return {"done": len(state.answers), "of": len(state.answers)}
    place = flow.ordinals[state.pending]
    done = sum(answer.ordinal < place for answer in state.answers.values())
    return {"done": done, "of": done + flow.graph.remaining[state.pending]}


def contact_of(flow: Flow, state: State) -> dict[str, str | None]:
    """The lead's contact details, by role; None for what was not given."""
    contact: dict[str, str | None] = {role.value: None for role in Role}
    for question in state.path:
        role = flow.definition.questions[question].role
        value = state.answers[question].value
        if role is not None and value is not None:
            contact[role.value] = str(value)
    return contact


def answers_given(flow: Flow, state: State) -> list[dict[str, Any]]:
    """The answers on the path, labelled in the lead's language; skipped questions are left out."""
    return [
        {
            "question": question,
            "label": flow.definition.questions[question].label[state.locale],
            "value": state.answers[question].value,
            "display": state.answers[question].display,
        }
        for question in state.path
        if state.answers[question].value is not None
    ]
