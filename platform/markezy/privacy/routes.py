"""Leads' rights over HTTP."""

from typing import Any
from uuid import UUID

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel.errors import Conflict
from markezy.kernel.http import Call, Reply, endpoint
from markezy.privacy import api
from markezy.privacy.model import Erasure, Reason

blueprint = Blueprint("privacy", url_prefix="/api/v1")


@blueprint.post("/leads/<lead_id:uuid>/erasure")
@endpoint(staff("privacy.write"), audit="erasure.requested")
def request_erasure(call: Call, lead_id: UUID) -> Reply:
    """Have a lead forgotten; 202, because it is done in the background. It can't be undone.

    Again, when a CRM has refused or could not be reached for too long, it goes on from there.
    """
    actor = f"{call.principal.kind}:{call.principal.id}"
    found = api.request_erasure(call.connection, call.tenant_id, lead_id, actor, Reason.STAFF, call.correlation_id)
    return Reply(202, _erasure(found))


@blueprint.get("/leads/<lead_id:uuid>/erasure")
@endpoint(staff("privacy.read"), audit="erasure.read")
def get_erasure(call: Call, lead_id: UUID) -> Reply:
    """How far the erasure has come."""
    return Reply(200, _erasure(api.erasure_of(call.connection, call.tenant_id, lead_id)))


@blueprint.get("/leads/<lead_id:uuid>/erasure/certificate")
@endpoint(staff("privacy.read"), audit="erasure.certificate_read")
def get_certificate(call: Call, lead_id: UUID) -> Reply:
    """What was removed and when, with the document's SHA-256; 409 until everything is done."""
    found = api.erasure_of(call.connection, call.tenant_id, lead_id)
    if found.digest is None:
        raise Conflict("The erasure is not completed yet; its certificate follows.")
    document = api.certificate(call.tenant_id, found)
    return Reply(200, {"certificate": document, "sha256": found.digest.hex()})


def _erasure(found: Erasure) -> dict[str, Any]:
    return {
        "lead_id": found.lead_id,
        "state": found.state,
        "reason": found.reason,
        "requested_by": found.requested_by,
        "requested_at": found.requested_at,
        "forgotten_at": found.forgotten_at,
        "crm_confirmed_at": found.crm_at,
        "crm_failure": found.crm_failure,
        "completed_at": found.completed_at,
        "removed": found.removed,
    }
