"""What staff do with strategies on their way: review, compare with today, have another edition written, see where words came from."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel import audit
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads
from markezy.strategies import api
from markezy.strategies.model import PDF
from markezy.strategies.production.explaining import shown
from markezy.strategies.routes.parameters import author_of, reader_of

blueprint = Blueprint("strategies_production")

_BY_LANGUAGE = {"Vary": "Accept-Language"}


@blueprint.get("/api/v1/strategies/review")
@endpoint(staff("strategies.read"), audit="strategies.review_listed")
def review_queue(call: Call) -> Reply:
    """Strategies that wait for a decision, the longest waiting first, with what the check found in the reader's language."""
    found = api.review_queue(call.connection, call.tenant_id)
    return Reply(200, {"items": [_waiting(one, reader_of(call)) for one in found], "next_cursor": None}, _BY_LANGUAGE)


@blueprint.post("/api/v1/strategies/<strategy_id:uuid>/approve")
@endpoint(staff("strategies.write"), audit="strategy.approved")
def approve(call: Call, strategy_id: UUID) -> Reply:
    """Let a strategy that was held go to the lead as it is. It can't be taken back once it is sent."""
    api.approve(call.connection, call.tenant_id, strategy_id, author_of(call), call.correlation_id)
    return _decided(call, strategy_id)


@blueprint.post("/api/v1/strategies/<strategy_id:uuid>/discard")
@endpoint(staff("strategies.write"), audit="strategy.discarded")
def discard(call: Call, strategy_id: UUID) -> Reply:
    """Keep a strategy that was held from the lead for good; another edition may be asked for."""
    api.discard(call.connection, call.tenant_id, strategy_id, author_of(call), call.correlation_id)
    return _decided(call, strategy_id)


@blueprint.get("/api/v1/strategies/<strategy_id:uuid>/changes")
@endpoint(staff("strategies.read"), audit="strategy.changes_read")
def changes(call: Call, strategy_id: UUID) -> Reply:
    """Which answers and templates changed since, and what another edition would say differently, block by block."""
    found = api.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    return Reply(200, asdict(api.changes_since(call.connection, call.tenant_id, strategy_id)))


@blueprint.post("/api/v1/leads/<lead_id:uuid>/strategies")
@endpoint(staff("strategies.write"), audit="strategy.requested")
def produce(call: Call, lead_id: UUID) -> Reply:
    """Have the lead's next edition written from what they say today; refused while one is being made."""
    edition = api.ask_for_next(call.connection, call.tenant_id, lead_id, call.correlation_id)
    leads.tell_pages(call.services.redis, call.tenant_id, {lead_id})
    return Reply(202, {"lead_id": lead_id, "edition": edition})


@blueprint.get("/api/v1/strategies/<strategy_id:uuid>/briefing")
@endpoint(staff("strategies.read"), audit="strategy.briefing_read")
def briefing(call: Call, strategy_id: UUID) -> Reply:
    """The team's briefing as a PDF, shown by the browser itself. It is not for the lead."""
    found = api.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    body = api.briefing(call.connection, call.tenant_id, strategy_id)
    return Reply.file(body, PDF, f"{found.title} - briefing.pdf")


@blueprint.get("/api/v1/strategies/<strategy_id:uuid>/content")
@endpoint(staff("strategies.read"), audit="strategy.content_read")
def content(call: Call, strategy_id: UUID) -> Reply:
    """What was written, block by block, each with the template's version and the answers it came from."""
    explained = api.explained(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, explained.kept.strategy.lead_id)
    return Reply(200, explained.as_json(reader_of(call)), _BY_LANGUAGE)


def _decided(call: Call, strategy_id: UUID) -> Reply:
    found = api.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    leads.tell_pages(call.services.redis, call.tenant_id, {found.lead_id})
    return Reply(200, {"id": found.id, "lead_id": found.lead_id, "status": found.status}, about=found.lead_id)


def _waiting(one: api.Waiting, locale: str) -> dict[str, Any]:
    return {**vars(one), "findings": [shown(each, locale) for each in one.findings]}
