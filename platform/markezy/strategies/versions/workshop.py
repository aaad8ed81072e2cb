"""What versions need of the parts that read and write strategies, handed over in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from markezy.leads.api import QualifiedLead
from markezy.strategies.layers.findings import NotALayer
from markezy.strategies.layers.golden import golden_leads
from markezy.strategies.layers.layer import read
from markezy.strategies.layers.shipped import sectors
from markezy.strategies.model import Agency
from markezy.strategies.production.drafting import NotWritable, draft
from markezy.strategies.versions.model import Place, Stack
from markezy.strategies.versions.reading import Finding
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Document


class NotComposed(Exception):
    """These layers make no document. The text says why and holds nothing of the lead."""


@dataclass(frozen=True)
class Workshop:
    """`check` tells what is wrong with a part's source; `golden_leads` are a sector's sample leads by name, in a language; `compose` writes
    a strategy and raises NotComposed when it can't be written.
    """

    check: Callable[[Place, str], list[Finding]]
    golden_leads: Callable[[str, str], Mapping[str, QualifiedLead]]
    compose: Callable[[Stack, QualifiedLead], Document]


def _check(place: Place, source: str) -> list[Finding]:
    try:
        read(source, place.layer, place.part, "")
    except NotALayer as error:
        return [Finding(f"{one.message} {one.mend}".strip(), one.at, one.line) for one in error.findings]
    return []


def _golden_leads(sector: str, locale: str) -> Mapping[str, QualifiedLead]:
    return golden_leads(sector, locale) if sector in sectors() else {}


def _compose(stack: Stack, lead: QualifiedLead) -> Document:
    try:
        return draft(stack, Case(lead, _AGENCY, stack.sector, stack.locale, _DAY)).document
    except NotWritable as error:
        raise NotComposed(str(error)) from error


_AGENCY = Agency.of("Agency", {"email": "hello@agency.example", "website": "https://agency.example"})
_DAY = date(2026, 1, 7)
"""Samples are always written on the same day, so that nothing differs but what a version changes."""

WORKSHOP = Workshop(_check, _golden_leads, _compose)
