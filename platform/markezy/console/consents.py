"""What a lead agreed to, on their page, and taking it back for them."""

from typing import Any
from uuid import UUID

from markezy.accounts.api import staff
from markezy.consents import api as consents
from markezy.console.forms import field
from markezy.console.pages import HOME, instead
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads


@endpoint(staff("leads.write"), instead, audit="consent.withdrawn")
def withdraw(call: Call, lead_id: UUID) -> Reply:
    """The lead does not agree to this any more, and told the agency so."""
    lead = leads.get_lead(call.connection, call.tenant_id, lead_id)
    purpose = field(call, "purpose")
    if any(one.purpose == purpose for one in consents.receipts_of(call.connection, call.tenant_id, lead_id)):
        actor = f"{call.principal.kind}:{call.principal.id}"
        consents.withdraw(
            call.connection, call.tenant_id, lead_id, lead.conversation_id, purpose, actor, call.correlation_id
        )
    return Reply.redirect(f"{HOME}/{lead_id}#consents")


def consents_of(call: Call, lead_id: UUID) -> dict[str, Any]:
    """What the lead decided, the newest first, and which of it still stands as a yes."""
    found = consents.receipts_of(call.connection, call.tenant_id, lead_id)
    last = {one.purpose: one for one in reversed(found)}
    standing = {one.id for one in last.values() if one.decision is consents.Decision.GIVEN}
    return {"consents": found, "standing": standing}
