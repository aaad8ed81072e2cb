"""What was written: for staff, and behind the lead's own link."""

from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, Request

from markezy.accounts.api import staff
from markezy.kernel import audit
from markezy.kernel.errors import NotFound, Problem
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads
from markezy.strategies import api
from markezy.strategies.links import holder
from markezy.strategies.model import PDF, StrategySummary
from markezy.strategies.wording import FALLBACK, language, words

blueprint = Blueprint("strategies")

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "pages"), autoescape=True, undefined=StrictUndefined
)
_PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
}


@blueprint.get("/api/v1/leads/<lead_id:uuid>/strategies")
@endpoint(staff("strategies.read"), audit="strategies.listed")
def list_strategies(call: Call, lead_id: UUID) -> Reply:
    """The lead's strategies with their deliveries, newest first."""
    leads.get_lead(call.connection, call.tenant_id, lead_id)
    found = api.of_lead(call.connection, call.tenant_id, lead_id)
    return Reply(200, {"items": [_strategy(one) for one in found], "next_cursor": None})


@blueprint.get("/api/v1/strategies/<strategy_id:uuid>")
@endpoint(staff("strategies.read"), audit="strategy.read")
def get_strategy(call: Call, strategy_id: UUID) -> Reply:
    """One strategy with its deliveries."""
    found = api.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    return Reply(200, _strategy(found))


@blueprint.get("/api/v1/strategies/<strategy_id:uuid>/pdf")
@endpoint(staff("strategies.read"), audit="strategy.document_read")
def get_pdf(call: Call, strategy_id: UUID) -> Reply:
    """The PDF, shown by the browser itself."""
    return _document(call, strategy_id)


def _explain(request: Request, problem: Problem) -> Reply:
    """A lead is no API client: they get a page, in their browser's language, and no hint what was wrong with the link."""
    if problem.status >= 500:
        return Reply.problem(problem)
    preferred = request.headers.get("accept-language", FALLBACK).split(",")[0].split(";")[0].strip()
    text = words(preferred)
    shown = language(preferred) if text is not words(FALLBACK) else FALLBACK
    page = _PAGES.get_template("gone.html.j2").render(words=text, language=shown)
    return Reply.html(page, 404, _PRIVATE)


@blueprint.get("/documents/<token:str>")
@endpoint(holder, _explain, audit=None)
def read_document(call: Call, token: str) -> Reply:
    """The lead's strategy behind their signed link. The token was checked by `holder`; it names the strategy."""
    return _document(call, UUID(call.principal.id))


def _document(call: Call, strategy_id: UUID) -> Reply:
    summary = api.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, summary.lead_id)
    if not summary.has_pdf:
        raise NotFound("There is no PDF of this strategy yet.")
    body = api.pdf(call.connection, call.tenant_id, strategy_id)
    file = Reply.file(body, PDF, f"{summary.title}.pdf")
    return Reply(file.status, file.body, {**file.headers, **_PRIVATE}, file.media_type)


def _strategy(summary: StrategySummary) -> dict[str, Any]:
    return {
        **vars(summary),
        "deliveries": [vars(one) for one in summary.deliveries],
        "outcomes": [one.as_json() for one in summary.outcomes],
    }
