"""Out of an agency's mail by the link in it."""

from sqlalchemy import Connection

from markezy.kernel import personal
from markezy.kernel.events import NewEvent, append
from markezy.strategies import repository
from markezy.strategies.delivery.links import Leaving
from markezy.strategies.delivery.suppression import Reason, suppress

_UNSUBSCRIBED = "strategy.email_unsubscribed"


def leave(connection: Connection, leaving: Leaving, correlation_id: str) -> None:
    """Nothing more is sent to the address; again, nothing happens. It holds when the lead was forgotten meanwhile, too."""
    if not suppress(connection, leaving.tenant_id, leaving.address_index, Reason.UNSUBSCRIBED):
        return
    lead_id = repository.lead_of(connection, leaving.tenant_id, leaving.strategy_id)
    if lead_id is None or personal.keys_of_one(connection, leaving.tenant_id, lead_id) is None:
        return
    happened = NewEvent(_UNSUBSCRIBED, {"strategy_id": str(leaving.strategy_id)}, "visitor")
    append(connection, leaving.tenant_id, "lead", lead_id, None, [happened], correlation_id)
