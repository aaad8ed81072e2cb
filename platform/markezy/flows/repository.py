"""All SQL on flows. Every function names the tenant, although row-level security would hide the others."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from markezy.flows.model import FlowSummary, FlowVersion
from markezy.flows.tables import flow, flow_version
from markezy.kernel.ids import new_id

_VERSION = (
    flow_version.c.id,
    flow_version.c.flow_id,
    flow_version.c.number,
    flow_version.c.definition,
    flow_version.c.created_at,
)


def upsert_flow(connection: Connection, tenant_id: UUID, slug: str, name: str) -> UUID:
    """The flow of that slug, created if need be and renamed. Its row stays locked, so that versions are numbered in turn."""
    statement = insert(flow).values(tenant_id=tenant_id, id=new_id(), slug=slug, name=name)
    statement = statement.on_conflict_do_update(
        index_elements=[flow.c.tenant_id, flow.c.slug], set_={"name": statement.excluded.name}
    )
    flow_id: UUID = connection.execute(statement.returning(flow.c.id)).scalar_one()
    return flow_id


def insert_version(connection: Connection, tenant_id: UUID, flow_id: UUID, definition: dict[str, Any]) -> FlowVersion:
    """The flow's next version."""
    number = connection.execute(
        select(func.coalesce(func.max(flow_version.c.number), 0) + 1).where(
            flow_version.c.tenant_id == tenant_id, flow_version.c.flow_id == flow_id
        )
    ).scalar_one()
    statement = insert(flow_version).values(
        tenant_id=tenant_id, id=new_id(), flow_id=flow_id, number=number, definition=definition
    )
    return FlowVersion(**connection.execute(statement.returning(*_VERSION)).one()._mapping)


def set_published(connection: Connection, tenant_id: UUID, flow_id: UUID, version_id: UUID) -> None:
    """New conversations get this version from now on."""
    connection.execute(
        update(flow).where(flow.c.tenant_id == tenant_id, flow.c.id == flow_id).values(published_version_id=version_id)
    )


def find_version(connection: Connection, tenant_id: UUID, version_id: UUID) -> FlowVersion | None:
    statement = select(*_VERSION).where(flow_version.c.tenant_id == tenant_id, flow_version.c.id == version_id)
    row = connection.execute(statement).one_or_none()
    return FlowVersion(**row._mapping) if row else None


def find_published(connection: Connection, tenant_id: UUID, slug: str) -> FlowVersion | None:
    statement = (
        select(*_VERSION)
        .join(flow, (flow.c.tenant_id == flow_version.c.tenant_id) & (flow.c.published_version_id == flow_version.c.id))
        .where(flow.c.tenant_id == tenant_id, flow.c.slug == slug)
    )
    row = connection.execute(statement).one_or_none()
    return FlowVersion(**row._mapping) if row else None


def list_flows(
    connection: Connection, tenant_id: UUID, after: tuple[str, UUID] | None, limit: int
) -> list[FlowSummary]:
    """Flows by slug, behind the given (slug, id)."""
    statement = (
        select(
            flow.c.id,
            flow.c.slug,
            flow.c.name,
            flow.c.published_version_id,
            flow_version.c.number,
            flow_version.c.created_at.label("published_at"),
            flow.c.created_at,
        )
        .outerjoin(
            flow_version,
            (flow.c.tenant_id == flow_version.c.tenant_id) & (flow.c.published_version_id == flow_version.c.id),
        )
        .where(flow.c.tenant_id == tenant_id)
        .order_by(flow.c.slug, flow.c.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(flow.c.slug, flow.c.id) > tuple_(*after))
    return [FlowSummary(**row._mapping) for row in connection.execute(statement)]
