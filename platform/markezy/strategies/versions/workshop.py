"""What versions need of the parts that read and write strategies, in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markezy.leads.api import QualifiedLead
from markezy.strategies.layers import golden
from markezy.strategies.layers.findings import ERROR, Finding, NotALayer
from markezy.strategies.layers.layer import PLAN, LayerName
from markezy.strategies.layers.merging import merge
from markezy.strategies.model import Agency
from markezy.strategies.numbers.checking import check_whole
from markezy.strategies.production.drafting import NotWritable, draft, layers_in
from markezy.strategies.versions.model import Place, Stack
from markezy.strategies.writing import trial
from markezy.strategies.writing.assembling import words_of
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Document


class NotComposed(Exception):
    """These layers make no document. The text says why; it is told of sample leads only."""


@dataclass(frozen=True)
class Workshop:
    """`check` tells what is wrong with the part at a place, within the stack it shall belong to; `golden_leads` are a sector's sample leads
    by name, in a language; `compose` writes the strategy of one of them and raises NotComposed when it can't be written.
    """

    check: Callable[[Stack, Place], list[Finding]]
    golden_leads: Callable[[str, str], Mapping[str, QualifiedLead]]
    compose: Callable[[Stack, QualifiedLead], Document]


def find_problems(stack: Stack, place: Place) -> list[Finding]:
    """What keeps the part from being used: by itself, and as a whole with the layers around it if the base is there."""
    try:
        layers = layers_in(stack, place.part)
        if not any(layer.name == LayerName.BASE for layer in layers):
            return []
        if place.part == PLAN:
            (changed,) = (layer for layer in layers if layer.name == place.layer)
            flaws = check_whole(merge(layers).data)
            return [changed.finding(flaw.place, flaw.problem, flaw.mend) for flaw in flaws]
        found = trial.find_problems(words_of(layers), str(place), place.part)
    except NotALayer as error:
        return list(error.findings)
    return [finding for finding in found if finding.severity == ERROR]


def golden_leads(sector: str, locale: str) -> Mapping[str, QualifiedLead]:
    """The sector's sample leads; none for a sector of an agency's own."""
    try:
        return golden.golden_leads(sector, locale)
    except NotALayer:
        return {}


def write(stack: Stack, lead: QualifiedLead) -> Document:
    """The sample lead's strategy, on a day that is always the same."""
    try:
        return draft(stack, Case(lead, Agency.of("Agency", {}), stack.sector, stack.locale, trial.TODAY)).document
    except NotWritable as error:
        raise NotComposed(str(error)) from error


WORKSHOP = Workshop(find_problems, golden_leads, write)
