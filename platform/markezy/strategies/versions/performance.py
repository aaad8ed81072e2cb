"""How versions do: what became of the strategies that were composed of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Invalid, NotFound
from markezy.strategies.model import OutcomeKind
from markezy.strategies.versions import performance_repository, repository
from markezy.strategies.versions.model import VersionSummary
from markezy.strategies.versions.significance import Comparison, Rate, compare, rate

DELIVERED = "delivered"
MEASURED = (OutcomeKind.OPENED, OutcomeKind.DOWNLOADED, OutcomeKind.MEETING_BOOKED, OutcomeKind.WON)
"""The outcomes that have a rate."""


@dataclass(frozen=True)
class Performance:
    """What became of a version's strategies; those of forgotten leads are not among them.

    `outcomes` and `revenue` are of delivered strategies: what nobody got has earned nothing. `rates` are by outcome, of the delivered
    ones, and `delivered` of all.
    """

    version: VersionSummary
    strategies: int
    delivered: int
    outcomes: Mapping[str, int]
    revenue: Mapping[str, Decimal]
    """By currency."""
    rates: Mapping[str, Rate]


@dataclass(frozen=True)
class SideBySide:
    """Two versions, and by outcome how their rates differ. `in_experiment` tells whether one release ever shared both out by chance."""

    first: Performance
    second: Performance
    in_experiment: bool
    comparisons: Mapping[str, Comparison]


def performance_of(connection: Connection, tenant_id: UUID, versions: Collection[VersionSummary]) -> list[Performance]:
    """How each of these versions does, in a fixed number of queries."""
    ids = [one.id for one in versions]
    counted = performance_repository.counts(connection, tenant_id, ids)
    earned = performance_repository.revenue(connection, tenant_id, ids)
    return [_performance(one, counted.get(one.id, {}), earned.get(one.id, {})) for one in versions]


def side_by_side(connection: Connection, tenant_id: UUID, first_id: UUID, second_id: UUID) -> SideBySide:
    """Two versions of one part compared; NotFound when there is no such version, Invalid when they are of two parts or the same."""
    found = repository.find_versions(connection, tenant_id, [first_id, second_id])
    if not {first_id, second_id} <= found.keys():
        raise NotFound("There is no such version of a template.")
    if first_id == second_id or found[first_id].place != found[second_id].place:
        raise Invalid("Compare two versions of one part.")
    first, second = performance_of(connection, tenant_id, [found[first_id], found[second_id]])
    together = repository.released_together(connection, tenant_id, [first_id, second_id])
    comparisons = {name: compare(first.rates[name], second.rates[name]) for name in map(str, MEASURED)}
    return SideBySide(first, second, together, comparisons)


def _performance(version: VersionSummary, counted: Mapping[str, int], earned: Mapping[str, Decimal]) -> Performance:
    strategies, delivered = counted.get("strategies", 0), counted.get(DELIVERED, 0)
    outcomes = {kind.value: counted.get(kind.value, 0) for kind in OutcomeKind}
    rates = {DELIVERED: rate(delivered, strategies)}
    rates |= {kind.value: rate(outcomes[kind.value], delivered) for kind in MEASURED}
    return Performance(version, strategies, delivered, outcomes, dict(sorted(earned.items())), rates)
