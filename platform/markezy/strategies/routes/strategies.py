"""What was written, for staff."""

from typing import Any
from uuid import UUID

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel import audit
from markezy.kernel.errors import NotFound
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads
from markezy.strategies import api
from markezy.strategies.model import StrategySummary
from markezy.strategies.routes.documents import private_file

blueprint = Blueprint("strategies")


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
    summary = api.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, summary.lead_id)
    if not summary.has_pdf:
        raise NotFound("There is no PDF of this strategy yet.")
    return private_file(api.pdf(call.connection, call.tenant_id, strategy_id), f"{summary.title}.pdf", inline=True)


def _strategy(summary: StrategySummary) -> dict[str, Any]:
    return {
        **vars(summary),
        "deliveries": [vars(one) for one in summary.deliveries],
        "outcomes": [one.as_json() for one in summary.outcomes],
    }
