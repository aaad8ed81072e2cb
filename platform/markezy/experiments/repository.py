"""All SQL on experiments. Every function names the tenant, although row-level security would hide the others."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, func, literal_column, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from markezy.experiments.model import Count
from markezy.experiments.tables import experiment, experiment_variant
from markezy.kernel.events import event
from markezy.kernel.ids import new_id


class StoredExperiment(NamedTuple):
    """A row of `experiment`."""

    id: UUID
    name: str
    started_at: datetime
    stopped_at: datetime | None
    created_by: UUID | None


class StoredVariant(NamedTuple):
    """A row of `experiment_variant`."""

    experiment_id: UUID
    name: str
    weight: int
    flow_version_id: UUID


_EXPERIMENT = tuple(experiment.c[name] for name in StoredExperiment._fields)
_VARIANT = tuple(experiment_variant.c[name] for name in StoredVariant._fields)


def insert_experiment(
    connection: Connection,
    tenant_id: UUID,
    flow_id: UUID,
    name: str,
    variants: Sequence[tuple[str, int, UUID]],
    by: UUID | None,
) -> UUID | None:
    """A running experiment with its variants (name, weight, version); None when the flow has one that runs."""
    id_ = new_id()
    try:
        with connection.begin_nested():
            connection.execute(
                insert(experiment).values(tenant_id=tenant_id, id=id_, flow_id=flow_id, name=name, created_by=by)
            )
    except IntegrityError:
        return None
    rows = [
        {"tenant_id": tenant_id, "experiment_id": id_, "name": variant, "weight": weight, "flow_version_id": version}
        for variant, weight, version in variants
    ]
    connection.execute(insert(experiment_variant), rows)
    return id_


def stop(connection: Connection, tenant_id: UUID, experiment_id: UUID) -> None:
    """No conversation is assigned from now on; one that was stopped before keeps its time."""
    connection.execute(
        update(experiment)
        .where(experiment.c.tenant_id == tenant_id, experiment.c.id == experiment_id, experiment.c.stopped_at.is_(None))
        .values(stopped_at=func.now())
    )


def find(connection: Connection, tenant_id: UUID, experiment_id: UUID) -> StoredExperiment | None:
    row = connection.execute(_experiments(tenant_id).where(experiment.c.id == experiment_id)).one_or_none()
    return StoredExperiment(*row) if row else None


def list_latest_first(
    connection: Connection, tenant_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> list[StoredExperiment]:
    """Experiments, the latest started first, behind the given (started at, id)."""
    statement = _experiments(tenant_id).order_by(experiment.c.started_at.desc(), experiment.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(experiment.c.started_at, experiment.c.id) < tuple_(*after))
    return [StoredExperiment(*row) for row in connection.execute(statement)]


def variants_of(connection: Connection, tenant_id: UUID, experiments: Collection[UUID]) -> list[StoredVariant]:
    """The variants of these experiments, by name."""
    statement = (
        select(*_VARIANT)
        .where(experiment_variant.c.tenant_id == tenant_id, experiment_variant.c.experiment_id.in_(experiments))
        .order_by(experiment_variant.c.name)
    )
    return [StoredVariant(*row) for row in connection.execute(statement)]


def counts(connection: Connection, tenant_id: UUID, experiment_id: UUID, started_at: datetime) -> dict[str, Count]:
    """By variant what became of its conversations, from the log itself: the partial indexes of migration 0003 serve it."""
    assigned, completed = event.alias("assigned"), event.alias("completed")
    # Literals, because the planner has to see that the indexes' conditions hold.
    last = (
        select(completed.c.data["outcome"].astext.label("outcome"))
        .where(
            completed.c.tenant_id == tenant_id,
            completed.c.stream_id == assigned.c.stream_id,
            completed.c.type == literal_column("'qualification.completed'"),
        )
        .order_by(completed.c.version.desc())
        .limit(1)
        .lateral()
    )
    variant = assigned.c.data["variant"].astext
    statement = (
        select(
            variant,
            func.count(),
            func.count(last.c.outcome),
            func.count().filter(last.c.outcome == "qualified"),
        )
        .select_from(assigned.outerjoin(last, true()))
        .where(
            assigned.c.tenant_id == tenant_id,
            assigned.c.type == literal_column("'experiment.assigned'"),
            assigned.c.occurred_at >= started_at,
            assigned.c.data["experiment_id"].astext == str(experiment_id),
        )
        .group_by(variant)
    )
    return {name: Count(*numbers) for name, *numbers in connection.execute(statement).tuples().all()}


def _experiments(tenant_id: UUID) -> Select[Any]:
    return select(*_EXPERIMENT).where(experiment.c.tenant_id == tenant_id)
