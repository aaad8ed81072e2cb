"""What a text can use; the guide for authors is docs/strategies.md.

    agency      name, email, website (the last two may be None)
    lead        name, first_name, company, email, phone (each may be None)
    called      the company, else the term `business`
    terms       the terms of the words
    said(id)    what was answered to a question, fit for a sentence; "" when it was not asked or skipped
    within(id)  the same for the middle of a sentence: a choice begins with a small letter, names and abbreviations but
    joined(word, text)  a small word with what follows, as the language joins them: d’Antibes, au Havre; "" without a text
    chose(id, option, …)  whether one of these options was chosen
    figure(id)  the number that was answered; None when there is none above zero
    budget      amount, currency, text; None when no monthly budget was named
    plan        the Plan (numbers/model.py)
    channel(id) name, task, percent, percent_text, amount_text, results_text, running; None when it is not in the plan
    first, second  the two largest channels (second may be None)
    names(id, …)   the names of those of these channels that are in the plan, as a sentence lists them; of all without ids
    running()   the names of those channels of the plan that run already, as a sentence lists them; "" when none does
    step(id)    name, text, month, first, last, hours; None when it is not in the calendar
    steps(month)  the steps of a month, 1 to 3, by their first week
    money(x) number(x) percent(x) day(date) short_day(date)   written as the document's language does
    between(range, unit)  an estimate, or [low, high]; unit is count (the default), percent, money, ratio or change
    start, end, today, after(days)   days of the plan; `after` counts from the start

and in the staff's briefing besides: score, outcome (the end of the flow that was reached).

What a text uses of the lead is noted (`Trace`): those are the answers its block came from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from jinja2.exceptions import SecurityError
from markupsafe import Markup

from markezy.strategies.formats import Formats
from markezy.strategies.numbers.facts import answers_of, figure_in
from markezy.strategies.numbers.model import Plan, Range
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.environment import WORK, Work, markup
from markezy.strategies.writing.sandbox import Condition, Text
from markezy.strategies.writing.sentences import inside, is_choice, joined, listed
from markezy.strategies.writing.tidying import one_line, quoted, tidy
from markezy.strategies.writing.views import LONGEST_NAME, Budget, ChannelView, Reader, StepView, Terms, Trace
from markezy.strategies.writing.words import Words

CONTACT_QUESTIONS = frozenset({"name", "email", "phone", "company", "consent"})
"""Shown on the cover or not at all; not part of what the lead told about their business."""

NAMES = frozenset(
    (
        "agency", "lead", "called", "terms", "said", "within", "joined", "chose", "figure", "budget", "plan", "channel", "first", "second",
        "names", "running", "step", "steps", "money", "number", "percent", "day", "short_day", "between", "start", "end", "today", "after",
    )
)  # fmt: skip
STAFF_NAMES = NAMES | {"score", "outcome"}

_LONGEST_ANSWER = 300
_DEEPEST = 3
_FARTHEST = 3660


class _Variables(dict[str, Any]):
    """The variables; reading one that holds something of the lead or the plan notes it."""

    def __init__(self, notes: Mapping[str, Callable[[], None]], values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._notes = notes

    def __getitem__(self, name: str) -> Any:
        if name in self._notes:
            self._notes[name]()
        value = super().__getitem__(name)
        return value.write() if isinstance(value, _Called) else value


@dataclass(frozen=True)
class _Called:
    """How the lead's business is called; the term may depend on answers, so that it is written where it is used."""

    context: "Context"
    company: str

    def write(self) -> str:
        return self.company or self.context.term("business")


class Context:
    """One document's context: writes texts, and tells what they used."""

    def __init__(self, words: Words, plan: Plan, case: Case, *, staff: bool = False) -> None:
        self.words = words
        self.plan = plan
        self.case = case
        self.formats = Formats(case.locale)
        self.answers = answers_of(case.lead)
        self.trace = Trace(self.answers)
        self.rests_on = tuple(dict.fromkeys(question for _, question in plan.facts.sources))
        """The questions the figures of the plan were read from."""
        self._places = {channel.id: place for place, channel in enumerate(plan.channels)}
        self._step_places = {step.id: place for place, step in enumerate(plan.steps)}
        self._work = Work()
        self._depth = 0
        budget_questions = tuple(question for fact, question in plan.facts.sources if fact == "budget") or ("budget",)
        notes: dict[str, Callable[[], None]] = dict.fromkeys(("plan", "first", "second"), self.rest_on_plan)
        notes |= {"called": partial(self.trace.note, "company"), "budget": partial(self.trace.note, *budget_questions)}
        self._variables = _Variables(notes, self._values(staff))

    def _values(self, staff: bool) -> dict[str, Any]:
        plan, case = self.plan, self.case
        amount, currency = plan.facts.budget, plan.facts.currency
        ordered = [self._view(channel.id) for channel in plan.channels[:2]]
        values = {
            WORK: self._work,
            "agency": case.agency,
            "lead": Reader(case, self.trace),
            "called": _Called(self, one_line(case.lead.contact.company or "", LONGEST_NAME)),
            "terms": Terms(self),
            "said": self.said,
            "within": self.within,
            "joined": self.joined,
            "chose": self.chose,
            "figure": self.figure,
            "budget": Budget(amount, currency, self.money(amount)) if amount is not None else None,
            "plan": plan,
            "channel": self.channel,
            "first": ordered[0] if ordered else None,
            "second": ordered[1] if len(ordered) > 1 else None,
            "names": self.names,
            "running": self.running,
            "step": self.step,
            "steps": self.steps,
            "money": self.money,
            "number": self.formats.number,
            "percent": self.formats.percent,
            "day": self.formats.day,
            "short_day": self.formats.short_day,
            "between": self.between,
            "start": plan.start,
            "end": plan.end,
            "today": case.today,
            "after": self._after,
        }
        return {**values, "score": case.lead.score, "outcome": case.lead.end} if staff else values

    def rest_on_plan(self) -> None:
        """Note that what is written rests on the figures, and so on the answers they were read from."""
        self.trace.figures = True
        self.trace.note(*self.rests_on)

    def write(self, text: Text) -> Markup:
        """The text, neat. BrokenTemplate when it can't be written."""
        with self._deeper():
            return markup(tidy(text.write(self._variables, self._work), self.case.locale))

    def term(self, name: str) -> Markup:
        return self.write(self.words.terms[name]) if name in self.words.terms else markup("")

    def holds(self, condition: Condition | None) -> bool:
        return condition is None or condition.holds(self._variables, self._work)

    def said(self, question: str) -> str:
        self.trace.note(question)
        return quoted(self.answers[question].display, _LONGEST_ANSWER) if question in self.answers else ""

    def within(self, question: str) -> str:
        said = self.said(question)
        if not said or not is_choice(self.answers[question]):
            return said
        several = isinstance(self.answers[question].value, list)
        return ", ".join(inside(one, self.case.locale) for one in (said.split(", ") if several else [said]))

    def joined(self, word: str, text: str) -> str:
        return joined(word, text, self.case.locale)

    def chose(self, question: str, *options: str) -> bool:
        self.trace.note(question)
        value = self.answers[question].value if question in self.answers else None
        chosen = value if isinstance(value, list) else [value]
        return any(option in chosen for option in options)

    def figure(self, question: str) -> Decimal | int | None:
        self.trace.note(question)
        exact = figure_in(self.answers[question].value) if question in self.answers else None
        return int(exact) if exact is not None and exact == exact.to_integral_value() else exact

    def channel(self, id_: str) -> ChannelView | None:
        self.rest_on_plan()
        return self._view(id_)

    def names(self, *ids: str) -> Markup:
        return self._listed([channel.id for channel in self.plan.channels if not ids or channel.id in ids])

    def running(self) -> Markup:
        return self._listed([channel.id for channel in self.plan.channels if channel.running])

    def step(self, id_: str) -> StepView | None:
        self.rest_on_plan()
        place, words = self._step_places.get(id_), self.words.steps.get(id_)
        return StepView(self, place, words) if place is not None and words else None

    def steps(self, month: int) -> tuple[StepView, ...]:
        views = (self.step(step.id) for step in self.plan.steps if step.month == month)
        return tuple(view for view in views if view)

    def money(self, amount: Decimal | float) -> str:
        return self.formats.money(amount, self.plan.facts.currency)

    def between(self, estimate: Range | Sequence[Decimal | float], unit: str = "count") -> str:
        low, high = (estimate.low, estimate.high) if isinstance(estimate, Range) else estimate
        return self.formats.between(Decimal(str(low)), Decimal(str(high)), unit, self.plan.facts.currency)

    def _listed(self, ids: Sequence[str]) -> Markup:
        self.rest_on_plan()
        views = [view for view in map(self._view, ids) if view]
        locale = self.case.locale
        return markup(listed([inside(view.name, locale) for view in views], locale) if views else "")

    def _view(self, id_: str) -> ChannelView | None:
        place, words = self._places.get(id_), self.words.channels.get(id_)
        return ChannelView(self, place, words) if place is not None and words else None

    def _after(self, days: int) -> date:
        if not isinstance(days, int) or abs(days) > _FARTHEST:
            raise SecurityError("that is too many days")
        return self.plan.start + timedelta(days=days)

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        """A channel's task may name a channel, whose task may name the first one: somewhere that has to end."""
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                raise SecurityError("texts show each other in a circle")
            yield
        finally:
            self._depth -= 1
