"""The lead's own way in: their strategy behind the signed link, as a page and as PDF."""

from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, Request

from markezy.kernel import audit
from markezy.kernel.errors import NotFound, Problem
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies import api, repository
from markezy.strategies.delivery import opening
from markezy.strategies.delivery.links import holder, pdf_url
from markezy.strategies.model import PDF, OutcomeKind, Strategy, StrategyStatus, StrategySummary
from markezy.strategies.rendering import web
from markezy.strategies.rendering.occasion import Occasion
from markezy.strategies.wording import FALLBACK, Words, language, words
from markezy.strategies.writing import case as cases
from markezy.strategies.writing import document_json

blueprint = Blueprint("strategies_documents")

PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of everything that stands behind a lead's link."""

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "pages"), autoescape=True, undefined=StrictUndefined
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def notice(request: Request, page: str, status: int, **said: object) -> Reply:
    """A short page in the reader's language."""
    shown, text = spoken(request)
    html = _PAGES.get_template(page).render(words=text, language=shown, **said)
    return Reply.html(html, status, {**PRIVATE, "Content-Security-Policy": _POLICY})


def spoken(request: Request) -> tuple[str, Words]:
    """The language the reader's browser asks for, if it is one of ours, and its words."""
    preferred = request.headers.get("accept-language", FALLBACK).split(",")[0].split(";")[0].strip()
    text = words(preferred)
    return language(preferred) if text is not words(FALLBACK) else FALLBACK, text


def explain(request: Request, problem: Problem) -> Reply:
    """A lead is no API client: they get a page, and no hint what was wrong with the link."""
    return Reply.problem(problem) if problem.status >= 500 else notice(request, "gone.html.j2", 404)


@blueprint.head("/documents/<token:str>", name="ask_document")
@blueprint.get("/documents/<token:str>")
@endpoint(holder, explain, audit=None)
def read_document(call: Call, token: str) -> Reply:
    """The lead's strategy as a page; one from before there were pages as PDF. `holder` checked the token, which names the strategy."""
    summary = _ready(call)
    found = repository.find_strategy(call.connection, call.tenant_id, summary.id)
    reply = _page(call, token, found) if found is not None and found.document is not None else _pdf(call, summary, True)
    _note(call, summary, OutcomeKind.OPENED)
    return reply


@blueprint.head("/documents/<token:str>/pdf", name="ask_download")
@blueprint.get("/documents/<token:str>/pdf")
@endpoint(holder, explain, audit=None)
def download_document(call: Call, token: str) -> Reply:
    """The PDF, to keep."""
    summary = _ready(call)
    reply = _pdf(call, summary, False)
    _note(call, summary, OutcomeKind.DOWNLOADED)
    return reply


def _ready(call: Call) -> StrategySummary:
    """The strategy, if it went out. NotFound for one that is being made, is held or was set aside."""
    summary = api.get_strategy(call.connection, call.tenant_id, UUID(call.principal.id))
    audit.lead_is(call.connection, summary.lead_id)
    if summary.status != StrategyStatus.RENDERED or not summary.has_pdf:
        raise NotFound("There is no such strategy.")
    return summary


def _page(call: Call, token: str, strategy: Strategy) -> Reply:
    occasion = Occasion.of(cases.from_json(strategy.inputs), strategy.created_at)
    made = web.page(document_json.from_json(strategy.document), occasion, pdf_url(call.settings, token))
    return Reply.html(made.html, 200, {**PRIVATE, "Content-Security-Policy": made.policy})


def _pdf(call: Call, summary: StrategySummary, inline: bool) -> Reply:
    return private_file(api.pdf(call.connection, call.tenant_id, summary.id), f"{summary.title}.pdf", inline)


def private_file(body: bytes, name: str, inline: bool) -> Reply:
    """A PDF that nobody keeps on the way."""
    file = Reply.file(body, PDF, name, inline)
    headers: dict[str, Any] = {**file.headers, **PRIVATE}
    return Reply(file.status, file.body, headers, file.media_type)


def _note(call: Call, summary: StrategySummary, kind: OutcomeKind) -> None:
    if opening.is_a_persons(call.request.method, call.request.headers):
        opening.note(call.connection, call.tenant_id, summary, kind, call.correlation_id)
