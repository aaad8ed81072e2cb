"""What the sandbox CRM holds, for people."""

from html.parser import HTMLParser
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import html, json

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


def _account(token: str, portal: Portal) -> dict[str, Any]:
    kinds = [(kind, [_shown(record) for record in portal.records[kind].values()]) for kind in OBJECT_TYPES]
    return {"name": token.removeprefix("pat-sandbox-"), "kinds": kinds}


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
