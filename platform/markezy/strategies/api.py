"""The door to strategies: what a lead got, the PDF, the summary for a CRM, and new template versions.

All functions take a connection whose transaction is scoped to the tenant and never commit. Writing, rendering and sending is the tasks'
work; nobody asks for it here.
"""

import re
from html import escape
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import NotFound
from markezy.leads import api as leads
from markezy.strategies import repository, templates
from markezy.strategies.model import CrmStrategy, Delivery, StrategySummary, TemplateVersion
from markezy.strategies.tables import strategy

__all__ = [
    "CrmStrategy", "Delivery", "StrategySummary", "TemplateVersion", "add_template_version", "forget_lead",
    "get_strategy", "of_lead", "pdf", "summary_for_crm",
]  # fmt: skip

_SUMMARY = re.compile(r'<section id="summary">(.*?)</section>', re.DOTALL)
_HEADING = re.compile(r"<h2>.*?</h2>", re.DOTALL)
_LONGEST_SUMMARY = 60_000
"""HubSpot's notes hold 65,536 characters."""


def of_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[StrategySummary]:
    """The lead's strategies, newest first; none for a lead who has none."""
    return repository.summaries(connection, tenant_id, strategy.c.lead_id == lead_id)


def get_strategy(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> StrategySummary:
    """One strategy; NotFound when there is none."""
    found = repository.summaries(connection, tenant_id, strategy.c.id == strategy_id)
    if not found:
        raise NotFound("There is no such strategy.")
    return found[0]


def pdf(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> bytes:
    """The strategy's PDF; NotFound when there is none yet."""
    body = repository.find_document(connection, tenant_id, strategy_id)
    if body is None:
        raise NotFound("There is no PDF of this strategy yet.")
    return body


def add_template_version(
    connection: Connection, tenant_id: UUID, sector: str, locale: str, source: str
) -> TemplateVersion:
    """A new version of the agency's template for a sector and language, used from the next strategy on.

    The newest version again when its source is the same. Invalid when the template does not work.
    """
    templates.check(source, locale)
    return repository.insert_version(connection, tenant_id, sector, locale, source)


def forget_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> dict[str, int]:
    """Remove what was written for the lead; how many strategies, documents and deliveries that were."""
    return repository.forget_lead(connection, tenant_id, lead_id)


def summary_for_crm(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> CrmStrategy:
    """What a CRM is told: the strategy's first section and the lead's answers as simple HTML. NotFound when there is none."""
    found = repository.find_strategy(connection, tenant_id, strategy_id)
    if found is None:
        raise NotFound("There is no such strategy.")
    lead = leads.qualified(connection, tenant_id, found.lead_id)
    section = _SUMMARY.search(found.html)
    parts = [f"<h3>{escape(found.title)}</h3>", _HEADING.sub("", section[1]).strip() if section else "", "<ul>"]
    length = sum(map(len, parts))
    for answer in lead.answers:
        item = f"<li><b>{escape(answer.label)}:</b> {escape(answer.display)}</li>"
        length += len(item)
        if length > _LONGEST_SUMMARY:
            break
        parts.append(item)
    return CrmStrategy(strategy_id, found.title, "".join([*parts, "</ul>"]), lead)
