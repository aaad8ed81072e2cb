"""All SQL on drafts."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.flows.model import Draft
from markezy.flows.tables import flow, flow_draft


def find_draft(connection: Connection, tenant_id: UUID, slug: str) -> Draft | None:
    statement = (
        select(
            flow_draft.c.flow_id,
            flow.c.slug,
            flow.c.name,
            flow_draft.c.definition,
            flow_draft.c.revision,
            flow_draft.c.updated_at,
            flow_draft.c.updated_by,
        )
        .join(flow, (flow.c.tenant_id == flow_draft.c.tenant_id) & (flow.c.id == flow_draft.c.flow_id))
        .where(flow.c.tenant_id == tenant_id, flow.c.slug == slug)
    )
    row = connection.execute(statement).one_or_none()
    return Draft(**row._mapping) if row else None


def put_draft(
    connection: Connection, tenant_id: UUID, flow_id: UUID, definition: dict[str, Any], by: UUID | None
) -> None:
    """The flow's draft from now on, under the next revision. The flow must be locked."""
    revision = connection.execute(
        update(flow)
        .where(flow.c.tenant_id == tenant_id, flow.c.id == flow_id)
        .values(draft_revision=flow.c.draft_revision + 1)
        .returning(flow.c.draft_revision)
    ).scalar_one()
    statement = insert(flow_draft).values(
        tenant_id=tenant_id, flow_id=flow_id, definition=definition, revision=revision, updated_by=by,
        updated_at=func.clock_timestamp(),
    )  # fmt: skip
    changed = {name: statement.excluded[name] for name in ("definition", "revision", "updated_by", "updated_at")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[flow_draft.c.tenant_id, flow_draft.c.flow_id], set_=changed)
    )


def delete_draft(connection: Connection, tenant_id: UUID, flow_id: UUID) -> None:
    connection.execute(delete(flow_draft).where(flow_draft.c.tenant_id == tenant_id, flow_draft.c.flow_id == flow_id))
