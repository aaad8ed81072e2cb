"""What versions need of the parts that read and write strategies, handed over in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markezy.leads.api import QualifiedLead
from markezy.strategies.versions.model import Place, Stack
from markezy.strategies.versions.reading import Finding, find_problems
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


def _no_leads(_sector: str, _locale: str) -> Mapping[str, QualifiedLead]:
    return {}


def _no_document(_stack: Stack, _lead: QualifiedLead) -> Document:
    raise NotComposed("there is nothing that writes documents")


WORKSHOP = Workshop(find_problems, _no_leads, _no_document)
