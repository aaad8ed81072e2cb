"""When an answer changes afterwards: what would read differently today, and the next edition."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from markezy.leads import api as leads
from markezy.strategies.production.drafting import draft
from markezy.strategies.production.kept import Kept
from markezy.strategies.production.writing import case_of, keep
from markezy.strategies.rendering.charts import described
from markezy.strategies.rendering.inline import plain
from markezy.strategies.versions.model import Stack
from markezy.strategies.versions.previewing import BlockChange, differences
from markezy.strategies.versions.stacks import in_force
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Document, Kind


@dataclass(frozen=True)
class AnswerChange:
    """An answer, then and now; None where it was not given."""

    question: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Renewal:
    """What the lead said otherwise since, whether templates changed since, and what a new edition would say differently, as plain text."""

    answers: tuple[AnswerChange, ...]
    templates_changed: bool
    blocks: tuple[BlockChange, ...]


def compare(connection: Connection, tenant_id: UUID, kept: Kept) -> Renewal:
    """What a new edition would change. Dates move with the day; they are compared as of the day the strategy was written.

    NotFound when the lead is not qualified, NotWritable when no new edition can be written.
    """
    case, stack = _today(connection, tenant_id, kept.case.lead.lead_id)
    written = draft(stack, replace(case, today=kept.case.today)).document
    return Renewal(
        tuple(_answers(kept.case.lead, case.lead)),
        set(stack.version_ids) != set(kept.stack.version_ids),
        tuple(_readable(change, kept.document, written) for change in differences(kept.document, written)),
    )


def write_next(connection: Connection, tenant_id: UUID, lead_id: UUID, edition: int) -> UUID | None:
    """Write this edition from what the lead says today; None when it is there already. NotFound and NotWritable as above."""
    case, stack = _today(connection, tenant_id, lead_id)
    return keep(connection, tenant_id, case, stack, edition)


def _readable(change: BlockChange, before: Document, after: Document) -> BlockChange:
    """The change as people read it: without markup, and charts in words instead of their data."""
    return replace(
        change,
        before=_charts(before).get(change.block, _plain(change.before)),
        after=_charts(after).get(change.block, _plain(change.after)),
    )


def _charts(document: Document) -> dict[str, str]:
    """By block what the charts show."""
    blocks = [block for section in document.sections for block in section.blocks if block.kind is Kind.FIGURE]
    return {
        block.id: "\n".join(filter(None, (plain(block.text), described(block, document.locale)))) for block in blocks
    }


def _plain(text: str | None) -> str | None:
    return None if text is None else "\n".join(map(plain, text.splitlines()))


def _today(connection: Connection, tenant_id: UUID, lead_id: UUID) -> tuple[Case, Stack]:
    case = case_of(connection, tenant_id, leads.qualified_today(connection, tenant_id, lead_id))
    return case, in_force(connection, tenant_id, case.sector, case.locale, lead_id)


def _answers(then: leads.QualifiedLead, now: leads.QualifiedLead) -> list[AnswerChange]:
    before = {one.question: one for one in then.answers}
    after = {one.question: one for one in now.answers}
    return [
        AnswerChange(
            id_,
            (after.get(id_) or before[id_]).label,
            before[id_].display if id_ in before else None,
            after[id_].display if id_ in after else None,
        )
        for id_ in {**before, **after}
        if (before.get(id_) and before[id_].display) != (after.get(id_) and after[id_].display)
    ]
