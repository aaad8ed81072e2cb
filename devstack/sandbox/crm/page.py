"""What the sandbox CRM holds, for people, who may also do there what an agency's sales people do."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, html, json, redirect

from devstack.sandbox.crm.store import OBJECT_TYPES, Portal, Record
from devstack.sandbox.pages import page

blueprint = Blueprint("crm_page", url_prefix="/crm")


@blueprint.get("/")
async def show(request: Request) -> HTTPResponse:
    """All accounts; as JSON for programs (`Accept: application/json`), named by their token's last part."""
    accounts = [_account(token, portal) for token, portal in request.app.ctx.crm.portals.items()]
    if "text/html" in request.headers.get("accept", ""):
        return html(page("crm.html", accounts=accounts))
    return json({"items": [{"name": one["name"], **dict(one["kinds"])} for one in accounts]})


@blueprint.post("/<account>/deals/<deal_id>")
async def move(request: Request, account: str, deal_id: str) -> HTTPResponse:
    """Move a deal: `to` is `meeting`, `won` (with an `amount`), `lost` or `open`."""
    portals: dict[str, Portal] = request.app.ctx.crm.portals
    portal = next((one for token, one in portals.items() if _name(token) == account), None)
    deal = None if portal is None else portal.find("deals", deal_id, None)
    form = dict(request.form or {})
    changes = _moved(form.get("to", [""])[0], form.get("amount", [""])[0])
    if portal is None or deal is None or changes is None:
        return empty(404)
    portal.update(deal, changes)
    request.app.ctx.crm.save()
    return redirect("/crm/")


def _moved(to: str, amount: str) -> dict[str, str] | None:
    if to == "meeting":
        booked = datetime.now(UTC) + timedelta(days=1)
        return {"engagements_last_meeting_booked": booked.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    if to == "won":
        return {"dealstage": "closedwon"} | ({"amount": amount} if amount.isascii() and amount.isdecimal() else {})
    return {"lost": {"dealstage": "closedlost"}, "open": {"dealstage": "appointmentscheduled"}}.get(to)


def _account(token: str, portal: Portal) -> dict[str, Any]:
    kinds = [(kind, [_shown(record) for record in portal.records[kind].values()]) for kind in OBJECT_TYPES]
    return {"name": _name(token), "kinds": kinds}


def _name(token: str) -> str:
    return token.removeprefix("pat-sandbox-")


def _shown(record: Record) -> dict[str, Any]:
    properties = dict(record.properties)
    if "hs_note_body" in properties:
        properties["hs_note_body"] = _text(properties["hs_note_body"])
    return {"id": record.id, "properties": properties, "associations": record.associations}


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _text(markup: str) -> str:
    parser = _TextOnly()
    parser.feed(markup)
    return " ".join(" ".join(parser.parts).split())
