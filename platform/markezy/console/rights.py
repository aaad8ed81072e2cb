"""The lead page's rights: a copy of what is kept of the person, and forgetting them."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from markezy.accounts.api import staff
from markezy.console.forms import Refusal, field
from markezy.console.pages import HOME, instead, render
from markezy.console.viewers import viewer_of
from markezy.crm import api as crm
from markezy.kernel.errors import Conflict, Invalid, Problem
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads
from markezy.privacy import api as privacy


@endpoint(staff("privacy.read"), instead, audit="export.read")
def rights_card(call: Call, lead_id: UUID) -> Reply:
    """The part of the lead's page that follows a copy or an erasure under way."""
    lead = leads.get_lead(call.connection, call.tenant_id, lead_id)
    return render(call.request, "lead/rights.html", lead=lead, rights=rights_of(call, lead_id))


@endpoint(staff("privacy.write"), instead, audit="export.requested")
def export(call: Call, lead_id: UUID) -> Reply:
    """Have a copy made."""
    # Who was forgotten meanwhile is shown as that.
    with suppress(Conflict):
        privacy.request_export(call.connection, call.tenant_id, lead_id, _actor(call), call.correlation_id)
    return Reply.redirect(f"{HOME}/{lead_id}#rights")


@endpoint(staff("privacy.write"), instead, audit="lead.opened")
def forget_form(call: Call, lead_id: UUID) -> Reply:
    """What forgetting means, before it is done."""
    return _form(call, lead_id)


@endpoint(staff("privacy.write"), instead, audit="erasure.requested")
def forget(call: Call, lead_id: UUID) -> Reply:
    """Have the person forgotten."""
    if field(call, "sure") != "yes":
        return _form(call, lead_id, Invalid("The box is not ticked."), ("rights.forget.unsure", {}))
    reason = privacy.Reason.STAFF
    privacy.request_erasure(call.connection, call.tenant_id, lead_id, _actor(call), reason, call.correlation_id)
    return Reply.redirect(f"{HOME}/{lead_id}#rights")


def rights_of(call: Call, lead_id: UUID) -> dict[str, Any]:
    """How far a copy of the lead's data and their erasure have come, if somebody asked for them."""
    return {
        "export": privacy.latest_export(call.connection, call.tenant_id, lead_id),
        "erasure": privacy.latest_erasure(call.connection, call.tenant_id, lead_id),
    }


def _form(call: Call, lead_id: UUID, problem: Problem | None = None, refused: Refusal | None = None) -> Reply:
    lead = leads.get_lead(call.connection, call.tenant_id, lead_id)
    if privacy.latest_erasure(call.connection, call.tenant_id, lead_id) is not None:
        return Reply.redirect(f"{HOME}/{lead_id}#rights")
    return render(
        call.request,
        "lead/forget.html",
        200 if problem is None else problem.status,
        viewer=viewer_of(call),
        refusal=refused,
        lead=lead,
        crms=[one.name for one in crm.active_connections(call.connection, call.tenant_id)],
    )


def _actor(call: Call) -> str:
    return f"{call.principal.kind}:{call.principal.id}"
