"""Writing a lead's strategy: the sector's template, filled with what the lead said."""

import hashlib
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.kernel.clock import now
from markezy.leads import api as leads
from markezy.strategies import repository, wording
from markezy.strategies.context import context_of
from markezy.strategies.model import Agency
from markezy.strategies.templates import write


class NoTemplate(Exception):
    """The agency has no template for its sector, in any language the lead could be served in."""


def generate(connection: Connection, tenant_id: UUID, lead_id: UUID) -> UUID | None:
    """Write and keep the lead's strategy; its id, or None when there is one already: a lead gets one strategy.

    In the lead's language, else the agency's, else English. NotFound when the lead is not qualified, NoTemplate, BrokenTemplate.
    """
    lead = leads.qualified(connection, tenant_id, lead_id)
    tenant = accounts.tenant(connection, tenant_id)
    locales = [wording.language(locale) for locale in (lead.locale, tenant.locale, wording.FALLBACK)]
    template = repository.newest_version(connection, tenant_id, tenant.sector, list(dict.fromkeys(locales)))
    if template is None:
        raise NoTemplate(f"there is no strategy template for the sector {tenant.sector}")
    agency = Agency.of(tenant.name, tenant.brand)
    written = write(template.source, context_of(lead, agency, template.locale, now().date()))
    return repository.insert_strategy(
        connection,
        tenant_id,
        {
            "lead_id": lead_id,
            "title": written.title,
            "locale": template.locale,
            "html": written.html,
            "content_hash": hashlib.sha256(written.html.encode()).digest(),
        },
        [template.id],
    )
