"""One part by itself: what of it counts, its versions and its releases; and two of its versions beside each other."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import NotFound
from markezy.strategies.versions import releasing, repository
from markezy.strategies.versions.adding import get_version
from markezy.strategies.versions.model import Place, Release, Version, VersionSummary

_MOST = 100
"""Versions and releases; older ones are in the API."""


@dataclass(frozen=True)
class History:
    """`versions` and `releases` come the newest first; `current` is the release in force, `before` what going back would restore.

    `known` holds also older versions that releases speak of.
    """

    place: Place
    current: Release | None
    before: Release | None
    versions: tuple[VersionSummary, ...]
    releases: tuple[Release, ...]
    known: dict[UUID, VersionSummary]

    @property
    def newest(self) -> VersionSummary | None:
        return self.versions[0] if self.versions else None

    @property
    def number(self) -> int:
        """That of the release in force; 0 when nothing was ever released."""
        return self.current.number if self.current else 0


def history_of(connection: Connection, tenant_id: UUID, place: Place) -> History:
    """Everything about the part; there may be nothing yet."""
    wanted = {"layer": place.layer.value, "sector": place.sector, "part": place.part}
    versions = repository.list_versions(connection, tenant_id, wanted, None, _MOST)
    releases = repository.list_releases(connection, tenant_id, wanted, None, _MOST)
    current = releases[0] if releases else None
    before = None if current is None else releasing.release_before(connection, tenant_id, current)
    spoken_of = {share.version_id for one in (*releases, *([before] if before else [])) for share in one.shares}
    known = {one.id: one for one in versions}
    if missing := spoken_of - known.keys():
        known |= repository.find_versions(connection, tenant_id, missing)
    return History(place, current, before, tuple(versions), tuple(releases), known)


def newest_version(connection: Connection, tenant_id: UUID, place: Place) -> Version | None:
    """The newest version of the part, with its source."""
    return repository.newest_versions(connection, tenant_id, [place]).get(place)


def version_at(connection: Connection, tenant_id: UUID, place: Place, version_id: UUID) -> Version:
    """That version of this very part; NotFound when it is of another one, or there is none."""
    found = get_version(connection, tenant_id, version_id)
    if found.place != place:
        raise NotFound("This part has no such version.")
    return found
