"""One command under way: events are applied as they are emitted, messages collected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markezy.flows.answers import Accepted
from markezy.flows.definition import EndOutcome
from markezy.flows.engine.consents import consent
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.messages import Button, OutgoingMessage, ask, command_button, filled
from markezy.flows.engine.path import Path, walk
from markezy.flows.engine.progress import contact_of, progress
from markezy.flows.engine.recap import recap
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

    def followed_by(self, later: "Outcome") -> "Outcome":
        """Both together; `later` is what came of a command to this outcome's state."""
        return Outcome((*self.events, *later.events), (*self.messages, *later.messages), later.state)


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

    def say(self, key: str, *buttons: Button, **values: str) -> None:
        """One of the engine's own phrases."""
        self.show(OutgoingMessage(phrase(key, self.state.locale, **values), buttons))

    def say_text(self, text: str) -> None:
        """A text of the flow, its placeholders filled."""
        self.show(OutgoingMessage(filled(self.flow, self.state, text)))

    def show(self, message: OutgoingMessage) -> None:
        """A message as it is."""
        self._messages.append(message)

    def ask_again(self, instead: str | None = None, more: tuple[Button, ...] = ()) -> None:
        """What the lead has to answer next, as a message only: the pending question, or the recap."""
        if self.state.pending is not None:
            self.show(ask(self.flow, self.state, instead, more))
        elif self.state.recap is not None:
            self.show(recap(self.flow, self.state, more))

    def ask(self, question: str) -> None:
        """Make `question` the pending one."""
        self.emit("question_asked", {"question": question, "ordinal": self.flow.ordinals[question]})
        self.ask_again()

    def record(self, question: str, answer: Answer, previous: Answer | None = None) -> None:
        """An answer counts from now on, in place of `previous` if there was one."""
        data = self._answered(question, answer.value, answer.display)
        if previous is None:
            self.emit("answer_recorded", data)
        else:
            self.emit("answer_changed", {**data, "previous": previous.value})
        if question in self.flow.consents:
            self.emit("consent_recorded", consent(self.flow, self.state, question, given=answer.value is True))

    def note(self, question: str, understood: Accepted) -> None:
        """An answer to a question that is not due yet: it counts when the path comes to it."""
        self.emit("answer_noted", self._answered(question, understood.value, understood.display))

    def move_on(self) -> None:
        """Follow the answers to where they lead, and ask the next question, show the recap or finish.

        When a rule calls a person on the way, what comes next waits until they leave, or the lead goes on without them.
        """
        before = self.state
        path = self.settle()
        if path.arrives_at in self.flow.definition.ends:
            if self.flow.definition.ends[path.arrives_at].asks_for_recap:
                self.emit("recap_shown", {"end": path.arrives_at})
            else:
                self.finish(path.arrives_at)
        elif path.arrives_at != before.pending:
            self.emit("question_asked", {"question": path.arrives_at, "ordinal": self.flow.ordinals[path.arrives_at]})
        calls = [place for place in path.calls if place not in self.state.called]
        if calls and not self.state.person:
            self._call_person(calls)
        elif self.state.end is None:
            self.ask_again()

    def settle(self) -> Path:
        """Set aside what the path no longer passes, take back what it passes again; the path."""
        before = self.state
        path = walk(self.flow, before.origin, {**before.set_aside, **before.answers})
        for question in before.path:
            if question not in path.answers:
                self.emit("answer_set_aside", {"question": question})
        for question, answer in path.answers.items():
            if question not in before.answers:
                self.emit("answer_recorded", self._answered(question, answer.value, answer.display))
        if path.score != before.score:
            self.emit("scored", {"score": path.score})
        return path

    def finish(self, end: str) -> None:
        """The qualification is over."""
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
        text = filled(self.flow, self.state, reached.message[self.state.locale])
        # No decision that was taken by rules alone is the last word (GDPR, article 22).
        review = ("ask_review",) if reached.outcome is EndOutcome.DISQUALIFIED else ()
        buttons = tuple(command_button(intent, self.state.locale) for intent in review)
        self.show(OutgoingMessage(text, buttons, progress=progress(self.flow, self.state)))
        if reached.outcome is EndOutcome.HANDED_OVER and not self.state.person:
            self.emit("person_requested", {"reason": "rule"})

    def outcome(self) -> Outcome:
        """Everything so far."""
        return Outcome(tuple(self._events), tuple(self._messages), self.state)

    def _call_person(self, rules: list[int]) -> None:
        self.emit("person_requested", {"reason": "rule", "rules": rules})
        locale = self.state.locale
        go_on = () if self.state.end is not None else (command_button("go_on", locale),)
        told = phrase("person_called", locale)
        self.show(OutgoingMessage(told, go_on, progress=progress(self.flow, self.state)))

    def _answered(self, question: str, value: Any, display: str) -> dict[str, Any]:
        return {
            "question": question,
            "label": self.flow.definition.questions[question].label[self.state.locale],
            "value": value,
            "display": display,
            "ordinal": self.flow.ordinals[question],
        }
