"""The door to experiments: start one, stop it, see how its variants do.

All functions take a connection whose transaction is scoped to the tenant, and never commit. Who gets which variant is decided
where conversations begin, in `channels/experiments.py`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from markezy.experiments import repository
from markezy.experiments.model import Count, Experiment, NewVariant, Page, Variant
from markezy.experiments.repository import StoredExperiment
from markezy.flows import api as flows
from markezy.kernel import cursors
from markezy.kernel.errors import Conflict, Invalid, NotFound

__all__ = [
    "LARGEST_PAGE", "MOST_VARIANTS", "Count", "Experiment", "NewVariant", "Page", "Variant", "counts", "get",
    "list_experiments", "start", "stop",
]  # fmt: skip

LARGEST_PAGE = 100
MOST_VARIANTS = 10
_LARGEST_WEIGHT = 1000


def start(
    connection: Connection,
    tenant_id: UUID,
    flow_slug: str,
    name: str,
    variants: Sequence[NewVariant],
    by: UUID | None,
) -> Experiment:
    """From now on each new conversation of the flow gets one of the variants instead of the published version.

    NotFound when the flow is unpublished or lacks a version, Conflict when an experiment on it runs already, Invalid when the
    variants are too few, too many, of the same name or of a weight out of range.
    """
    if not 2 <= len(variants) <= MOST_VARIANTS:
        raise Invalid(f"An experiment compares 2 to {MOST_VARIANTS} variants.")
    if len({variant.name for variant in variants}) != len(variants):
        raise Invalid("Two variants have the same name.")
    if not all(1 <= variant.weight <= _LARGEST_WEIGHT for variant in variants):
        raise Invalid(f"A variant's weight is a whole number from 1 to {_LARGEST_WEIGHT}.")
    flow_id = flows.published_version(connection, tenant_id, flow_slug).flow_id
    chosen = [
        (each.name, each.weight, flows.get_numbered(connection, tenant_id, flow_slug, each.version).id)
        for each in variants
    ]
    experiment_id = repository.insert_experiment(connection, tenant_id, flow_id, name, chosen, by)
    if experiment_id is None:
        raise Conflict("An experiment on this flow is running already; stop it first.")
    return get(connection, tenant_id, experiment_id)


def stop(connection: Connection, tenant_id: UUID, experiment_id: UUID) -> Experiment:
    """New conversations get the published version again, those under way keep theirs. Stopping again changes nothing."""
    repository.stop(connection, tenant_id, experiment_id)
    return get(connection, tenant_id, experiment_id)


def get(connection: Connection, tenant_id: UUID, experiment_id: UUID) -> Experiment:
    """The experiment; NotFound when there is none."""
    found = repository.find(connection, tenant_id, experiment_id)
    if found is None:
        raise NotFound("There is no such experiment.")
    return _with_variants(connection, tenant_id, [found])[0]


def counts(connection: Connection, tenant_id: UUID, experiment: Experiment) -> dict[str, Count]:
    """By variant, each of them, how many conversations it has had and what became of them."""
    found = repository.counts(connection, tenant_id, experiment.id, experiment.started_at)
    return {variant.name: found.get(variant.name, Count()) for variant in experiment.variants}


def list_experiments(connection: Connection, tenant_id: UUID, *, cursor: str | None = None, limit: int = 25) -> Page:
    """Experiments, the latest started first. Malformed when the cursor is not one of ours, Invalid when the limit is out of
    range."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid(f"A page has 1 to {LARGEST_PAGE} entries.")
    found = repository.list_latest_first(connection, tenant_id, _place(cursor) if cursor else None, limit + 1)
    page = found[:limit]
    more = len(found) > limit
    next_cursor = cursors.encode(page[-1].started_at.isoformat(), str(page[-1].id)) if more else None
    return Page(tuple(_with_variants(connection, tenant_id, page)), next_cursor)


def _with_variants(connection: Connection, tenant_id: UUID, found: Sequence[StoredExperiment]) -> list[Experiment]:
    rows = repository.variants_of(connection, tenant_id, [one.id for one in found])
    names = flows.names_of(connection, tenant_id, {row.flow_version_id for row in rows})
    variants: dict[UUID, list[Variant]] = {one.id: [] for one in found}
    slugs: dict[UUID, str] = {}
    for row in rows:
        named = names[row.flow_version_id]
        slugs[row.experiment_id] = named.flow
        variants[row.experiment_id].append(Variant(row.name, row.weight, row.flow_version_id, named.number))
    return [
        Experiment(
            one.id, slugs[one.id], one.name, one.started_at, one.stopped_at, one.created_by, tuple(variants[one.id])
        )
        for one in found
    ]


def _place(cursor: str) -> tuple[datetime, UUID]:
    started_at, id_ = cursors.decode(cursor, 2)
    try:
        at = datetime.fromisoformat(started_at)
        if at.tzinfo is None:
            raise cursors.bad_cursor()
        return at, UUID(id_)
    except ValueError:
        raise cursors.bad_cursor() from None
