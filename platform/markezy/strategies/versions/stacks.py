"""The versions a strategy is composed of: those in force for a lead, and those it was composed of."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection

from markezy.strategies.layers.layer import LANGUAGES, PLAN, LayerName
from markezy.strategies.versions import repository
from markezy.strategies.versions.choosing import choose
from markezy.strategies.versions.model import (
    OF_A_SECTOR,
    PartInForce,
    Place,
    Release,
    Stack,
    Version,
    in_merging_order,
)


def in_force(connection: Connection, tenant_id: UUID, sector: str, locale: str, lead_id: UUID | None) -> Stack:
    """What a strategy of this sector and language is composed of now, at most eight versions, read in one query.

    Of an experiment the lead always gets the same version; without a lead, it is the one with the largest share.
    """
    places = [place for layer in LayerName for place in _places(layer, sector, (PLAN, locale))]
    chosen = _choose(repository.candidates(connection, tenant_id, places), lead_id)
    return Stack(sector, locale, in_merging_order(chosen))


def composed_of(connection: Connection, tenant_id: UUID, strategy_id: UUID, sector: str, locale: str) -> Stack:
    """What the strategy was composed of, to explain it or to write it again."""
    return Stack(sector, locale, in_merging_order(repository.composition_of(connection, tenant_id, strategy_id)))


def languages_in_force(connection: Connection, tenant_id: UUID, sector: str) -> frozenset[str]:
    """The languages that a strategy of this sector can be written in: those in which its own words are released."""
    released = repository.releases_in_force(connection, tenant_id, {"sector": sector})
    return frozenset(one.part for one in released if one.part in LANGUAGES and one.shares)


def parts_in_force(connection: Connection, tenant_id: UUID, wanted: Mapping[str, str]) -> list[PartInForce]:
    """Each part there is a release of, with what counts of it, in a fixed number of queries; `wanted` narrows layer, sector and part."""
    released = repository.releases_in_force(connection, tenant_id, dict(wanted))
    if not released:
        return []
    ids = {share.version_id for one in released for share in one.shares}
    versions = repository.find_versions(connection, tenant_id, ids)
    newest = repository.newest_summaries(connection, tenant_id, [one.place for one in released])
    return [
        PartInForce(one, tuple(versions[share.version_id] for share in one.shares), newest[one.place])
        for one in released
    ]


def _places(layer: LayerName, sector: str, parts: tuple[str, ...]) -> list[Place]:
    return [Place(layer, sector if layer in OF_A_SECTOR else "", part) for part in parts]


def _choose(candidates: list[tuple[Release, Version | None]], lead_id: UUID | None) -> list[Version]:
    chosen = []
    for release, version in candidates:
        share = choose(release, lead_id)
        if version is not None and share is not None and version.id == share.version_id:
            chosen.append(version)
    return chosen
