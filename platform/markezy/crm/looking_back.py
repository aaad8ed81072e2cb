"""Looking back: when each connection is read for what became of our deals, how much of it at a time, and how that went.

A look keeps its place in the deals after it has told what is new of them, and each thing is told in a transaction that also keeps that it
was told (telling.py). So a look that is killed anywhere loses nothing and tells nothing twice (docs/decisions/0026).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from markezy.crm import look_back_repository as repository
from markezy.crm.model import Closed, CrmClient, CrmError, CrmRefused, DealNow
from markezy.crm.telling import Teller
from markezy.kernel import outbox
from markezy.kernel.db import Database
from markezy.kernel.logging import get_logger

log = get_logger(__name__)

TASK = "crm.look_back"
_PAGES = 10
"""Calls in one look: an agency's daily quota at its CRM is spent in the same small pieces however many deals it has."""
_SHORTEST_REST, _LONGEST_REST = timedelta(minutes=1), timedelta(hours=6)
"""After the first failure, and after many in a row."""
_REFUSED_REST = timedelta(hours=1)
"""Somebody has to change something at the CRM; this is how soon it is noticed that they did."""
_TENANTS = text("SELECT tenant_ids()")


@dataclass(frozen=True)
class Look:
    """What a look has seen, behind which deal the rest begins (empty: at the first one again), and what kept it from going on."""

    after_deal: str = ""
    deals: int = 0
    missing: int = 0
    outcomes: int = 0
    trouble: CrmError | None = None


def begin_all(database: Database, at: datetime) -> None:
    """Have every agency's connections looked back over that are due; one that fails is logged and does not stop the others."""
    with database.unscoped() as connection:
        tenants = connection.execute(_TENANTS).scalars().all()
    for tenant_id in tenants:
        try:
            with database.transaction(tenant_id) as connection:
                for connection_id in repository.due(connection, tenant_id, at):
                    ask(connection, tenant_id, connection_id, str(uuid4()))
        except Exception:
            log.exception("crm.look_back_not_begun", tenant_id=str(tenant_id))


def ask(connection: Connection, tenant_id: UUID, connection_id: UUID, correlation_id: str) -> None:
    """Have the connection looked back over soon. Asked again before that, it is done once."""
    payload = {"connection_id": str(connection_id)}
    if not outbox.is_waiting(connection, tenant_id, TASK, payload):
        outbox.enqueue(connection, tenant_id, TASK, payload, correlation_id)


def look(teller: Teller, client: CrmClient) -> Look:
    """Read the next deals and tell what is new. No transaction is open while the CRM is asked; its trouble is part of the answer."""
    with teller.transaction() as connection:
        seen = Look(repository.place(connection, teller.tenant_id, teller.connection_id).after_deal)
    home = cache(client.home_currency)

    def paid(deal: DealNow) -> DealNow:
        if deal.closed is not Closed.WON or deal.amount is None or deal.currency is not None:
            return deal
        return replace(deal, currency=home())

    try:
        for _ in range(_PAGES):
            after_deal, known = teller.next_deals(seen.after_deal)
            deals = [paid(one) for one in client.read_deals(list(known))] if known else []
            outcomes = sum(teller.tell(one, known[one.id]) for one in teller.new_of(deals, known))
            seen = Look(
                after_deal,
                seen.deals + len(known),
                seen.missing + len(known) - len(deals),
                seen.outcomes + outcomes,
            )
            with teller.transaction() as connection:
                repository.put(connection, teller.tenant_id, teller.connection_id, after_deal=after_deal)
            if not after_deal:
                break
    except CrmError as trouble:
        return replace(seen, trouble=trouble)
    return seen


def end(
    connection: Connection, tenant_id: UUID, connection_id: UUID, seen: Look, at: datetime, interval: timedelta
) -> None:
    """Keep how the look went, and when the next one is due: later after each failure in a row, and not before the CRM wants it."""
    if seen.trouble is None:
        repository.put(
            connection, tenant_id, connection_id,
            due_at=at + interval, looked_at=at, deals=seen.deals, missing=seen.missing, outcomes=seen.outcomes,
            failures=0, failed_at=None, last_error=None, refused=False,
        )  # fmt: skip
        return
    failures = repository.place(connection, tenant_id, connection_id).failures + 1
    refused = isinstance(seen.trouble, CrmRefused)
    rest = _REFUSED_REST if refused else min(_SHORTEST_REST * 2 ** min(failures - 1, 10), _LONGEST_REST)
    wanted = timedelta(seconds=seen.trouble.retry_after or 0)
    repository.put(
        connection, tenant_id, connection_id,
        due_at=at + max(rest, wanted), failures=failures, failed_at=at, last_error=str(seen.trouble), refused=refused,
    )  # fmt: skip
    log.warning("crm.look_back_failed", connection_id=str(connection_id), failures=failures, reason=str(seen.trouble))
