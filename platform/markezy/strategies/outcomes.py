"""What became of a strategy: told by the lead's own doing, by staff or by the CRM; kept, and written into the lead's stream."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from re import fullmatch
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.events import NewEvent, append
from markezy.strategies import repository
from markezy.strategies.model import Outcome, OutcomeKind, OutcomeSource

RECORDED = "strategy.outcome_recorded"
_LARGEST_AMOUNT = Decimal(10) ** 12 - 1
_SKEW = timedelta(minutes=5)
_OPPOSITES = {OutcomeKind.WON: OutcomeKind.LOST, OutcomeKind.LOST: OutcomeKind.WON}


def record_outcome(
    connection: Connection,
    tenant_id: UUID,
    strategy_id: UUID,
    kind: OutcomeKind,
    source: OutcomeSource,
    correlation_id: str,
    *,
    amount: Decimal | None = None,
    currency: str | None = None,
    at: datetime | None = None,
    actor: str = "platform",
) -> bool:
    """Keep what became of the strategy; False when that was known. The same again changes nothing and is no second event.

    What happened once keeps its first time. Of `won` and `lost` the one told last stands, and `won` takes a new amount. NotFound when
    there is no such strategy, Conflict when its lead was forgotten, Invalid for an amount that is none or a time to come.
    """
    told = _checked(Outcome(kind, at or now(), source, amount, currency))
    lead_id = repository.lead_of(connection, tenant_id, strategy_id)
    if lead_id is None:
        raise NotFound("There is no such strategy.")
    if personal.keys_of_one(connection, tenant_id, lead_id) is None:
        raise Conflict("This lead was forgotten; nothing more is kept of them.")
    known = {one.kind: one for one in repository.outcomes_of(connection, tenant_id, [strategy_id])[strategy_id]}
    before = known.get(kind)
    if before is not None:
        if told.amount is None or (told.amount, told.currency) == (before.amount, before.currency):
            return False
        told = replace(told, at=before.at)
    opposite = _OPPOSITES.get(kind)
    if opposite is not None and opposite in known:
        repository.remove_outcome(connection, tenant_id, strategy_id, opposite)
    repository.put_outcome(connection, tenant_id, strategy_id, told)
    happened = {
        "strategy_id": str(strategy_id),
        "outcome": kind.value,
        "source": source.value,
        "at": told.at.isoformat(),
    }
    paid = {} if told.amount is None else {"amount": str(told.amount), "currency": told.currency}
    append(
        connection, tenant_id, "lead", lead_id, None, [NewEvent(RECORDED, {**happened, **paid}, actor)], correlation_id
    )
    return True


def _checked(told: Outcome) -> Outcome:
    if told.at.tzinfo is None or told.at > now() + _SKEW:
        raise Invalid("An outcome has a time with an offset, and it is not to come.")
    if (told.amount is None) != (told.currency is None):
        raise Invalid("An amount needs a currency, and a currency an amount.")
    if told.amount is None:
        return told
    if told.kind != OutcomeKind.WON:
        raise Invalid("Only what was won has an amount.")
    if not told.amount.is_finite() or not 0 <= told.amount <= _LARGEST_AMOUNT:
        raise Invalid("An amount is not negative and has at most twelve digits before the point.")
    if not fullmatch("[A-Z]{3}", told.currency or ""):
        raise Invalid("A currency is written as its three letters, like EUR.")
    return replace(told, amount=told.amount.quantize(Decimal("0.01")))
