"""What happened to a strategy, in its lead's stream."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Conflict
from markezy.kernel.events import NewEvent, append
from markezy.kernel.task import PermanentFailure, TaskCall
from markezy.strategies.production.standing import Step

_WRITERS_AT_ONCE = 10
"""More than ever append to one lead's stream together, so that each finds its turn."""


def note(
    call: TaskCall, connection: Connection, lead_id: UUID, event_type: str, strategy_id: UUID | None, **more: str
) -> None:
    """Append to the lead's stream. Chat, e-mail and CRM do so at the same moment; to fail then would send an e-mail twice."""
    which = {} if strategy_id is None else {"strategy_id": str(strategy_id)}
    event = NewEvent(event_type, {**which, **more})
    for remaining in reversed(range(_WRITERS_AT_ONCE)):
        try:
            append(connection, call.tenant_id, "lead", lead_id, None, [event], call.correlation_id)
            return
        except Conflict:
            if not remaining:
                raise


def give_up(call: TaskCall, lead_id: UUID, strategy_id: UUID | None, step: Step, reason: str) -> PermanentFailure:
    """Note that there is no strategy for now, and why; raise what this gives. The reason holds no personal data."""
    with call.transaction() as connection:
        note(call, connection, lead_id, "strategy.failed", strategy_id, step=step.value, reason=reason)
    return PermanentFailure(reason)
