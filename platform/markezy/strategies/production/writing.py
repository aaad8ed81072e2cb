"""The first step: a qualified lead's case, the versions in force, and the strategy that follows from them, kept."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.kernel.clock import now
from markezy.leads import api as leads
from markezy.strategies import repository, wording
from markezy.strategies.model import Agency
from markezy.strategies.production.drafting import NotWritable, content_hash, draft
from markezy.strategies.production.scoring import reasons_of
from markezy.strategies.rendering.inline import plain
from markezy.strategies.rendering.markup import content_html
from markezy.strategies.versions.model import Stack
from markezy.strategies.versions.stacks import in_force, languages_in_force
from markezy.strategies.writing import case as cases
from markezy.strategies.writing import document_json
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Document


def write_first(connection: Connection, tenant_id: UUID, lead_id: UUID) -> UUID | None:
    """Write the lead's first strategy; its id, or None when there is one already, or the lead was erased.

    NotFound when the lead is not qualified, NotWritable.
    """
    lead = leads.qualified(connection, tenant_id, lead_id)
    case = case_of(connection, tenant_id, lead)
    return keep(connection, tenant_id, case, in_force(connection, tenant_id, case.sector, case.locale, lead_id), 1)


def case_of(connection: Connection, tenant_id: UUID, lead: leads.QualifiedLead) -> Case:
    """What a strategy for the lead is written from today: in their language, else the agency's, else English, as far as there are words."""
    tenant = accounts.tenant(connection, tenant_id)
    wanted = [wording.language(locale) for locale in (lead.locale, tenant.locale, wording.FALLBACK)]
    known = languages_in_force(connection, tenant_id, tenant.sector)
    locale = next((one for one in wanted if one in known), None)
    if locale is None:
        raise NotWritable(f"no words for the sector {tenant.sector} are released")
    reasons = reasons_of(connection, tenant_id, lead, locale)
    return Case(lead, Agency.of(tenant.name, tenant.brand), tenant.sector, locale, now().date(), reasons)


def keep(connection: Connection, tenant_id: UUID, case: Case, stack: Stack, edition: int) -> UUID | None:
    """Write and keep this edition; None when it is there already, or the lead was erased. NotWritable."""
    written = draft(stack, case)
    values = {
        "lead_id": case.lead.lead_id, "locale": case.locale, "edition": edition, "inputs": cases.as_json(case),
        **content_of(written.document, case),
    }  # fmt: skip
    return repository.insert_strategy(connection, tenant_id, values, stack.version_ids)


def content_of(document: Document, case: Case) -> dict[str, object]:
    """A document as a strategy's row keeps it."""
    html = content_html(document, color=case.agency.color)
    return {
        "title": plain(document.title), "html": html, "document": document_json.to_json(document),
        "content_hash": content_hash(html),
    }  # fmt: skip
