"""Where one lead stands: small, immutable, JSON, and nothing but the fold of the qualification's events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from markezy.flows.answers.result import Value


@dataclass(frozen=True)
class Event:
    """One fact of the qualification: `qualification.<name>` of the conversation's stream."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a lead answered. `ordinal` is the question's place in the flow."""

    value: Value
    display: str
    ordinal: int


@dataclass(frozen=True)
class Origin:
    """What is known before the first question; the conversation's stream begins with it."""

    flow_version_id: str
    locale: str
    channel: str = "widget"
    lead_id: str = ""
    utm: Mapping[str, Any] = field(default_factory=dict)
    hidden: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """The whole state of one qualification."""

    origin: Origin
    started: bool = False
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """The answers that count: those on the lead's path."""
    set_aside: Mapping[str, Answer] = field(default_factory=dict)
    """Answers the path no longer passes; they come back with it."""
    pending: str | None = None
    score: int = 0
    end: str | None = None
    outcome: str | None = None
    stopped: bool = False
    person_requested: bool = False

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The answered questions in the order of the way through the flow."""
        return tuple(sorted(self.answers, key=lambda question: self.answers[question].ordinal))

    @property
    def locale(self) -> str:
        return self.origin.locale

    def to_json(self) -> dict[str, Any]:
        """As the tracker's slot holds it."""
        return {
            "flow_version_id": self.origin.flow_version_id,
            "lead_id": self.origin.lead_id,
            "locale": self.origin.locale,
            "channel": self.origin.channel,
            "utm": dict(self.origin.utm),
            "hidden": dict(self.origin.hidden),
            "started": self.started,
            "path": list(self.path),
            "answers": _answers_to_json(self.answers),
            "set_aside": _answers_to_json(self.set_aside),
            "pending": self.pending,
            "score": self.score,
            "end": self.end,
            "outcome": self.outcome,
            "stopped": self.stopped,
            "person_requested": self.person_requested,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "State":
        """The state `to_json` gave; KeyError or TypeError for anything else."""
        return State(
            origin=Origin(
                data["flow_version_id"], data["locale"], data["channel"], data["lead_id"], data["utm"], data["hidden"]
            ),
            started=data["started"],
            answers=_answers_from_json(data["answers"]),
            set_aside=_answers_from_json(data["set_aside"]),
            pending=data["pending"],
            score=data["score"],
            end=data["end"],
            outcome=data["outcome"],
            stopped=data["stopped"],
            person_requested=data["person_requested"],
        )


def evolve(state: State, event: Event) -> State:
    """The state after `event`. Events this version doesn't know change nothing."""
    change = _CHANGES.get(event.name)
    return change(state, event.data) if change else state


def fold(origin: Origin, events: Iterable[Event]) -> State:
    """The state that `events` led to."""
    state = State(origin)
    for event in events:
        state = evolve(state, event)
    return state


def _started(state: State, data: Mapping[str, Any]) -> State:
    origin = replace(state.origin, flow_version_id=data["flow_version_id"], locale=data["locale"])
    return replace(state, origin=origin, started=True)


def _answered(state: State, data: Mapping[str, Any]) -> State:
    question = data["question"]
    answer = Answer(data["value"], data["display"], data["ordinal"])
    return replace(state, answers={**state.answers, question: answer}, set_aside=_without(state.set_aside, question))


def _set_aside(state: State, data: Mapping[str, Any]) -> State:
    question = data["question"]
    return replace(
        state,
        answers=_without(state.answers, question),
        set_aside={**state.set_aside, question: state.answers[question]},
    )


def _asked(state: State, data: Mapping[str, Any]) -> State:
    return replace(state, pending=data["question"], end=None, outcome=None)


def _completed(state: State, data: Mapping[str, Any]) -> State:
    return replace(state, pending=None, end=data["end"], outcome=data["outcome"])


def _without(answers: Mapping[str, Answer], question: str) -> dict[str, Answer]:
    return {key: answer for key, answer in answers.items() if key != question}


def _answers_to_json(answers: Mapping[str, Answer]) -> dict[str, dict[str, Any]]:
    return {
        question: {"value": answer.value, "display": answer.display, "ordinal": answer.ordinal}
        for question, answer in answers.items()
    }


def _answers_from_json(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Answer]:
    return {
        question: Answer(answer["value"], answer["display"], answer["ordinal"]) for question, answer in data.items()
    }


_CHANGES: Mapping[str, Callable[[State, Mapping[str, Any]], State]] = {
    "started": _started,
    "answer_recorded": _answered,
    "answer_changed": _answered,
    "answer_set_aside": _set_aside,
    "question_asked": _asked,
    "scored": lambda state, data: replace(state, score=data["score"]),
    "completed": _completed,
    "person_requested": lambda state, _data: replace(state, person_requested=True),
    "stopped": lambda state, _data: replace(state, stopped=True),
    "resumed": lambda state, _data: replace(state, stopped=False),
}
