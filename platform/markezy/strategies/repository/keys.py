"""What a strategy's boxes are opened with."""

from uuid import UUID

from sqlalchemy import Connection, select

from envelope.keys import Keys
from markezy.kernel import personal
from markezy.strategies.tables import strategy


def keys_of_strategy(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> Keys | None:
    """The keys of the strategy's lead; None once they were erased."""
    whose = select(strategy.c.lead_id).where(strategy.c.tenant_id == tenant_id, strategy.c.id == strategy_id)
    return personal.keys_of_one(connection, tenant_id, connection.execute(whose).scalar_one())
