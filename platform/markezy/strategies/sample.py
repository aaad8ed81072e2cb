"""A sample lead's strategy on the agency's paper, to look at before a lead gets one. Nothing of it is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict
from markezy.leads.api import QualifiedLead
from markezy.strategies import wording
from markezy.strategies.layers.golden import golden_leads
from markezy.strategies.layers.shipped import sectors
from markezy.strategies.model import Agency
from markezy.strategies.production.drafting import NotWritable, draft
from markezy.strategies.rendering.occasion import Occasion
from markezy.strategies.rendering.pdf import NotRenderable, render_strategy
from markezy.strategies.versions.model import Stack
from markezy.strategies.versions.shipped import product_stack
from markezy.strategies.versions.stacks import in_force, languages_in_force
from markezy.strategies.writing.case import Case

_LEAD = "medium"


@dataclass(frozen=True)
class Sample:
    """What a sample is made from: no connection is needed any more, so that none waits while it is made."""

    stack: Stack
    lead: QualifiedLead

    def pdf(self, agency: Agency) -> bytes:
        """The sample as this agency's document. Conflict when the templates in force make none."""
        today = now().date()
        case = Case(self.lead, agency, self.stack.sector, self.stack.locale, today)
        try:
            written = draft(self.stack, case)
            return render_strategy(written.document, Occasion.of(case, datetime.combine(today, time(), UTC)))
        except (NotWritable, NotRenderable) as error:
            raise Conflict("The templates in force make no sample.") from error


def sample_of(connection: Connection, tenant_id: UUID, locale: str) -> Sample:
    """A sample lead and the templates in force for them: of the agency's sector, in this language as far as there are words in it.

    An agency in a sector of its own, for which there are no samples, sees one of the product's.
    """
    tenant = accounts.tenant(connection, tenant_id)
    known = languages_in_force(connection, tenant_id, tenant.sector)
    wanted = [wording.language(one) for one in (locale, tenant.locale, wording.FALLBACK)]
    sector = tenant.sector if tenant.sector in sectors() else sectors()[0]
    language = next((one for one in wanted if one in known), None)
    if language is None or sector != tenant.sector:
        return Sample(product_stack(sector, wanted[0]), golden_leads(sector, wanted[0])[_LEAD])
    return Sample(in_force(connection, tenant_id, sector, language, None), golden_leads(sector, language)[_LEAD])
