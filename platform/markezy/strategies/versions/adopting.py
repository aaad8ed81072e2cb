"""What comes with the product becomes versions of an agency's, and is released unless the agency decided otherwise."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.strategies.layers import shipped
from markezy.strategies.layers.layer import PARTS, LayerName
from markezy.strategies.versions import repository
from markezy.strategies.versions.adding import says
from markezy.strategies.versions.model import PRODUCT, Place, ProductFile, Release, ReleaseKind, Share


@dataclass(frozen=True)
class Adopted:
    """Which parts got a new version, which of these count now, and which wait because the agency pinned the part."""

    added: tuple[Place, ...]
    released: tuple[Place, ...]
    waiting: tuple[Place, ...]


def product_files() -> list[ProductFile]:
    """Everything that comes with the product."""
    places = [Place(LayerName.BASE, "", part) for part in PARTS]
    places += [Place(LayerName.SECTOR, sector, part) for sector in shipped.sectors() for part in PARTS]
    sources = ((place, shipped.shipped_text(place.layer, place.sector, place.part)) for place in places)
    return [ProductFile(place, source) for place, source in sources if source is not None]


def adopt(connection: Connection, tenant_id: UUID, files: Collection[ProductFile]) -> Adopted:
    """Make each file whose source is new a version of its part, in a fixed number of queries; again, it changes nothing.

    The new version is released when nothing of the part was, or when the release in force follows the product. Whatever else the
    agency released (a version, an experiment, a rollback) stays in force until it publishes the new one.
    """
    sources = {file.place: file.source for file in files}
    if not all(place.of_product for place in sources):
        raise ValueError("the agency's own layers don't come with the product")
    if not sources:
        return Adopted((), (), ())
    repository.lock(connection, tenant_id, sources)
    newest = repository.newest_versions(connection, tenant_id, sources)
    added = [
        place for place, source in sorted(sources.items()) if place not in newest or not says(newest[place], source)
    ]
    if not added:
        return Adopted((), (), ())
    numbers = {place: newest[place].number + 1 if place in newest else 1 for place in added}
    rows = [(place, numbers[place], sources[place], PRODUCT, "") for place in added]
    ids = dict(zip(added, repository.insert_versions(connection, tenant_id, rows), strict=True))
    current = repository.newest_releases(connection, tenant_id, added)
    released = [place for place in added if place not in current or current[place].follows_product]
    if released:
        repository.insert_releases(
            connection, tenant_id, [(place, _release(current.get(place), ids[place])) for place in released]
        )
    return Adopted(tuple(added), tuple(released), tuple(place for place in added if place not in released))


def _release(current: Release | None, version_id: UUID) -> dict[str, Any]:
    return {
        "number": current.number + 1 if current else 1,
        "kind": ReleaseKind.PUBLISH,
        "versions": [Share(version_id).as_json()],
        "follows_product": True,
        "author": PRODUCT,
        "note": "",
    }
