"""The check before anything leaves the house, and the other ways that are tried when it fails.

First the document as it is. If a language model helped with it: the template's own words. If the agency changed something: the product's
layers alone, as the lead's next edition. What still fails waits for staff, with its findings.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from markezy.strategies import repository
from markezy.strategies.checks import Finding, blocking, find_defects
from markezy.strategies.model import StrategyStatus
from markezy.strategies.production.drafting import Draft, NotWritable, draft, words_in
from markezy.strategies.production.kept import Kept
from markezy.strategies.production.writing import content_of, keep
from markezy.strategies.rendering.markup import content_html
from markezy.strategies.versions.model import Stack
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Document


class Verdict(StrEnum):
    PASSED = "passed"
    REPLACED = "replaced"
    """It failed; another edition without the agency's changes takes its place."""
    HELD = "held"
    """It failed, and so did the other ways: staff decide."""


@dataclass(frozen=True)
class Inspection:
    """`findings` are those of the document as it came; `document` is the one that passed, when that is another; `without` the versions
    of an edition that takes its place.
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    document: Document | None = None
    without: Stack | None = None


def inspect(kept: Kept) -> Inspection:
    """What to do with the strategy. Pure."""
    own = draft(kept.stack, kept.case)
    findings = defects(own, kept.case, kept.document)
    if not blocking(findings):
        return Inspection(Verdict.PASSED, findings)
    if kept.strategy.model is not None and not blocking(defects(own, kept.case, own.document)):
        return Inspection(Verdict.PASSED, findings, own.document)
    product = _of_product(kept.stack)
    if product is not None and _is_fine(product, kept.case):
        return Inspection(Verdict.REPLACED, findings, without=product)
    return Inspection(Verdict.HELD, findings)


def defects(written: Draft, case: Case, document: Document) -> tuple[Finding, ...]:
    """What is wrong with a document of the case, for which `written` is what its versions say. Pure."""
    html = content_html(document, color=case.agency.color)
    return find_defects(document, written.plan, case, written.words, html)


def settle(connection: Connection, tenant_id: UUID, kept: Kept, found: Inspection) -> bool:
    """Write down what the inspection decided; False, and nothing is written, when another run did, or the lead was erased meanwhile."""
    strategy = kept.strategy
    findings = [finding.as_json() for finding in found.findings]
    status = {
        Verdict.PASSED: StrategyStatus.CHECKED,
        Verdict.REPLACED: StrategyStatus.SET_ASIDE,
        Verdict.HELD: StrategyStatus.HELD,
    }[found.verdict]
    changed = {} if found.document is None else {**content_of(found.document, kept.case), "model": None}
    return repository.change_strategy(
        connection, tenant_id, strategy, status=status, findings=findings or None, **changed
    )


def replace_edition(connection: Connection, tenant_id: UUID, kept: Kept, without: Stack) -> UUID | None:
    """Keep the edition that takes the strategy's place; its id, or None when the lead was erased."""
    edition = repository.next_edition(connection, tenant_id, kept.strategy.lead_id)
    return keep(connection, tenant_id, kept.case, without, edition)


def channel_names(kept: Kept) -> tuple[str, ...]:
    """What the strategy's words call the channels; those whose name is a template are left out. NotWritable."""
    names = (one.name.source for one in words_in(kept.stack).channels.values())
    return tuple(name for name in names if name and "{" not in name)


def _of_product(stack: Stack) -> Stack | None:
    """The stack without what the agency changed; None when it changed nothing."""
    product = tuple(one for one in stack.versions if one.place.of_product)
    return None if len(product) == len(stack.versions) else replace(stack, versions=product)


def _is_fine(stack: Stack, case: Case) -> bool:
    try:
        written = draft(stack, case)
    except NotWritable:
        return False
    return not blocking(defects(written, case, written.document))
