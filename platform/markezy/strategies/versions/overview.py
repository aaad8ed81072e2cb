"""What an agency's strategies are written from, on one page: what is in force, how its versions do, and how it came to be."""

from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from sqlalchemy import Connection

from markezy.strategies.layers.layer import PARTS, LayerName
from markezy.strategies.versions import repository, stacks
from markezy.strategies.versions.model import PartInForce, Place, Release, VersionSummary
from markezy.strategies.versions.performance import MEASURED, Performance, performance_of, side_by_side
from markezy.strategies.versions.wording import statement

_MOST = 100
"""Versions whose figures are shown, and releases; older ones are in the API."""
_COMPARED = 3
"""Versions of one release that are compared with each other in words."""


@dataclass(frozen=True)
class Measured:
    """A part with its versions that wrote strategies, the newest first, and what comparing those of an experiment says, in words."""

    place: Place
    versions: tuple[Performance, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """`releases` come the newest first; `versions` names those that they are about. `own` are the parts of the agency's layers, those of
    its sector included, with the newest version of each; None where it wrote none.
    """

    parts: tuple[PartInForce, ...]
    measured: tuple[Measured, ...]
    releases: tuple[Release, ...]
    versions: dict[UUID, VersionSummary]
    own: dict[Place, VersionSummary | None]


def overview_of(connection: Connection, tenant_id: UUID, sector: str, locale: str) -> Overview:
    """The whole page for an agency of this sector; what comparisons say is in the language of `locale`."""
    parts = stacks.parts_in_force(connection, tenant_id, {})
    releases = repository.list_releases(connection, tenant_id, {}, None, _MOST)
    newest = repository.list_versions(connection, tenant_id, {}, None, _MOST)
    figures = [one for one in performance_of(connection, tenant_id, newest) if one.strategies] if newest else []
    own = [Place(LayerName.AGENCY, "", part) for part in PARTS]
    own += [Place(LayerName.AGENCY_SECTOR, sector, part) for part in PARTS]
    written = repository.newest_summaries(connection, tenant_id, own)
    shared = {share.version_id for one in releases for share in one.shares}
    return Overview(
        tuple(parts),
        tuple(_measured(connection, tenant_id, part, figures, locale) for part in parts if _of(part, figures)),
        tuple(releases),
        repository.find_versions(connection, tenant_id, shared) if shared else {},
        {place: written.get(place) for place in own},
    )


def _measured(
    connection: Connection, tenant_id: UUID, part: PartInForce, figures: list[Performance], locale: str
) -> Measured:
    tried = [version.id for version in part.versions][:_COMPARED]
    compared = [side_by_side(connection, tenant_id, *pair) for pair in combinations(tried, 2)]
    said = [statement(one, str(outcome), locale) for one in compared for outcome in MEASURED]
    return Measured(part.release.place, tuple(_of(part, figures)), tuple(said))


def _of(part: PartInForce, figures: list[Performance]) -> list[Performance]:
    return [one for one in figures if one.version.place == part.release.place]
