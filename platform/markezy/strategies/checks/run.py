"""All checks of a document."""

from markezy.strategies.checks import coherence
from markezy.strategies.checks.completeness import completeness
from markezy.strategies.checks.finding import Finding
from markezy.strategies.checks.language import language
from markezy.strategies.checks.leftovers import leftovers
from markezy.strategies.checks.markup import markup
from markezy.strategies.checks.personal_data import personal_data
from markezy.strategies.checks.readability import readability
from markezy.strategies.checks.reading import Reading
from markezy.strategies.numbers.model import Plan
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Document
from markezy.strategies.writing.words import Words

_CHECKS = (
    completeness,
    coherence.tables,
    coherence.figures,
    coherence.amounts,
    coherence.dates,
    coherence.mentions,
    coherence.contradictions,
    language,
    leftovers,
    personal_data,
    readability,
    markup,
)


def find_defects(document: Document, plan: Plan, case: Case, words: Words, html: str = "") -> tuple[Finding, ...]:
    """Everything that is wrong with a document; `blocking` of it is what keeps it from the lead.

    `words` are those it was composed from: they tell what channels and KPIs are called.
    """
    reading = Reading(document, plan, case, words, html)
    return tuple(dict.fromkeys(finding for check in _CHECKS for finding in check(reading)))
