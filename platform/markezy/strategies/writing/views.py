"""What texts see of the lead and of the plan, and the note of what they used."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from markezy.strategies.writing.case import Case
from markezy.strategies.writing.tidying import one_line
from markezy.strategies.writing.words import ChannelWords, StepWords

if TYPE_CHECKING:
    from markezy.strategies.writing.context import Context

LONGEST_NAME = 80


class Trace:
    """What a block has used: the questions whose answers, the layers whose words, and whether the figures of the plan."""

    def __init__(self, answered: Mapping[str, Any]) -> None:
        self._answered = answered
        self.answers: dict[str, None] = {}
        self.layers: set[str] = set()
        self.figures = False

    def note(self, *questions: str) -> None:
        """Questions that were not answered have nothing in a block."""
        self.answers.update((question, None) for question in questions if question in self._answered)

    def clear(self) -> None:
        self.answers.clear()
        self.layers.clear()
        self.figures = False


class Reader:
    """The lead as the document speaks of them."""

    def __init__(self, case: Case, trace: Trace) -> None:
        self._contact = case.lead.contact
        self._trace = trace

    def _detail(self, name: str) -> str | None:
        self._trace.note(name)
        text = getattr(self._contact, name)
        return one_line(text, LONGEST_NAME) or None if text else None

    @property
    def name(self) -> str | None:
        return self._detail("name")

    @property
    def first_name(self) -> str | None:
        name = self._detail("name")
        return name.split()[0] if name else None

    @property
    def company(self) -> str | None:
        return self._detail("company")

    @property
    def email(self) -> str | None:
        return self._detail("email")

    @property
    def phone(self) -> str | None:
        return self._detail("phone")


@dataclass(frozen=True)
class Budget:
    """What the lead can spend a month."""

    amount: Decimal
    currency: str
    text: str


class Terms:
    """The terms by name. No mapping of its own: `terms.values` is a term, or none, but never a method."""

    def __init__(self, context: "Context") -> None:
        self._context = context

    def __getitem__(self, name: str) -> Markup:
        return self._context.write(self._context.words.terms[name])


class ChannelView:
    """A channel of the plan with its words."""

    def __init__(self, context: "Context", place: int, words: ChannelWords) -> None:
        formats, plan = context.formats, context.plan
        part = plan.channels[place]
        self.id = part.id
        self.percent = part.percent
        self.percent_text = formats.percent(part.percent)
        self.amount_text = context.money(part.amount) if part.amount is not None else ""
        self.results_text = context.between(part.forecast.results) if part.forecast else ""
        self.running = part.running
        self._context = context
        self._words = words

    @property
    def name(self) -> Markup:
        return self._context.write(self._words.name)

    @property
    def task(self) -> Markup:
        self._context.trace.layers.add(self._words.layer)
        return self._context.write(self._words.task)


class StepView:
    """A piece of work of the calendar with its words."""

    def __init__(self, context: "Context", place: int, words: StepWords) -> None:
        step = context.plan.steps[place]
        self.id = step.id
        self.channel = step.channel
        self.month = step.month
        self.first = step.first
        self.last = step.last
        self.hours = step.hours
        self._context = context
        self._words = words

    @property
    def name(self) -> Markup:
        return self._context.write(self._words.name)

    @property
    def text(self) -> Markup:
        self._context.trace.layers.add(self._words.layer)
        return self._context.write(self._words.text)
