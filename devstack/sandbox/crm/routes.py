"""HubSpot's wire format: the paths, bodies, statuses and errors that its v3 documentation describes."""

import asyncio
import json as jsonlib
import uuid
from collections.abc import Callable
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json, text

from devstack.sandbox.crm.store import HOME_CURRENCY, OBJECT_TYPES, Portal, Record, Store

blueprint = Blueprint("hubspot", url_prefix="/hubspot")

_KNOWN = {
    "contacts": {
        "email", "firstname", "lastname", "company", "phone", "website", "city", "hs_object_id",
    },
    "deals": {
        "dealname", "amount", "pipeline", "dealstage", "closedate", "deal_currency_code", "hs_object_id",
        "engagements_last_meeting_booked",
    },
    "notes": {"hs_note_body", "hs_timestamp", "hs_attachment_ids", "hs_object_id"},
}  # fmt: skip

_ASSOCIATED = {("deals", 3): "contacts", ("notes", 202): "contacts", ("notes", 214): "deals"}
_LONGEST_NOTE = 65_536
_BATCH = 100


def _error(status: int, category: str, message: str, **more: Any) -> HTTPResponse:
    body = {"status": "error", "message": message, "category": category, "correlationId": str(uuid.uuid4()), **more}
    return json(body, status=status)


def _not_found() -> HTTPResponse:
    return _error(404, "OBJECT_NOT_FOUND", "resource not found")


def _shown(record: Record, associations: bool = False, wanted: list[str] | None = None) -> dict[str, Any]:
    """With the properties that were asked for and those that are always there; what a record does not have is null then."""
    properties: dict[str, str | None] = dict(record.properties)
    if wanted is not None:
        always = {"createdate": record.created_at, "hs_lastmodifieddate": record.updated_at, "hs_object_id": record.id}
        properties = {**{name: record.properties.get(name) for name in wanted}, **always}
    shown: dict[str, Any] = {
        "id": record.id,
        "properties": properties,
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
        "archived": False,
    }
    if associations and record.associations:
        shown["associations"] = {
            kind: {"results": [{"id": one, "type": f"to_{kind}"} for one in ids]}
            for kind, ids in record.associations.items()
        }
    return shown


@blueprint.on_request
async def admit(request: Request) -> HTTPResponse | None:
    """Token, queued faults, then the body: what every call goes through first."""
    if request.path.endswith("/sandbox/faults"):
        return None
    if not request.token or not request.token.startswith("pat-"):
        return _error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
    faults: list[dict[str, Any]] = request.app.ctx.crm_faults
    if faults:
        fault = faults.pop(0)
        await asyncio.sleep(fault.get("hang", 0))
        if "body" in fault:
            return text(fault["body"], content_type="application/json")
        if fault["status"] == 401:
            return _error(401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call is expired.")
        if fault["status"] == 429:
            return json(
                {
                    "status": "error", "message": "You have reached your ten_secondly_rolling limit.",
                    "errorType": "RATE_LIMIT", "correlationId": str(uuid.uuid4()),
                    "policyName": "TEN_SECONDLY_ROLLING",
                },
                status=429, headers={"Retry-After": fault.get("retry_after", "1")},
            )  # fmt: skip
        # "after": the work is done but the answer is lost, the hardest fault for a client.
        request.ctx.lost_answer = fault["status"] if fault.get("after") else None
        if not fault.get("after"):
            return _error(fault["status"], "SERVER_ERROR", "internal error")
    request.ctx.portal = request.app.ctx.crm.portal(request.token)
    return None


@blueprint.on_response  # type: ignore[untyped-decorator]  # Sanic types only the form with arguments
async def keep(request: Request, response: HTTPResponse) -> HTTPResponse | None:
    """After each call: one log line, the new state on disk, and the lost answer if one is planned."""
    # Paths may name an e-mail address; the kind of object says enough.
    print(request.method, response.status, "correlation", request.headers.get("x-correlation-id"), flush=True)
    if request.method != "GET" and hasattr(request.ctx, "portal"):
        store: Store = request.app.ctx.crm
        store.save()
    lost = getattr(request.ctx, "lost_answer", None)
    return _error(lost, "SERVER_ERROR", "internal error") if lost else None


@blueprint.post("/sandbox/faults")
async def plan_faults(request: Request) -> HTTPResponse:
    """Not HubSpot's: `[{"status": 500, "after": true}, …]` are the next answers, in order.

    `hang` waits so many seconds first, `body` is answered as it stands, `retry_after` goes with 429.
    """
    request.app.ctx.crm_faults.extend(jsonlib.loads(request.body))
    return empty(204)


@blueprint.get("/crm/v3/properties/<kind>/<name>")
async def read_property(request: Request, kind: str, name: str) -> HTTPResponse:
    found = request.ctx.portal.properties.get(kind, {}).get(name)
    return json(found) if found else _not_found()


@blueprint.post("/crm/v3/properties/<kind>")
async def create_property(request: Request, kind: str) -> HTTPResponse:
    body = _body(request)
    if body is None or kind not in OBJECT_TYPES or not {"name", "label", "type", "fieldType", "groupName"} <= set(body):
        return _error(400, "VALIDATION_ERROR", "Invalid input JSON")
    portal: Portal = request.ctx.portal
    if body["name"] in portal.properties[kind] or body["name"] in _KNOWN[kind]:
        return _error(409, "OBJECT_ALREADY_EXISTS", f"A property named '{body['name']}' already exists.")
    portal.properties[kind][body["name"]] = body
    return json(body, status=201)


@blueprint.post("/crm/v3/objects/<kind>")
async def create(request: Request, kind: str) -> HTTPResponse:
    body, portal = _body(request), request.ctx.portal
    if body is None or kind not in OBJECT_TYPES:
        return _error(400, "VALIDATION_ERROR", "Invalid input JSON")
    properties = body.get("properties", {})
    refusal = _refusal(portal, kind, properties) or _conflict(portal, kind, properties)
    if refusal:
        return refusal
    targets = []
    for association in body.get("associations", []):
        for type_ in association["types"]:
            other_kind = _ASSOCIATED.get((kind, type_["associationTypeId"]))
            other = portal.find(other_kind, str(association["to"]["id"]), None) if other_kind else None
            if other_kind is None or other is None:
                return _error(400, "VALIDATION_ERROR", "one or more associations are not valid")
            targets.append((other_kind, other))
    record = portal.create(kind, properties)
    for other_kind, other in targets:
        portal.associate(kind, record, other_kind, other)
    return json(_shown(record), status=201)


@blueprint.get("/crm/v3/objects/<kind>/<wanted>")
async def read(request: Request, kind: str, wanted: str) -> HTTPResponse:
    if kind not in OBJECT_TYPES:
        return _not_found()
    record = request.ctx.portal.find(kind, wanted, request.args.get("idProperty"))
    return json(_shown(record, "associations" in request.args)) if record else _not_found()


@blueprint.patch("/crm/v3/objects/<kind>/<wanted>")
async def update(request: Request, kind: str, wanted: str) -> HTTPResponse:
    body, portal = _body(request), request.ctx.portal
    if body is None or kind not in OBJECT_TYPES:
        return _error(400, "VALIDATION_ERROR", "Invalid input JSON")
    record = portal.find(kind, wanted, request.args.get("idProperty"))
    if record is None:
        return _not_found()
    refusal = _refusal(portal, kind, body.get("properties", {}))
    if refusal:
        return refusal
    portal.update(record, body["properties"])
    return json(_shown(record))


@blueprint.delete("/crm/v3/objects/<kind>/<wanted>")
async def archive(request: Request, kind: str, wanted: str) -> HTTPResponse:
    if kind not in OBJECT_TYPES or not request.ctx.portal.remove(kind, wanted):
        return _not_found()
    return empty(204)


@blueprint.post("/crm/v3/objects/contacts/gdpr-delete")
async def forget_contact(request: Request) -> HTTPResponse:
    """Permanently, by `objectId`, or by a unique property that `idProperty` names."""
    body = _body(request)
    if body is None or not isinstance(body.get("objectId"), str):
        return _error(400, "VALIDATION_ERROR", "Invalid input JSON")
    found = request.ctx.portal.find("contacts", body["objectId"], body.get("idProperty"))
    if found is None:
        return _not_found()
    request.ctx.portal.remove("contacts", found.id)
    return empty(204)


@blueprint.post("/crm/v3/objects/<kind>/batch/upsert")
async def upsert(request: Request, kind: str) -> HTTPResponse:
    body, portal = _body(request), request.ctx.portal
    inputs = (body or {}).get("inputs")
    if kind not in OBJECT_TYPES or not isinstance(inputs, list) or not 0 < len(inputs) <= _BATCH:
        return _error(400, "VALIDATION_ERROR", "Invalid input JSON")
    for item in inputs:
        refusal = _refusal(portal, kind, item["properties"])
        if refusal:
            return refusal
    results = []
    for item in inputs:
        record = portal.find(kind, item["id"], item["idProperty"])
        if record is None:
            record = portal.create(kind, {**item["properties"], item["idProperty"]: item["id"]})
            results.append({**_shown(record), "new": True})
        else:
            portal.update(record, item["properties"])
            results.append({**_shown(record), "new": False})
    return json({"status": "COMPLETE", "results": results})


@blueprint.post("/crm/v3/objects/<kind>/batch/read")
async def read_batch(request: Request, kind: str) -> HTTPResponse:
    """200, or 207 when some are deleted: those are named in `errors`. A record that was merged is answered once, as what it is now."""
    body = _body(request)
    inputs = (body or {}).get("inputs")
    if body is None or kind not in OBJECT_TYPES or not isinstance(inputs, list) or not 0 < len(inputs) <= _BATCH:
        return _error(400, "VALIDATION_ERROR", "Invalid input JSON")
    found = {str(one["id"]): request.ctx.portal.find(kind, str(one["id"]), body.get("idProperty")) for one in inputs}
    records = {record.id: record for record in found.values() if record}
    results = [_shown(record, wanted=body.get("properties")) for record in records.values()]
    missing = [wanted for wanted, record in found.items() if record is None]
    if not missing:
        return json({"status": "COMPLETE", "results": results})
    error = {
        "status": "error", "category": "OBJECT_NOT_FOUND",
        "message": "Could not get some objects, they may be deleted or not exist. Check that ids are valid.",
        "context": {"ids": missing},
    }  # fmt: skip
    return json({"status": "COMPLETE", "results": results, "numErrors": 1, "errors": [error]}, status=207)


@blueprint.get("/account-info/v3/details")
async def account(_request: Request) -> HTTPResponse:
    return json(
        {"portalId": 1, "accountType": "STANDARD", "companyCurrency": HOME_CURRENCY, "additionalCurrencies": []}
    )


def _body(request: Request) -> dict[str, Any] | None:
    try:
        body = jsonlib.loads(request.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _refusal(portal: Portal, kind: str, properties: dict[str, str]) -> HTTPResponse | None:
    unknown = set(properties) - _KNOWN[kind] - set(portal.properties[kind])
    checks: list[tuple[Callable[[], bool], str]] = [
        (lambda: bool(unknown), f"Property values were not valid: {sorted(unknown)} PROPERTY_DOESNT_EXIST"),
        (lambda: "@" not in properties.get("email", "@"), "Property values were not valid: INVALID_EMAIL"),
        (lambda: len(properties.get("hs_note_body", "")) > _LONGEST_NOTE, "hs_note_body is too long"),
        (lambda: kind == "notes" and "hs_timestamp" not in properties, "hs_timestamp is required"),
    ]
    for fails, message in checks:
        if fails():
            return _error(400, "VALIDATION_ERROR", message, errors=[{"message": message}])
    return None


def _conflict(portal: Portal, kind: str, properties: dict[str, str]) -> HTTPResponse | None:
    unique = {name for name, one in portal.properties[kind].items() if one.get("hasUniqueValue")}
    if kind == "contacts":
        unique.add("email")
    for name in unique & set(properties):
        existing = portal.find(kind, properties[name], name)
        if existing:
            what = "Contact" if kind == "contacts" else "Object"
            return _error(409, "CONFLICT", f"{what} already exists. Existing ID: {existing.id}")
    return None
