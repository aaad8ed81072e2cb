"""Trying words out before anybody gets to see them: with every channel and step they know, for those who told everything and nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from markezy.flows.api import ScoreReason
from markezy.leads.api import Contact, QualifiedLead
from markezy.strategies.formats import DEFAULT_CURRENCY
from markezy.strategies.layers.findings import WARNING, Finding
from markezy.strategies.layers.layer import LayerName
from markezy.strategies.model import Agency
from markezy.strategies.numbers.budget import spread
from markezy.strategies.numbers.model import ChannelPlan, Facts, Forecast, Kpi, Month, Plan, Range, Step
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.composing import compose, compose_briefing
from markezy.strategies.writing.context import NAMES, STAFF_NAMES
from markezy.strategies.writing.sandbox import BrokenTemplate, Condition, Text
from markezy.strategies.writing.words import Words

TODAY = date(2026, 1, 7)
_BUDGETS = (None, Decimal(2000))
_FIGURE = Range(Decimal(10), Decimal(20))
_FORECAST = Forecast(
    Range(Decimal(1000), Decimal(2000)), Range(Decimal(100), Decimal(200)), _FIGURE, Range(Decimal(15), Decimal(30))
)
_OF_CHANNELS = {"channel", "first", "second", "names", "running", "step", "steps"}
_ASKING = ("said", "within", "chose", "figure")


def silent_lead(locale: str) -> QualifiedLead:
    """Somebody who told nothing, not even a name."""
    nobody = UUID(int=0)
    return QualifiedLead(nobody, nobody, nobody, locale, "end", 0, Contact(), ())


def find_problems(words: Words, origin: str, locale: str, leads: Sequence[QualifiedLead] = ()) -> Iterator[Finding]:
    """What does not work in the words: names that do not exist, and places that break for one of the leads or for a silent one."""
    yield from unknown_names(words)
    places = {placed.place: placed for placed in words.texts}
    seen = set()
    for lead in (*leads, silent_lead(locale)):
        case = Case(lead, Agency.of("Agency", {}), "", locale, TODAY, _reasons(lead))
        for budget in _BUDGETS:
            for write in (compose, compose_briefing):
                try:
                    write(words, trial_plan(words, budget, lead), case)
                except BrokenTemplate as error:
                    kind, _, place = str(error).partition(" in ")
                    # The leads here are made-up ones, so that the engine's own words can be shown to the author.
                    message = f"This can’t be written: {error.__cause__} ({kind})."
                    if (place, message) not in seen:
                        seen.add((place, message))
                        placed = places.get(place) or places.get(f"{place}/text")
                        yield placed.finding(message) if placed else Finding(origin, place, message, "")


def _reasons(lead: QualifiedLead) -> tuple[ScoreReason, ...]:
    """A point for each answer, and one for where the lead came from."""
    answered = tuple(ScoreReason((one.question,), (one.label,), 1) for one in lead.answers)
    return (*answered, ScoreReason((), (), 1)) if answered else ()


def unknown_names(words: Words) -> Iterator[Finding]:
    """Variables, channels and steps that texts name and that are not there."""
    for placed in words.texts:
        place, text = placed.place, placed.text
        known = STAFF_NAMES if place.startswith("briefing") else NAMES
        if place.startswith("terms/") or (place.startswith("channels/") and place.endswith("/name")):
            known = known - _OF_CHANNELS
        for name in sorted(text.names - known):
            yield placed.finding(f"There is no {name} here.", f"There is {', '.join(sorted(known))}.")
        for id_ in sorted(_named(text, "channel", "names") - words.channels.keys()):
            yield placed.finding(f"There is no channel {id_}.", "Mend its name.", WARNING)
        for id_ in sorted(_named(text, "step") - words.steps.keys()):
            yield placed.finding(f"There is no step {id_}.", "Mend its name.", WARNING)


def unknown_questions(words: Words, questions: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Questions and options (by question) that texts above the base ask for and that are not among these."""
    for placed in words.texts:
        for function, arguments in sorted(placed.text.calls):
            if placed.layer.name == LayerName.BASE or function not in _ASKING or not arguments:
                continue
            question, *options = arguments
            if question not in questions:
                yield placed.finding(
                    f"Nobody asks {question}.", "Mend its name, or add it to the golden leads.", WARNING
                )
                continue
            for option in options:
                if option not in questions[question]:
                    yield placed.finding(f"{question} has no option {option}.", "Mend its name.", WARNING)


def disagreements(words: Words, figures: Mapping[str, Any], origin: str) -> Iterator[Finding]:
    """Channels, steps and key figures that the plan has and that have no words."""
    for part, worded in (("channels", words.channels), ("steps", words.steps), ("kpis", words.kpis)):
        for id_ in figures.get(part) or {}:
            if id_ not in worded:
                yield Finding(origin, f"{part}/{id_}", "The plan has it, but it has no words.", "Write them.")


def trial_plan(words: Words, budget: Decimal | None, lead: QualifiedLead) -> Plan:
    """A plan with everything the words speak of, so that all of them are written; its figures mean nothing."""
    start = TODAY + timedelta(days=7 - TODAY.weekday())
    ids = list(words.channels)
    weights = [Decimal(2 * len(ids) - place) for place in range(len(ids))]
    percents = spread(Decimal(100), weights, Decimal(1)) if ids else []
    amounts = spread(budget, percents, Decimal(1)) if budget and ids else [None] * len(ids)
    channels = tuple(
        ChannelPlan(id_, int(percent), amount, place % 2 == 0, _FORECAST if budget and place < 2 else None)
        for place, (id_, percent, amount) in enumerate(zip(ids, percents, amounts, strict=True))
    )
    months = tuple(_month(number, start, budget) for number in (1, 2, 3))
    answered = [one.question for one in lead.answers if one.value is not None]
    sources = tuple(
        (fact, question) for fact, question in (("objective", "goal"), ("budget", "budget")) if question in answered
    )
    return Plan(
        facts=Facts("new_customers", "established", Decimal(4), budget, DEFAULT_CURRENCY, frozenset(), None, sources),
        size="medium",
        start=start,
        end=start + timedelta(days=90),
        channels=channels,
        months=months,
        spend=budget * 3 if budget else None,
        quarter=_FORECAST if budget else None,
        revenue=_FIGURE if budget else None,
        steps=tuple(_step(id_, place, start, ids) for place, id_ in enumerate(words.steps)),
        put_off=tuple(list(words.steps)[:2]),
        kpis=tuple(Kpi(id_, "count", _FIGURE if budget else None) for id_ in words.kpis),
    )


def _month(number: int, start: date, budget: Decimal | None) -> Month:
    first = start + timedelta(weeks=4 * (number - 1))
    last = start + timedelta(weeks=4 * number, days=-1) if number < 3 else start + timedelta(days=90)
    return Month(number, first, last, Decimal(1), budget, _FORECAST if budget else None)


def _step(id_: str, place: int, start: date, channels: Sequence[str]) -> Step:
    week = place % 12 + 1
    first = start + timedelta(weeks=week - 1)
    channel = channels[place % len(channels)] if channels and place % 2 else None
    return Step(
        id_, channel, min((week - 1) // 4 + 1, 3), week, week + 1, first, first + timedelta(days=11), Decimal(3)
    )


def _named(text: Text | Condition, *functions: str) -> set[str]:
    return {argument for function, arguments in text.calls if function in functions for argument in arguments}
