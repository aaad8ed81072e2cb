"""The CRM domain over HTTP."""

from uuid import UUID

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.crm import api, repository
from markezy.kernel import audit
from markezy.kernel.errors import Malformed
from markezy.kernel.http import Call, Reply, endpoint

blueprint = Blueprint("crm")

_PAGE = 50


@blueprint.get("/api/v1/crm/connections")
@endpoint(staff("crm.read"), audit=None)
def list_connections(call: Call) -> Reply:
    """The tenant's CRM connections, without their credentials, each with how looking back at its deals goes (null: not looked yet)."""
    look_backs = api.look_backs(call.connection, call.tenant_id)
    items = [
        {
            "id": one.id, "vendor": one.vendor, "name": one.name, "base_url": one.base_url, "active": one.active,
            "created_at": one.created_at,
            "look_back": vars(look_backs[one.id]) if one.id in look_backs else None,
        }
        for one in repository.connections(call.connection, call.tenant_id)
    ]  # fmt: skip
    return Reply(200, {"items": items, "next_cursor": None})


@blueprint.post("/api/v1/crm/connections/<connection_id:uuid>/look-back")
@endpoint(staff("crm.write"), audit="crm_look_back.requested")
def look_back(call: Call, connection_id: UUID) -> Reply:
    """Have the CRM asked now what became of our deals; 202, because it is done in the background. 409 for one that is switched off."""
    api.look_back(call.connection, call.tenant_id, connection_id, call.correlation_id)
    return Reply(202, {"connection_id": connection_id})


@blueprint.get("/api/v1/crm/syncs")
@endpoint(staff("crm.read"), audit="crm_syncs.listed")
def list_syncs(call: Call) -> Reply:
    """The tenant's syncs, newest first; `lead_id` narrows to one lead."""
    lead_id, cursor = _uuid(call, "lead_id"), _uuid(call, "cursor")
    if lead_id is not None:
        audit.lead_is(call.connection, lead_id)
    found = repository.syncs(call.connection, call.tenant_id, lead_id, cursor, _PAGE + 1)
    page = found[:_PAGE]
    next_cursor = page[-1].id if len(found) > _PAGE else None
    return Reply(200, {"items": [vars(one) for one in page], "next_cursor": next_cursor})


def _uuid(call: Call, name: str) -> UUID | None:
    value = call.query.get(name)
    if value is None:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise Malformed(f"The query parameter {name} is not a valid id.") from None
