"""One command under way: events are applied as they are emitted, messages collected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markezy.flows.engine.flow import Flow
from markezy.flows.engine.messages import OutgoingMessage, ask, filled
from markezy.flows.engine.path import walk
from markezy.flows.engine.progress import contact_of, progress
from markezy.flows.engine.state import Answer, Event, State, evolve
from markezy.flows.wording import phrase


@dataclass(frozen=True)
class Outcome:
    """What a command led to. `state` is the fold of all events so far, these included."""

    events: tuple[Event, ...]
    messages: tuple[OutgoingMessage, ...]
    state: State

    @property
    def completed(self) -> bool:
        """Whether this very command reached an end."""
        return any(event.name == "completed" for event in self.events)


class Turn:
    """Collects the outcome of one command."""

    def __init__(self, flow: Flow, state: State) -> None:
        self.flow = flow
        self.state = state
        self._events: list[Event] = []
        self._messages: list[OutgoingMessage] = []

    def emit(self, name: str, data: Mapping[str, Any] | None = None) -> None:
        """Something happened."""
        event = Event(name, data or {})
        self._events.append(event)
        self.state = evolve(self.state, event)

    def say(self, key: str, **values: str) -> None:
        """One of the engine's own phrases."""
        self.say_text(phrase(key, self.state.locale, **values))

    def say_text(self, text: str) -> None:
        """A text of the flow, its placeholders filled."""
        self._messages.append(OutgoingMessage(filled(text, self.state.answers)))

    def ask_again(self, instead: str | None = None) -> None:
        """The pending question, as a message only."""
        self._messages.append(ask(self.flow, self.state, instead))

    def ask(self, question: str) -> None:
        """Make `question` the pending one."""
        self.emit("question_asked", {"question": question, "ordinal": self.flow.ordinals[question]})
        self.ask_again()

    def record(self, question: str, answer: Answer, previous: Answer | None = None) -> None:
        """An answer counts from now on, in place of `previous` if there was one."""
        data = {
            "question": question,
            "label": self.flow.definition.questions[question].label[self.state.locale],
            "value": answer.value,
            "display": answer.display,
            "ordinal": self.flow.ordinals[question],
        }
        if previous is None:
            self.emit("answer_recorded", data)
        else:
            self.emit("answer_changed", {**data, "previous": previous.value})

    def move_on(self) -> None:
        """Follow the answers to where they lead: set aside what they no longer pass, take back what they pass again,
        and ask the next question or finish."""
        before = self.state
        path = walk(self.flow, before.origin, {**before.set_aside, **before.answers})
        for question in before.path:
            if question not in path.answers:
                self.emit("answer_set_aside", {"question": question})
        for question, answer in path.answers.items():
            if question not in before.answers:
                self.record(question, answer)
        if path.score != before.score:
            self.emit("scored", {"score": path.score})
        if path.arrives_at in self.flow.definition.ends:
            self._finish(path.arrives_at)
        elif path.arrives_at != before.pending:
            self.ask(path.arrives_at)
        else:
            self.ask_again()

    def outcome(self) -> Outcome:
        """Everything so far."""
        return Outcome(tuple(self._events), tuple(self._messages), self.state)

    def _finish(self, end: str) -> None:
        reached = self.flow.definition.ends[end]
        self.emit(
            "completed",
            {
                "end": end,
                "outcome": reached.outcome.value,
                "score": self.state.score,
                "contact": contact_of(self.flow, self.state),
            },
        )
        text = filled(reached.message[self.state.locale], self.state.answers)
        self._messages.append(OutgoingMessage(text, progress=progress(self.flow, self.state)))
