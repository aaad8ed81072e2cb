"""Looking at flows: lists, versions, the draft."""

from uuid import UUID

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.flows import api
from markezy.flows.definition import FlowDefinition
from markezy.flows.routes.parameters import limit_of, number_in_path, whole_number
from markezy.kernel import cursors
from markezy.kernel.errors import NotFound
from markezy.kernel.http import Call, Reply, endpoint, service

blueprint = Blueprint("flows_reading")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@blueprint.get("/internal/flow-versions/<version_id:str>")
@endpoint(service("actions", "worker", "rasa"), audit=None)
def read_flow_version(call: Call, version_id: str) -> Reply:
    """One version with its definition. It never changes, so it may be cached for ever."""
    version = api.get_version(call.connection, call.tenant_id, _id(version_id))
    return Reply(200, {"id": str(version.id), "number": version.number, "definition": version.definition})


@blueprint.get("/api/v1/flows")
@endpoint(staff("flows.read"), audit=None)
def list_flows(call: Call) -> Reply:
    """The agency's flows by slug. `limit` up to 100; `cursor` is the `next_cursor` of the page before."""
    limit = limit_of(call)
    found = api.list_flows(call.connection, call.tenant_id, _after(call.query.get("cursor")), limit + 1)
    page = found[:limit]
    next_cursor = cursors.encode(page[-1].slug, str(page[-1].id)) if len(found) > limit else None
    return Reply(200, {"items": [vars(flow) for flow in page], "next_cursor": next_cursor})


@blueprint.get("/api/v1/flows/schema.json")
@endpoint(staff("flows.read"), audit=None)
def get_schema(_call: Call) -> Reply:
    """What a flow's definition may say, as JSON Schema: for editors that complete and check while somebody writes."""
    return Reply(200, {"$schema": _DIALECT, **FlowDefinition.model_json_schema()}, media_type="application/schema+json")


@blueprint.get("/api/v1/flows/<slug:str>")
@endpoint(staff("flows.read"), audit=None)
def get_flow(call: Call, slug: str) -> Reply:
    """What is published of a flow, and whether there is a draft."""
    return Reply(200, vars(api.get_flow(call.connection, call.tenant_id, slug)))


@blueprint.get("/api/v1/flows/<slug:str>/versions")
@endpoint(staff("flows.read"), audit=None)
def list_versions(call: Call, slug: str) -> Reply:
    """The flow's versions, the newest first."""
    limit = limit_of(call)
    found = api.list_versions(call.connection, call.tenant_id, slug, _before(call.query.get("cursor")), limit + 1)
    page = found[:limit]
    next_cursor = cursors.encode(str(page[-1].number)) if len(found) > limit else None
    return Reply(200, {"items": [vars(version) for version in page], "next_cursor": next_cursor})


@blueprint.get("/api/v1/flows/<slug:str>/versions/<number:str>")
@endpoint(staff("flows.read"), audit=None)
def get_version(call: Call, slug: str, number: str) -> Reply:
    """One version with its definition."""
    return Reply(200, vars(api.get_numbered(call.connection, call.tenant_id, slug, number_in_path(number))))


@blueprint.get("/api/v1/flows/<slug:str>/draft")
@endpoint(staff("flows.read"), audit=None)
def get_draft(call: Call, slug: str) -> Reply:
    """The draft with its definition, and what keeps it from being published."""
    draft = api.get_draft(call.connection, call.tenant_id, slug)
    return Reply(200, {**vars(draft), "findings": api.findings_of(draft.definition)})


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such flow version.") from None


def _after(cursor: str | None) -> tuple[str, UUID] | None:
    if cursor is None:
        return None
    slug, id_ = cursors.decode(cursor, 2)
    try:
        return slug, UUID(id_)
    except ValueError:
        raise cursors.bad_cursor() from None


def _before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    number = whole_number(cursors.decode(cursor, 1)[0])
    if number is None:
        raise cursors.bad_cursor()
    return number
