"""All SQL of leads' exports. The archive lies in a box of the lead's."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.privacy.model import LeadExport
from markezy.privacy.tables import lead_export

_BODY = "lead_export.body"
_EXPORT = tuple(lead_export.c[one.name] for one in fields(LeadExport) if one.name != "expires_at")
FORGOTTEN = "the lead was forgotten"


class OldExports:
    """Archives that were ready long ago: they are removed, and that there was one stays on record."""

    def count(self, connection: Connection, tenant_id: UUID, before: datetime) -> int:
        return connection.execute(
            select(func.count()).select_from(lead_export).where(*self._old(tenant_id, before))
        ).scalar_one()

    def remove(self, connection: Connection, tenant_id: UUID, before: datetime, limit: int) -> int:
        old = select(lead_export.c.id).where(*self._old(tenant_id, before)).limit(limit)
        return _empty(connection, tenant_id, lead_export.c.id.in_(old.with_for_update(skip_locked=True)))

    def _old(self, tenant_id: UUID, before: datetime) -> tuple[ColumnElement[bool], ...]:
        mine = lead_export.c.tenant_id == tenant_id
        return mine, lead_export.c.body.is_not(None), lead_export.c.ready_at < before


def add(connection: Connection, tenant_id: UUID, wanted: LeadExport) -> bool:
    """False when one of this lead is under way."""
    values = {column.name: getattr(wanted, column.name) for column in _EXPORT}
    statement = insert(lead_export).values(tenant_id=tenant_id, **values).on_conflict_do_nothing()
    return connection.execute(statement.returning(lead_export.c.id)).first() is not None


def find(connection: Connection, tenant_id: UUID, export_id: UUID, keep_days: int) -> LeadExport | None:
    """The export of that id."""
    query = select(*_EXPORT).where(lead_export.c.tenant_id == tenant_id, lead_export.c.id == export_id)
    return _first(connection, query, keep_days)


def latest(connection: Connection, tenant_id: UUID, lead_id: UUID, keep_days: int) -> LeadExport | None:
    """The lead's export that was asked for last."""
    query = select(*_EXPORT).where(lead_export.c.tenant_id == tenant_id, lead_export.c.lead_id == lead_id)
    return _first(connection, query.order_by(lead_export.c.requested_at.desc(), lead_export.c.id.desc()), keep_days)


def of_lead(connection: Connection, tenant_id: UUID, lead_id: UUID, keep_days: int) -> list[LeadExport]:
    """All exports of the lead, oldest first."""
    query = select(*_EXPORT).where(lead_export.c.tenant_id == tenant_id, lead_export.c.lead_id == lead_id)
    rows = connection.execute(query.order_by(lead_export.c.requested_at, lead_export.c.id))
    return [_read(row, keep_days) for row in rows]


def recent(connection: Connection, tenant_id: UUID, limit: int, keep_days: int) -> list[LeadExport]:
    """The agency's exports, the latest asked for first."""
    query = select(*_EXPORT).where(lead_export.c.tenant_id == tenant_id)
    query = query.order_by(lead_export.c.requested_at.desc(), lead_export.c.id.desc()).limit(limit)
    return [_read(row, keep_days) for row in connection.execute(query)]


def under_way(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID], since: datetime) -> set[UUID]:
    """Those of the leads of whom a copy is being made that was asked for since then."""
    query = select(lead_export.c.lead_id).where(
        lead_export.c.tenant_id == tenant_id,
        lead_export.c.lead_id.in_(lead_ids),
        lead_export.c.requested_at > since,
        lead_export.c.ready_at.is_(None),
        lead_export.c.failure.is_(None),
    )
    return set(connection.execute(query).scalars())


def keep(connection: Connection, tenant_id: UUID, export: LeadExport, archive: bytes) -> bool:
    """Seal the archive and keep it; False when the lead was forgotten meanwhile, or another try kept one."""
    keys = personal.keys_of_one(connection, tenant_id, export.lead_id)
    if keys is None:
        return False
    box = keys.seal(archive, personal.context(_BODY, tenant_id, export.id))
    kept = connection.execute(
        update(lead_export)
        .where(
            lead_export.c.tenant_id == tenant_id,
            lead_export.c.id == export.id,
            lead_export.c.ready_at.is_(None),
            lead_export.c.failure.is_(None),
        )
        .values(body=box, size=len(archive), ready_at=now())
    )
    return kept.rowcount == 1


def note_failed(connection: Connection, tenant_id: UUID, export_id: UUID, reason: str) -> None:
    """There will be none."""
    connection.execute(
        update(lead_export)
        .where(lead_export.c.tenant_id == tenant_id, lead_export.c.id == export_id, lead_export.c.ready_at.is_(None))
        .values(failure=reason)
    )


def archive(connection: Connection, tenant_id: UUID, export: LeadExport) -> bytes | None:
    """The archive; None when it was removed, or nobody can open it any more."""
    query = select(lead_export.c.body).where(lead_export.c.tenant_id == tenant_id, lead_export.c.id == export.id)
    box: bytes | None = connection.execute(query).scalar()
    keys = None if box is None else personal.keys_of_one(connection, tenant_id, export.lead_id)
    return None if box is None or keys is None else keys.open(box, personal.context(_BODY, tenant_id, export.id))


def empty_earlier(connection: Connection, tenant_id: UUID, lead_id: UUID) -> None:
    """Remove the lead's archives: a newer one takes their place."""
    _empty(connection, tenant_id, (lead_export.c.lead_id == lead_id) & lead_export.c.body.is_not(None))


def forget_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> int:
    """Remove the lead's archives and end what is under way; how many archives there were."""
    removed = _empty(connection, tenant_id, (lead_export.c.lead_id == lead_id) & lead_export.c.body.is_not(None))
    connection.execute(
        update(lead_export)
        .where(lead_export.c.tenant_id == tenant_id, lead_export.c.lead_id == lead_id, lead_export.c.ready_at.is_(None))
        .values(failure=func.coalesce(lead_export.c.failure, FORGOTTEN))
    )
    return removed


def _empty(connection: Connection, tenant_id: UUID, those: ColumnElement[bool]) -> int:
    removed_at = case((lead_export.c.removed_at.is_(None), now()), else_=lead_export.c.removed_at)
    emptied = connection.execute(
        update(lead_export).where(lead_export.c.tenant_id == tenant_id, those).values(body=None, removed_at=removed_at)
    )
    return emptied.rowcount


def _first(connection: Connection, query: Select[Any], keep_days: int) -> LeadExport | None:
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _read(row, keep_days)


def _read(row: Any, keep_days: int) -> LeadExport:
    found = LeadExport(*row)
    if found.ready_at is None:
        return found
    expires_at = found.ready_at + timedelta(days=keep_days)
    # Past its time it is gone for everybody, also until the daily run comes by.
    removed_at = found.removed_at or (expires_at if expires_at <= now() else None)
    return replace(found, expires_at=expires_at, removed_at=removed_at)
