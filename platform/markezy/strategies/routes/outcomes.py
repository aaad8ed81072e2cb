"""What became of a strategy, told by staff or by a program of theirs, such as their CRM."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel import audit
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies import api
from markezy.strategies.routes.parameters import Body, author_of

blueprint = Blueprint("strategies_outcomes")


class OutcomeBody(Body):
    """What became of the strategy, and when (now, unless `at` says). Only `won` may have an `amount`, in a `currency`."""

    kind: Literal["meeting_booked", "won", "lost"]
    amount: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    at: datetime | None = None


@blueprint.post("/api/v1/strategies/<strategy_id:uuid>/outcomes")
@endpoint(staff("strategies.write"), audit="strategy.outcome_recorded")
def record(call: Call, strategy_id: UUID) -> Reply:
    """Keep what became of a strategy. The same again changes nothing; of `won` and `lost` the one told last stands."""
    told = call.json(OutcomeBody)
    source = api.OutcomeSource.STAFF if call.principal.kind == "staff" else api.OutcomeSource.CRM
    api.record_outcome(
        call.connection, call.tenant_id, strategy_id, api.OutcomeKind(told.kind), source, call.correlation_id,
        amount=told.amount, currency=told.currency, at=told.at, actor=author_of(call),
    )  # fmt: skip
    found = api.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    return Reply(200, {"items": [one.as_json() for one in found.outcomes]}, about=found.lead_id)
