"""Which plan an agency has."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, DateTime, Table, Text, Uuid, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert

from fairuse.plans import Plan, UnknownPlan, plans
from markezy.kernel.clock import now
from markezy.kernel.db import Database, metadata
from markezy.kernel.errors import Invalid
from markezy.kernel.logging import get_logger

log = get_logger(__name__)

tenant_plan = Table(
    "tenant_plan",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("overrides", JSONB, nullable=False, server_default=text("'{}'")),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

FRESH_SECONDS = 30.0
"""How long a process may still go by an agency's former plan."""


def plan_of(connection: Connection, tenant_id: UUID) -> Plan:
    """The agency's plan with its own figures; the default plan when none was given to it."""
    row = connection.execute(
        select(tenant_plan.c.plan, tenant_plan.c.overrides).where(tenant_plan.c.tenant_id == tenant_id)
    ).one_or_none()
    if row is None:
        return plans().plan(None)
    try:
        return plans().plan(row.plan, row.overrides)
    except UnknownPlan as error:
        # A plan that a newer release renamed must not lock its agencies out.
        log.error("limits.plan_unreadable", tenant_id=str(tenant_id), reason=str(error))
        return plans().plan(None)


def give_plan(connection: Connection, tenant_id: UUID, name: str, overrides: Mapping[str, Any]) -> Plan:
    """Put the agency on a plan with these figures of its own; Invalid says what is wrong with them."""
    try:
        plan = plans().plan(name, overrides)
    except UnknownPlan as error:
        raise Invalid(str(error)) from None
    given = {"plan": name, "overrides": dict(overrides), "changed_at": now()}
    statement = insert(tenant_plan).values(tenant_id=tenant_id, **given)
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id"], set_=given))
    return plan


class PlanBook:
    """The plans of the agencies this process serves, each read again after `FRESH_SECONDS`. Safe between threads."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[UUID, tuple[float, Plan]] = {}

    def plan(self, tenant_id: UUID) -> Plan:
        """The agency's plan, at most `FRESH_SECONDS` old."""
        read_at, plan = self._known.get(tenant_id, (0.0, None))
        if plan is None or self._clock() - read_at > FRESH_SECONDS:
            with self._database.transaction(tenant_id) as connection:
                plan = plan_of(connection, tenant_id)
            self._known[tenant_id] = (self._clock(), plan)
        return plan
