"""Every way through a flow, with the scores it can lead to.

Ways are followed for all kinds of leads at once, question by question. Leads who came the same way and differ in nothing that
still matters go on as one, so that the work grows with the number of ways and not with that of possible answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markezy.flows.definition import FlowDefinition
from markezy.flows.graph import analyse
from markezy.flows.outlook import Lead, Outlook, Range

MOST_LEADS = 20_000
"""Kinds of leads followed at one question; from there on further ones are left out, and the result says so."""


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


def enumerate_paths(definition: FlowDefinition, most_leads: int = MOST_LEADS) -> Ways:
    """Every way through a flow without errors."""
    return _follow(definition, most_leads, with_trails=True)


def ends_reached(definition: FlowDefinition, most_leads: int = MOST_LEADS) -> Ways:
    """The scores at each end some lead can come to, as one way an end without its questions; for flows of any size."""
    return _follow(definition, most_leads, with_trails=False)


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


def _follow(definition: FlowDefinition, most_leads: int, with_trails: bool) -> Ways:
    outlook = Outlook(definition)
    crowds = {node: _Crowd(most_leads) for node in (*definition.questions, *definition.ends)}
    for lead in outlook.newcomers():
        crowds[definition.start].add((), *outlook.arrive("", definition.start, lead, (0, 0)))
    for question in analyse(definition).order:
        for (trail, lead), points in crowds[question].leads.items():
            for asked, answered in _asked(outlook, question, lead):
                to = outlook.way_out(question, answered) if asked else None
                to = to or outlook.next_after(question, answered)
                longer = (*trail, question) if asked and with_trails else trail
                crowds[to].add(longer, *outlook.arrive(question, to, answered, points))
        crowds[question].leads.clear()
    complete = outlook.exact and not any(crowd.full for crowd in crowds.values())
    return Ways(tuple(_ways(definition, crowds)), complete)


def _asked(outlook: Outlook, question: str, lead: Lead) -> Iterator[tuple[bool, Lead]]:
    """The lead after the question: whether it was asked, and with each kind of answer."""
    if outlook.shows(question, lead):
        yield from ((True, answered) for answered in outlook.answers(question, lead))
    else:
        yield False, lead


def _ways(definition: FlowDefinition, crowds: Mapping[str, _Crowd]) -> Iterator[Way]:
    for end in definition.ends:
        found = ((trail, points) for (trail, _), points in crowds[end].leads.items())
        yield from (Way(trail, end, *points) for trail, points in sorted(found, key=lambda each: (len(each[0]), each)))
