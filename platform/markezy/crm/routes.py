"""The CRM domain over HTTP."""

from uuid import UUID

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.crm import repository
from markezy.kernel import audit
from markezy.kernel.errors import Malformed
from markezy.kernel.http import Call, Reply, endpoint

blueprint = Blueprint("crm")

_PAGE = 50


@blueprint.get("/api/v1/crm/connections")
@endpoint(staff("crm.read"), audit=None)
def list_connections(call: Call) -> Reply:
    """The tenant's CRM connections, without their credentials."""
    items = [
        {
            "id": one.id, "vendor": one.vendor, "name": one.name, "base_url": one.base_url, "active": one.active,
            "created_at": one.created_at,
        }
        for one in repository.connections(call.connection, call.tenant_id)
    ]  # fmt: skip
    return Reply(200, {"items": items, "next_cursor": None})


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
