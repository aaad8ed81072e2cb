"""What a lead consents to, and asking again when the words have changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markezy.flows.engine.flow import Flow
from markezy.flows.engine.state import State


@dataclass(frozen=True)
class Renewal:
    """A consent question with the version of its purpose's text, and the text by locale, that it is to be asked with."""

    question: str
    version: int
    texts: Mapping[str, str]


def consent(flow: Flow, state: State, question: str, *, given: bool) -> dict[str, Any]:
    """What the log keeps of a consent, beside the answer: enough to prove it after the answer is gone."""
    data = {
        "question": question,
        "purpose": flow.definition.questions[question].consents_to,
        "given": given,
        "locale": state.locale,
        "channel": state.origin.channel,
        "lead_id": state.origin.lead_id,
        "flow_version_id": state.origin.flow_version_id,
    }
    renewed = state.renewed.get(question)
    return data if renewed is None else {**data, "version": renewed["version"]}


def agreed_versions(state: State) -> dict[str, int]:
    """By question the version of the text that was asked with instead of the flow's own."""
    return {question: int(text["version"]) for question, text in state.renewed.items()}


def as_events(renewals: Iterable[Renewal]) -> list[dict[str, Any]]:
    """The data of `consent_renewed` for each."""
    return [{"question": one.question, "version": one.version, "texts": dict(one.texts)} for one in renewals]
