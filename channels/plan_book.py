"""Which plan an agency has, and how much of it is used: each read again now and then."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from bot.log import log
from channels.database import Connection, transaction
from channels.problem import InsufficientStorage, Unavailable
from fairuse.plans import Plan, UnknownPlan, plans

Figure = TypeVar("Figure")

FRESH_SECONDS = 30.0
"""How long a process may still go by an agency's former plan or use."""

_LEADS_THIS_MONTH = """
    SELECT count(*) AS figure FROM lead
    WHERE tenant_id = %s AND state = 'qualified' AND completed_at >= date_trunc('month', now())
      AND started_at >= date_trunc('month', now()) - interval '31 days'
"""
_BYTES_KEPT = "SELECT coalesce(sum(size), 0) AS figure FROM upload WHERE tenant_id = %s"


class _Shelf(Generic[Figure]):
    """What was read of each agency, for as long as it is fresh."""

    def __init__(self, read: Callable[[Connection, str], Awaitable[Figure]]) -> None:
        self._read = read
        self._known: dict[str, tuple[float, Figure]] = {}

    async def of(self, tenant_id: str) -> Figure:
        """The agency's figure, at most `FRESH_SECONDS` old."""
        known = self._known.get(tenant_id)
        if known is None or time.monotonic() - known[0] > FRESH_SECONDS:
            async with transaction(tenant_id) as connection:
                known = (time.monotonic(), await self._read(connection, tenant_id))
            self._known[tenant_id] = known
        return known[1]

    def forget(self) -> None:
        self._known.clear()


async def plan_of(tenant_id: str) -> Plan:
    """The agency's plan with its own figures; the default plan when none was given to it."""
    return await _plans.of(tenant_id)


async def require_room_for_leads(tenant_id: str) -> None:
    """Unavailable when the agency's plan has no leads left this month."""
    most = (await plan_of(tenant_id)).leads_per_month
    if most is not None and await _leads.of(tenant_id) >= most:
        log().warning("limits.leads_used_up", tenant_id=tenant_id)
        raise Unavailable("This agency can't take new conversations just now. Please come back later.", 3600)


async def require_room_for_files(tenant_id: str, size: int) -> None:
    """InsufficientStorage when `size` more bytes don't fit into the agency's plan."""
    most = (await plan_of(tenant_id)).storage_megabytes
    if most is not None and await _bytes.of(tenant_id) + size > most * 1_000_000:
        log().warning("limits.storage_used_up", tenant_id=tenant_id)
        raise InsufficientStorage(
            "This agency can't take files just now. Please tell it in words, or send the file later."
        )


def forget() -> None:
    """Read everything anew at its next use."""
    for shelf in (_plans, _leads, _bytes):
        shelf.forget()


async def _read_plan(connection: Connection, tenant_id: str) -> Plan:
    cursor = await connection.execute("SELECT plan, overrides FROM tenant_plan WHERE tenant_id = %s", (tenant_id,))
    row = await cursor.fetchone()
    try:
        return plans().plan(row["plan"], row["overrides"]) if row else plans().plan(None)
    except UnknownPlan as error:
        # A plan that a newer release renamed must not lock its agencies out.
        log().error("limits.plan_unreadable", tenant_id=tenant_id, reason=str(error))
        return plans().plan(None)


def _figure(statement: str) -> Callable[[Connection, str], Awaitable[int]]:
    async def read(connection: Connection, tenant_id: str) -> int:
        row: Any = await (await connection.execute(statement, (tenant_id,))).fetchone()
        return int(row["figure"])

    return read


_plans = _Shelf(_read_plan)
_leads = _Shelf(_figure(_LEADS_THIS_MONTH))
_bytes = _Shelf(_figure(_BYTES_KEPT))
