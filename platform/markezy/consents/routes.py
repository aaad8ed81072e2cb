"""Consents over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.consents import api
from markezy.consents.model import Receipt
from markezy.kernel.errors import Malformed
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads

blueprint = Blueprint("consents", url_prefix="/api/v1")


class Withdrawal(BaseModel):
    """What the lead does not agree to any more."""

    purpose: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


@blueprint.get("/consents")
@endpoint(staff("consents.read"), audit="consents.listed")
def list_consents(call: Call) -> Reply:
    """What leads decided, the newest first, with the words they were asked and the event that proves it."""
    limit = call.query.get("limit", "25")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 6):
        raise Malformed("limit is not a number.")
    page, cursor = api.receipts_page(call.connection, call.tenant_id, cursor=call.query.get("cursor"), limit=int(limit))
    return Reply(200, {"items": [_receipt(one) for one in page], "next_cursor": cursor})


@blueprint.get("/consents/texts")
@endpoint(staff("consents.read"), audit=None)
def list_texts(call: Call) -> Reply:
    """Every version of every text leads were asked with. A text gets a new version when a flow with other words is published."""
    items = [vars(one) for one in api.texts(call.connection, call.tenant_id)]
    return Reply(200, {"items": items, "next_cursor": None})


@blueprint.get("/leads/<lead_id:uuid>/consents")
@endpoint(staff("consents.read"), audit="consents.opened")
def list_of_lead(call: Call, lead_id: UUID) -> Reply:
    """What one lead decided, the newest first."""
    leads.get_lead(call.connection, call.tenant_id, lead_id)
    found = api.receipts_of(call.connection, call.tenant_id, lead_id)
    return Reply(200, {"items": [_receipt(one) for one in found], "next_cursor": None})


@blueprint.post("/leads/<lead_id:uuid>/consents/withdraw")
@endpoint(staff("leads.write"), audit="consent.withdrawn")
def withdraw(call: Call, lead_id: UUID) -> Reply:
    """Take a lead's consent back on their behalf: from now on nothing is done for this purpose. Again, nothing happens."""
    purpose = call.json(Withdrawal).purpose
    lead = leads.get_lead(call.connection, call.tenant_id, lead_id)
    actor = f"{call.principal.kind}:{call.principal.id}"
    api.withdraw(call.connection, call.tenant_id, lead_id, lead.conversation_id, purpose, actor, call.correlation_id)
    return Reply(200, {"lead_id": lead_id, "purpose": purpose, "decision": api.Decision.WITHDRAWN})


def _receipt(one: Receipt) -> dict[str, Any]:
    return {**vars(one), "hash": None if one.hash is None else one.hash.hex()}
