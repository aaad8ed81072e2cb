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
    """What is known before the first question; the conversation's stream begins with it.

    `locale` is what conditions see: the language of the first answer, so that switching later doesn't change the way.
    """

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
    """Answers the path doesn't pass now, or not yet; they count when it does."""
    pending: str | None = None
    recap: str | None = None
    """The end that waits for the lead's word that the answers are right."""
    score: int = 0
    end: str | None = None
    outcome: str | None = None
    stopped: bool = False
    person_requested: bool = False
    person: str = ""
    """Whose turn it is but the assistant's: "waiting" for somebody, "talking" to them, or the team is "away"."""
    called: tuple[int, ...] = ()
    """The flow's rules that have called a person, by their place; each does so once."""
    misses: int = 0
    """Messages in a row that were no answer to the pending question, or no word on the recap."""
    asked_for: str = ""
    """What else the assistant asked for than a question of the flow: "email", to send a link to."""
    spoken: str = ""
    """The language switched to; empty while it is the one of the origin."""
    erasing: bool = False
    """The lead wants to be forgotten: nothing counts any more."""
    renewed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By consent question the `version` and `texts` it is asked with, where those replace the flow's."""

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The answered questions in the order of the way through the flow."""
        return tuple(sorted(self.answers, key=lambda question: self.answers[question].ordinal))

    @property
    def locale(self) -> str:
        """The language the conversation is in now."""
        return self.spoken or self.origin.locale

    def to_json(self) -> dict[str, Any]:
        """As the tracker's slot holds it."""
        return {
            "flow_version_id": self.origin.flow_version_id,
            "lead_id": self.origin.lead_id,
            "locale": self.locale,
            "began_in": self.origin.locale,
            "channel": self.origin.channel,
            "utm": dict(self.origin.utm),
            "hidden": dict(self.origin.hidden),
            "started": self.started,
            "path": list(self.path),
            "answers": _answers_to_json(self.answers),
            "set_aside": _answers_to_json(self.set_aside),
            "pending": self.pending,
            "recap": self.recap,
            "score": self.score,
            "end": self.end,
            "outcome": self.outcome,
            "stopped": self.stopped,
            "person_requested": self.person_requested,
            "person": self.person,
            "called": list(self.called),
            "misses": self.misses,
            "asked_for": self.asked_for,
            "erasing": self.erasing,
            "renewed": {question: dict(text) for question, text in self.renewed.items()},
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "State":
        """The state `to_json` gave, this version's or an earlier one's; KeyError or TypeError for anything else."""
        began_in = data.get("began_in", data["locale"])
        return State(
            origin=Origin(
                data["flow_version_id"], began_in, data["channel"], data["lead_id"], data["utm"], data["hidden"]
            ),
            spoken="" if data["locale"] == began_in else data["locale"],
            started=data["started"],
            answers=_answers_from_json(data["answers"]),
            set_aside=_answers_from_json(data["set_aside"]),
            pending=data["pending"],
            score=data["score"],
            end=data["end"],
            outcome=data["outcome"],
            stopped=data["stopped"],
            person_requested=data["person_requested"],
            recap=data.get("recap"),
            person=data.get("person", ""),
            called=tuple(data.get("called", ())),
            misses=data.get("misses", 0),
            asked_for=data.get("asked_for", ""),
            erasing=data.get("erasing", False),
            renewed=data.get("renewed", {}),
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
    return replace(
        state,
        answers={**state.answers, question: answer},
        set_aside=_without(state.set_aside, question),
        misses=0,
    )


def _noted(state: State, data: Mapping[str, Any]) -> State:
    answer = Answer(data["value"], data["display"], data["ordinal"])
    return replace(state, set_aside={**state.set_aside, data["question"]: answer}, misses=0)


def _set_aside(state: State, data: Mapping[str, Any]) -> State:
    question = data["question"]
    return replace(
        state,
        answers=_without(state.answers, question),
        set_aside={**state.set_aside, question: state.answers[question]},
    )


def _asked(state: State, data: Mapping[str, Any]) -> State:
    return replace(state, pending=data["question"], recap=None, end=None, outcome=None, misses=0)


def _recap_shown(state: State, data: Mapping[str, Any]) -> State:
    repeated = state.recap == data["end"]
    return replace(state, pending=None, recap=data["end"], misses=state.misses if repeated else 0)


def _completed(state: State, data: Mapping[str, Any]) -> State:
    return replace(state, pending=None, recap=None, end=data["end"], outcome=data["outcome"], misses=0)


def _locale_changed(state: State, data: Mapping[str, Any]) -> State:
    if state.answers or state.set_aside:
        return replace(state, spoken="" if data["locale"] == state.origin.locale else data["locale"])
    return replace(state, origin=replace(state.origin, locale=data["locale"]), spoken="")


def _person_requested(state: State, data: Mapping[str, Any]) -> State:
    called = (*state.called, *data.get("rules", ()))
    return _person(replace(state, person_requested=True, called=called), "waiting")


def _person(state: State, person: str) -> State:
    return replace(state, person=person, misses=0)


def _consent_renewed(state: State, data: Mapping[str, Any]) -> State:
    question = data["question"]
    return replace(
        state,
        answers=_without(state.answers, question),
        set_aside=_without(state.set_aside, question),
        renewed={**state.renewed, question: {"version": data["version"], "texts": data["texts"]}},
    )


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
    "answer_noted": _noted,
    "answer_set_aside": _set_aside,
    "answer_rejected": lambda state, _data: replace(state, misses=state.misses + 1),
    "question_asked": _asked,
    "scored": lambda state, data: replace(state, score=data["score"]),
    "recap_shown": _recap_shown,
    "completed": _completed,
    "locale_changed": _locale_changed,
    "person_requested": _person_requested,
    "person_joined": lambda state, _data: _person(state, "talking"),
    "team_away": lambda state, _data: _person(state, "away"),
    "person_left": lambda state, _data: _person(state, ""),
    "person_declined": lambda state, _data: _person(state, ""),
    "message_left": lambda state, _data: _person(state, ""),
    "email_asked": lambda state, _data: replace(state, asked_for="email"),
    "email_withheld": lambda state, _data: replace(state, asked_for=""),
    "resume_link_requested": lambda state, _data: replace(state, asked_for=""),
    "consent_renewed": _consent_renewed,
    "erasure_requested": lambda state, _data: replace(state, erasing=True),
    "stopped": lambda state, _data: replace(state, stopped=True),
    "resumed": lambda state, _data: replace(state, stopped=False),
}
