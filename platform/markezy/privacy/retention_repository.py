"""All SQL of retention: periods that agencies chose, and the runs that removed what was past them."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.kernel.clock import now
from markezy.kernel.ids import new_id
from markezy.privacy.model import RetentionRun
from markezy.privacy.tables import erasure, retention_policy, retention_run

_RUN = tuple(retention_run.c[one.name] for one in fields(RetentionRun))


def chosen(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """The periods the agency chose, in days by class."""
    query = select(retention_policy.c.data_class, retention_policy.c.days).where(
        retention_policy.c.tenant_id == tenant_id
    )
    return dict(connection.execute(query).tuples().all())


def replace_chosen(connection: Connection, tenant_id: UUID, wanted: Mapping[str, int], by: str) -> None:
    """These periods are the agency's from now on, and no others."""
    connection.execute(
        delete(retention_policy).where(
            retention_policy.c.tenant_id == tenant_id, retention_policy.c.data_class.not_in(wanted)
        )
    )
    for name, days in wanted.items():
        statement = insert(retention_policy).values(tenant_id=tenant_id, data_class=name, days=days, changed_by=by)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "data_class"],
                set_={"days": days, "changed_by": by, "changed_at": now()},
                where=retention_policy.c.days != days,
            )
        )


def given_up(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> set[UUID]:
    """Those of the leads whose erasure was asked for."""
    query = select(erasure.c.lead_id).where(erasure.c.tenant_id == tenant_id, erasure.c.lead_id.in_(lead_ids))
    return set(connection.execute(query).scalars())


def open_run(connection: Connection, tenant_id: UUID, at: datetime) -> RetentionRun:
    """The run that was not finished, or a new one; two who ask at once get the same."""
    statement = insert(retention_run).values(tenant_id=tenant_id, id=new_id(), started_at=at)
    connection.execute(statement.on_conflict_do_nothing())
    query = select(*_RUN).where(retention_run.c.tenant_id == tenant_id, retention_run.c.finished_at.is_(None))
    return RetentionRun(*connection.execute(query).one())


def lock_run(connection: Connection, tenant_id: UUID, run_id: UUID) -> RetentionRun | None:
    """The run, if it is not finished; nobody else works on it until the transaction ends."""
    query = select(*_RUN).where(
        retention_run.c.tenant_id == tenant_id, retention_run.c.id == run_id, retention_run.c.finished_at.is_(None)
    )
    row = connection.execute(query.with_for_update()).one_or_none()
    return None if row is None else RetentionRun(*row)


def count_removed(connection: Connection, tenant_id: UUID, run: RetentionRun, data_class: str, more: int) -> None:
    """Add to what the run has removed of this class."""
    removed = {**run.removed, data_class: run.removed.get(data_class, 0) + more}
    _change(connection, tenant_id, run.id, removed=removed)


def finish_run(connection: Connection, tenant_id: UUID, run_id: UUID) -> None:
    _change(connection, tenant_id, run_id, finished_at=now())


def recent_runs(connection: Connection, tenant_id: UUID, limit: int) -> list[RetentionRun]:
    """The agency's runs, the latest first."""
    query = select(*_RUN).where(retention_run.c.tenant_id == tenant_id)
    query = query.order_by(retention_run.c.started_at.desc(), retention_run.c.id.desc()).limit(limit)
    return [RetentionRun(*row) for row in connection.execute(query)]


def _change(connection: Connection, tenant_id: UUID, run_id: UUID, **values: object) -> None:
    connection.execute(
        update(retention_run)
        .where(retention_run.c.tenant_id == tenant_id, retention_run.c.id == run_id)
        .values(**values)
    )
