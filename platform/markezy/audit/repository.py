"""The SQL of looking things up in the audit. Ids sort by time, so every list is a range of an index."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Text, cast, func, select

from markezy.audit.model import REFUSED, Filter, Found
from markezy.kernel.audit import audit_entry
from markezy.kernel.ids import lowest_id_at, time_of

_COLUMNS = tuple(
    audit_entry.c[name]
    for name in (
        "id", "actor_kind", "actor_id", "session_id", "action", "subject_kind", "subject_id", "lead_id", "filters", "status",
        "network", "program", "correlation_id",
    )
)  # fmt: skip


_PEOPLE = ("staff", "api_key")
"""Who looks at a lead; our own programs and operators see none."""


def entries(connection: Connection, tenant_id: UUID, wanted: Filter, before: UUID | None, limit: int) -> list[Found]:
    """Entries that fit, newest first, older than the one called `before`."""
    query = select(*_COLUMNS).where(audit_entry.c.tenant_id == tenant_id, *_conditions(wanted))
    if before is not None:
        query = query.where(audit_entry.c.id < before)
    return [_found(row) for row in connection.execute(query.order_by(audit_entry.c.id.desc()).limit(limit))]


def onlookers(connection: Connection, tenant_id: UUID, lead_id: UUID, limit: int) -> list[Row[Any]]:
    """Kind, id, count and last entry of those who had to do with the lead, the last ones first."""
    # PostgreSQL 15 has no max() of ids; their text sorts like them.
    last = func.max(cast(audit_entry.c.id, Text)).label("last")
    query = (
        select(audit_entry.c.actor_kind, audit_entry.c.actor_id, func.count().label("times"), last)
        .where(audit_entry.c.tenant_id == tenant_id, audit_entry.c.lead_id == lead_id, audit_entry.c.status < 400)
        .where(audit_entry.c.actor_kind.in_(_PEOPLE))
        .group_by(audit_entry.c.actor_kind, audit_entry.c.actor_id)
        .order_by(last.desc())
        .limit(limit)
    )
    return list(connection.execute(query))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    column = audit_entry.c
    found: list[ColumnElement[bool]] = []
    if wanted.actor is not None:
        found.append(column.actor_id == wanted.actor)
    if wanted.lead_id is not None:
        found.append(column.lead_id == wanted.lead_id)
    if wanted.action is not None:
        found.append(column.action == wanted.action)
    if wanted.since is not None:
        found.append(column.id >= lowest_id_at(wanted.since))
    if wanted.until is not None:
        found.append(column.id < lowest_id_at(wanted.until))
    if wanted.outcome is not None:
        found.append(column.status >= 400 if wanted.outcome == REFUSED else column.status < 400)
    return found


def _found(row: Row[Any]) -> Found:
    values = row._asdict()
    return Found(at=time_of(row.id), **{**values, "filters": tuple(values["filters"])})
