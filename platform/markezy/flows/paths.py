"""Every way through a flow, with the scores it can lead to.

Ways are followed for all kinds of leads at once, question by question. Leads who came the same way and differ in nothing that
still matters go on as one, so that the work grows with the number of ways and not with that of possible answers.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markezy.flows.definition import FlowDefinition
from markezy.flows.graph import analyse
from markezy.flows.outlook import Lead, Outlook, Range

MOST_LEADS = 20_000
"""Kinds of leads followed at one question; from there on further ones are left out, and the result says so."""
MOST_STEPS = 60_000
"""Answers followed for a trace, which is made whenever a draft is saved: a second's work at most; our largest flow takes 3,000."""


@dataclass(frozen=True)
class Way:
    """The questions some lead is asked, the end they come to, and the least and the most points they may have there."""

    questions: tuple[str, ...]
    end: str
    least: int
    most: int


@dataclass(frozen=True)
class Ways:
    """What was found."""

    ways: tuple[Way, ...]
    """In the order of the flow's ends, the shortest way first."""
    complete: bool
    """Whether there is no other way. When not, those found are real all the same."""

    def range_of(self, end: str) -> Range | None:
        """The least and the most points at this end; None when no way leads there."""
        scores = [(way.least, way.most) for way in self.ways if way.end == end]
        return (min(least for least, _ in scores), max(most for _, most in scores)) if scores else None


@dataclass(frozen=True)
class Moment:
    """A lead who has just answered a question."""

    question: str
    lead: Lead


@dataclass
class Trace:
    """Where leads came by, and which conditions held for them there."""

    outlook: Outlook
    complete: bool = False
    """Whether there are no other leads. When not, what is in here happens all the same."""
    arrived: set[str] = field(default_factory=set)
    """The questions and ends some lead gets to."""
    asked: set[str] = field(default_factory=set)
    """The questions some lead is asked."""
    ways: dict[str, dict[tuple[bool, ...], Moment]] = field(default_factory=dict)
    """By question: which of its transitions were open at once, each time with one lead for whom they were."""
    rules: dict[tuple[bool, ...], Moment] = field(default_factory=dict)
    """The same for the rules."""
    steps_left: int = MOST_STEPS

    def note(self, question: str, lead: Lead, asked: bool, left: bool) -> None:
        """A lead has answered the question, or passed it over; with `left`, a rule takes them out of the flow."""
        self.steps_left -= 1
        self.arrived.add(question)
        moment = Moment(question, lead)
        if asked:
            self.asked.add(question)
            self.rules.setdefault(self.outlook.open_rules(question, lead), moment)
        if not left:
            self.ways.setdefault(question, {}).setdefault(self.outlook.open_ways(question, lead), moment)

    def told(self, moment: Moment, facts: Collection[str]) -> dict[str, Any]:
        """What of these facts is known of the lead at that moment."""
        return self.outlook.told(moment.lead, facts, moment.question)


def trace(definition: FlowDefinition, most_leads: int = MOST_LEADS) -> Trace:
    """Where leads come by in a flow whose references exist, whose expressions are CEL and whose questions all lead on."""
    traced = Trace(Outlook(definition))
    crowds, complete = _follow(definition, traced.outlook, most_leads, with_trails=False, traced=traced)
    traced.complete = complete
    traced.arrived |= {end for end in definition.ends if crowds[end].leads}
    return traced


def enumerate_paths(definition: FlowDefinition, most_leads: int = MOST_LEADS) -> Ways:
    """Every way through a flow without errors."""
    return _found(definition, *_follow(definition, Outlook(definition), most_leads, with_trails=True))


def ends_reached(definition: FlowDefinition, most_leads: int = MOST_LEADS) -> Ways:
    """The scores at each end some lead can come to, as one way an end without its questions; for flows of any size."""
    return _found(definition, *_follow(definition, Outlook(definition), most_leads, with_trails=False))


@dataclass
class _Crowd:
    """The leads waiting at one question: by what still matters of them, the scores they may have so far."""

    most: int
    leads: dict[tuple[tuple[str, ...], Lead], Range] = field(default_factory=dict)
    full: bool = False

    def add(self, trail: tuple[str, ...], lead: Lead, points: Range) -> None:
        known = self.leads.get((trail, lead))
        if known is not None:
            self.leads[trail, lead] = (min(known[0], points[0]), max(known[1], points[1]))
        elif len(self.leads) < self.most:
            self.leads[trail, lead] = points
        else:
            self.full = True


def _follow(
    definition: FlowDefinition, outlook: Outlook, most_leads: int, with_trails: bool, traced: Trace | None = None
) -> tuple[Mapping[str, _Crowd], bool]:
    """The leads at each end, and whether these are all there are."""
    crowds = {node: _Crowd(most_leads) for node in (*definition.questions, *definition.ends)}
    for lead in outlook.newcomers():
        crowds[definition.start].add((), *outlook.arrive("", definition.start, lead, (0, 0)))
        if crowds[definition.start].full:
            break
    for question in analyse(definition).order:
        for (trail, lead), points in crowds[question].leads.items():
            if traced is not None and traced.steps_left <= 0:
                return crowds, False
            for asked, answered in _asked(outlook, question, lead):
                left = outlook.way_out(question, answered) if asked else None
                if traced is not None:
                    traced.note(question, answered, asked, left is not None)
                to = left or outlook.next_after(question, answered)
                longer = (*trail, question) if asked and with_trails else trail
                crowds[to].add(longer, *outlook.arrive(question, to, answered, points))
        crowds[question].leads.clear()
    return crowds, outlook.exact and not any(crowd.full for crowd in crowds.values())


def _asked(outlook: Outlook, question: str, lead: Lead) -> Iterator[tuple[bool, Lead]]:
    """The lead after the question: whether it was asked, and with each kind of answer."""
    if outlook.shows(question, lead):
        yield from ((True, answered) for answered in outlook.answers(question, lead))
    else:
        yield False, lead


def _found(definition: FlowDefinition, crowds: Mapping[str, _Crowd], complete: bool) -> Ways:
    ways: list[Way] = []
    for end in definition.ends:
        found = ((trail, points) for (trail, _), points in crowds[end].leads.items())
        ways += [Way(trail, end, *points) for trail, points in sorted(found, key=lambda each: (len(each[0]), each))]
    return Ways(tuple(ways), complete)
