"""`GET /internal/flow-versions/{id}` for the action server, `GET /api/v1/flows` for staff."""

import base64
from dataclasses import asdict
from uuid import UUID

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.flows import api
from markezy.flows.model import FlowSummary
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Call, Reply, endpoint, service

blueprint = Blueprint("flows")

_PAGE = 50
_LARGEST_PAGE = 100


@blueprint.get("/internal/flow-versions/<version_id:str>")
@endpoint(service("actions", "worker", "rasa"))
def read_flow_version(call: Call, version_id: str) -> Reply:
    """One version with its definition. It never changes, so it may be cached for ever."""
    version = api.get_version(call.connection, call.tenant_id, _id(version_id))
    return Reply(200, {"id": str(version.id), "number": version.number, "definition": version.definition})


@blueprint.get("/api/v1/flows")
@endpoint(staff("flows.read"))
def list_flows(call: Call) -> Reply:
    """The agency's flows by slug. `limit` up to 100; `cursor` is the `next_cursor` of the page before."""
    limit = _limit(call.query.get("limit"))
    found = api.list_flows(call.connection, call.tenant_id, _after(call.query.get("cursor")), limit + 1)
    page = found[:limit]
    next_cursor = _cursor(page[-1]) if len(found) > limit else None
    return Reply(200, {"items": [asdict(flow) for flow in page], "next_cursor": next_cursor})


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such flow version.") from None


def _limit(text: str | None) -> int:
    if text is None:
        return _PAGE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _LARGEST_PAGE:
        raise Invalid(f'"limit" is a whole number from 1 to {_LARGEST_PAGE}.')
    return int(text)


def _cursor(flow: FlowSummary) -> str:
    return base64.urlsafe_b64encode(f"{flow.id}{flow.slug}".encode()).decode()


def _after(cursor: str | None) -> tuple[str, UUID] | None:
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
        return text[36:], UUID(text[:36])
    except ValueError:
        raise Invalid('"cursor" is not one this list gave.') from None
