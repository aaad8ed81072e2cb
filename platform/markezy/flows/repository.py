"""All SQL on flows and versions. Every function names the tenant, although row-level security would hide the others."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from markezy.flows.model import FlowSummary, FlowVersion, VersionName, VersionSummary
from markezy.flows.tables import flow, flow_draft, flow_publication, flow_version
from markezy.kernel.ids import new_id

_VERSION = (
    flow_version.c.id,
    flow_version.c.flow_id,
    flow_version.c.number,
    flow_version.c.definition,
    flow_version.c.created_at,
    flow_version.c.note,
    flow_version.c.created_by,
)


def lock_flow(connection: Connection, tenant_id: UUID, slug: str, name: str) -> UUID:
    """The flow of that slug, created under `name` if need be. Its row stays locked, so that drafts and versions are
    numbered in turn."""
    statement = insert(flow).values(tenant_id=tenant_id, id=new_id(), slug=slug, name=name)
    statement = statement.on_conflict_do_update(
        index_elements=[flow.c.tenant_id, flow.c.slug], set_={"slug": statement.excluded.slug}
    )
    flow_id: UUID = connection.execute(statement.returning(flow.c.id)).scalar_one()
    return flow_id


def lock_known_flow(connection: Connection, tenant_id: UUID, slug: str) -> UUID | None:
    """The same for a flow that has to be there."""
    statement = select(flow.c.id).where(flow.c.tenant_id == tenant_id, flow.c.slug == slug).with_for_update()
    flow_id: UUID | None = connection.execute(statement).scalar_one_or_none()
    return flow_id


def rename_flow(connection: Connection, tenant_id: UUID, flow_id: UUID, name: str) -> None:
    connection.execute(update(flow).where(flow.c.tenant_id == tenant_id, flow.c.id == flow_id).values(name=name))


def insert_version(
    connection: Connection, tenant_id: UUID, flow_id: UUID, definition: dict[str, Any], note: str, by: UUID | None
) -> FlowVersion:
    """The flow's next version."""
    number = connection.execute(
        select(func.coalesce(func.max(flow_version.c.number), 0) + 1).where(
            flow_version.c.tenant_id == tenant_id, flow_version.c.flow_id == flow_id
        )
    ).scalar_one()
    statement = insert(flow_version).values(
        tenant_id=tenant_id, id=new_id(), flow_id=flow_id, number=number, definition=definition, note=note,
        created_by=by,
    )  # fmt: skip
    return FlowVersion(**connection.execute(statement.returning(*_VERSION)).one()._mapping)


def set_published(connection: Connection, tenant_id: UUID, flow_id: UUID, version_id: UUID, by: UUID | None) -> None:
    """New conversations get this version from now on. The flow must be locked: the history's order is the clock's."""
    connection.execute(
        update(flow).where(flow.c.tenant_id == tenant_id, flow.c.id == flow_id).values(published_version_id=version_id)
    )
    connection.execute(
        insert(flow_publication).values(
            tenant_id=tenant_id, id=new_id(), flow_id=flow_id, version_id=version_id, published_by=by,
            # Not the transaction's time: that of one that had to wait for the lock is older than what it waited for.
            published_at=func.clock_timestamp(),
        )
    )  # fmt: skip


def published_beside(connection: Connection, tenant_id: UUID, version_id: UUID) -> UUID | None:
    """The published version of the flow this version belongs to."""
    query = (
        select(flow.c.published_version_id)
        .join(flow_version, (flow_version.c.tenant_id == flow.c.tenant_id) & (flow_version.c.flow_id == flow.c.id))
        .where(flow_version.c.tenant_id == tenant_id, flow_version.c.id == version_id)
    )
    found: UUID | None = connection.execute(query).scalar_one_or_none()
    return found


def set_default(connection: Connection, tenant_id: UUID, flow_id: UUID) -> None:
    """Visitors whose page names no flow get this one from now on. Not the transaction's time: the later choice counts."""
    of_flow = (flow.c.tenant_id == tenant_id) & (flow.c.id == flow_id)
    connection.execute(update(flow).where(of_flow).values(default_since=func.clock_timestamp()))


def replaced_by(connection: Connection, tenant_id: UUID, flow_id: UUID, version_id: UUID) -> FlowVersion | None:
    """The version that was published until this one came for the first time."""
    history = (flow_publication.c.tenant_id == tenant_id) & (flow_publication.c.flow_id == flow_id)
    first = (
        select(flow_publication.c.published_at, flow_publication.c.id)
        .where(history, flow_publication.c.version_id == version_id)
        .order_by(flow_publication.c.published_at, flow_publication.c.id)
        .limit(1)
        .subquery()
    )
    place = tuple_(flow_publication.c.published_at, flow_publication.c.id)
    statement = (
        select(*_VERSION)
        .select_from(flow_publication)
        .join(first, place < tuple_(first.c.published_at, first.c.id))
        .join(
            flow_version,
            (flow_version.c.tenant_id == flow_publication.c.tenant_id)
            & (flow_version.c.id == flow_publication.c.version_id),
        )
        .where(history)
        .order_by(flow_publication.c.published_at.desc(), flow_publication.c.id.desc())
        .limit(1)
    )
    return _version(connection, statement)


def find_version(connection: Connection, tenant_id: UUID, version_id: UUID) -> FlowVersion | None:
    return _version(connection, _versions(tenant_id).where(flow_version.c.id == version_id))


def find_numbered(connection: Connection, tenant_id: UUID, slug: str, number: int) -> FlowVersion | None:
    return _version(connection, _versions_of(tenant_id, slug).where(flow_version.c.number == number))


def find_same(connection: Connection, tenant_id: UUID, slug: str, definition: dict[str, Any]) -> FlowVersion | None:
    """The latest version of the flow with this very definition."""
    statement = _versions_of(tenant_id, slug).where(flow_version.c.definition == definition)
    return _version(connection, statement.order_by(flow_version.c.number.desc()).limit(1))


def find_published(connection: Connection, tenant_id: UUID, slug: str) -> FlowVersion | None:
    return _version(connection, _versions_of(tenant_id, slug).where(flow_version.c.id == flow.c.published_version_id))


def names_of(connection: Connection, tenant_id: UUID, version_ids: Collection[UUID]) -> dict[UUID, VersionName]:
    """By version its flow's slug and its number."""
    statement = (
        select(flow_version.c.id, flow.c.slug, flow_version.c.number)
        .join(flow, _OF_FLOW)
        .where(flow_version.c.tenant_id == tenant_id, flow_version.c.id.in_(version_ids))
    )
    return {id_: VersionName(slug, number) for id_, slug, number in connection.execute(statement)}


def list_versions(
    connection: Connection, tenant_id: UUID, slug: str, before: int | None, limit: int
) -> list[VersionSummary]:
    """Versions, the newest first, of numbers below `before`."""
    statement = (
        select(
            flow_version.c.id,
            flow_version.c.number,
            flow_version.c.note,
            flow_version.c.created_at,
            flow_version.c.created_by,
            (flow.c.published_version_id == flow_version.c.id).label("published"),
        )
        .join(flow, _OF_FLOW)
        .where(flow.c.tenant_id == tenant_id, flow.c.slug == slug)
        .order_by(flow_version.c.number.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(flow_version.c.number < before)
    return [VersionSummary(**row._mapping) for row in connection.execute(statement)]


def list_flows(
    connection: Connection, tenant_id: UUID, after: tuple[str, UUID] | None, limit: int
) -> list[FlowSummary]:
    """Flows by slug, behind the given (slug, id)."""
    statement = _summaries(tenant_id).order_by(flow.c.slug, flow.c.id).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(flow.c.slug, flow.c.id) > tuple_(*after))
    return [FlowSummary(**row._mapping) for row in connection.execute(statement)]


def find_flow(connection: Connection, tenant_id: UUID, slug: str) -> FlowSummary | None:
    row = connection.execute(_summaries(tenant_id).where(flow.c.slug == slug)).one_or_none()
    return FlowSummary(**row._mapping) if row else None


_OF_FLOW: ColumnElement[bool] = (flow.c.tenant_id == flow_version.c.tenant_id) & (flow.c.id == flow_version.c.flow_id)


def _versions(tenant_id: UUID) -> Select[Any]:
    return select(*_VERSION).where(flow_version.c.tenant_id == tenant_id)


def _versions_of(tenant_id: UUID, slug: str) -> Select[Any]:
    return _versions(tenant_id).join(flow, _OF_FLOW).where(flow.c.tenant_id == tenant_id, flow.c.slug == slug)


def _version(connection: Connection, statement: Select[Any]) -> FlowVersion | None:
    row = connection.execute(statement).one_or_none()
    return FlowVersion(**row._mapping) if row else None


def _summaries(tenant_id: UUID) -> Select[Any]:
    """Flows with something in them: of a discarded first draft only the counter of its revisions is left."""
    published_at = (
        select(func.max(flow_publication.c.published_at))
        .where(flow_publication.c.tenant_id == flow.c.tenant_id, flow_publication.c.flow_id == flow.c.id)
        .scalar_subquery()
    )
    published = flow.alias("published")
    # The same order as where a conversation begins (channels/conversations.py).
    default = (
        select(published.c.id)
        .where(published.c.tenant_id == tenant_id, published.c.published_version_id.is_not(None))
        .order_by(published.c.default_since.desc().nulls_last(), published.c.created_at, published.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            flow.c.id,
            flow.c.slug,
            flow.c.name,
            flow.c.published_version_id,
            flow_version.c.number,
            published_at.label("published_at"),
            flow.c.created_at,
            flow_draft.c.revision.label("draft_revision"),
            flow_draft.c.updated_at.label("draft_updated_at"),
            func.coalesce(flow.c.id == default, False).label("default"),
        )
        .outerjoin(
            flow_version,
            (flow.c.tenant_id == flow_version.c.tenant_id) & (flow.c.published_version_id == flow_version.c.id),
        )
        .outerjoin(flow_draft, (flow.c.tenant_id == flow_draft.c.tenant_id) & (flow.c.id == flow_draft.c.flow_id))
        .where(
            flow.c.tenant_id == tenant_id,
            or_(flow.c.published_version_id.is_not(None), flow_draft.c.flow_id.is_not(None)),
        )
    )
