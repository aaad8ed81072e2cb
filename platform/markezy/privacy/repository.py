"""All SQL of the privacy domain."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.privacy.model import Erasure
from markezy.privacy.tables import erasure

_ERASURE = tuple(erasure.c[one.name] for one in fields(Erasure))


def add(connection: Connection, tenant_id: UUID, wanted: Erasure) -> bool:
    """False when this lead's erasure was asked for before."""
    values = {"tenant_id": tenant_id, **vars(wanted)}
    statement = insert(erasure).values(values).on_conflict_do_nothing().returning(erasure.c.lead_id)
    return connection.execute(statement).first() is not None


def find(connection: Connection, tenant_id: UUID, lead_id: UUID) -> Erasure | None:
    """The lead's erasure, if it was asked for."""
    query = select(*_ERASURE).where(erasure.c.tenant_id == tenant_id, erasure.c.lead_id == lead_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Erasure(*row)


def change(connection: Connection, tenant_id: UUID, lead_id: UUID, **values: Any) -> None:
    connection.execute(
        update(erasure).where(erasure.c.tenant_id == tenant_id, erasure.c.lead_id == lead_id).values(**values)
    )


def recent(connection: Connection, tenant_id: UUID, limit: int) -> list[Erasure]:
    """The agency's erasures, the latest asked for first."""
    query = select(*_ERASURE).where(erasure.c.tenant_id == tenant_id)
    query = query.order_by(erasure.c.requested_at.desc(), erasure.c.lead_id.desc()).limit(limit)
    return [Erasure(*row) for row in connection.execute(query)]
