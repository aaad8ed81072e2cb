"""What a layer's parts, their versions and their releases are. No I/O."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from markezy.kernel.errors import Invalid
from markezy.strategies.layers.layer import PARTS, PLAN, LayerName

PRODUCT = "markezy"
"""The author of what comes with the product."""
OF_PRODUCT = frozenset({LayerName.BASE, LayerName.SECTOR})
"""The layers whose versions come with the product; the others are the agency's own."""
OF_A_SECTOR = frozenset({LayerName.SECTOR, LayerName.AGENCY_SECTOR})
"""The layers there is one of for each sector."""

_SECTOR = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")


@dataclass(frozen=True, order=True)
class Place:
    """One part of one layer: what has versions and is released. `sector` is empty for layers that hold for all sectors."""

    layer: LayerName
    sector: str
    part: str

    @property
    def of_product(self) -> bool:
        """Whether its versions come with the product."""
        return self.layer in OF_PRODUCT

    @staticmethod
    def named(layer: str, sector: str, part: str) -> "Place":
        """The place with these names; Invalid when there is none such."""
        if layer not in list(LayerName):
            raise Invalid(f"A layer is one of {', '.join(LayerName)}.")
        if part not in PARTS:
            raise Invalid(f"A part is one of {', '.join(PARTS)}.")
        place = Place(LayerName(layer), sector, part)
        if place.layer in OF_A_SECTOR and not _SECTOR.fullmatch(sector):
            raise Invalid("A sector is named by 1 to 60 lower-case letters, digits, hyphens and underscores.")
        if place.layer not in OF_A_SECTOR and sector:
            raise Invalid(f'The layer "{layer}" holds for all sectors: leave the sector empty.')
        return place

    def __str__(self) -> str:
        return "/".join(part for part in (self.layer.value, self.sector, self.part) if part)


class Format(StrEnum):
    """What the source of a version is."""

    HTML = "html"
    """A whole template, from before there were layers; kept to explain what was written with it, never released."""
    LAYER = "layer"
    """A part of a layer, as YAML."""


@dataclass(frozen=True)
class VersionSummary:
    """A version as a line of a list. `author` is `markezy`, `staff:<id>`, `api_key:<id>` or empty for one from before they were noted."""

    id: UUID
    format: str
    layer: str
    sector: str
    part: str
    number: int
    author: str
    note: str
    created_at: datetime

    @property
    def place(self) -> Place:
        return Place(LayerName(self.layer), self.sector, self.part)


@dataclass(frozen=True)
class Version(VersionSummary):
    """One version of a part; never changed, only followed by the next."""

    source: str = field(repr=False)


class ReleaseKind(StrEnum):
    PUBLISH = "publish"
    """One version for everybody; or none, and an agency's layer changes nothing any more."""
    EXPERIMENT = "experiment"
    """Several versions, shared out by weight."""
    ROLLBACK = "rollback"
    """What an earlier release said."""


@dataclass(frozen=True)
class Share:
    """A version and its share: `weight` in the sum of the weights."""

    version_id: UUID
    weight: int = 1

    def as_json(self) -> dict[str, str | int]:
        return {"version_id": str(self.version_id), "weight": self.weight}

    @staticmethod
    def from_json(stored: Mapping[str, object]) -> "Share":
        return Share(UUID(str(stored["version_id"])), int(str(stored["weight"])))


@dataclass(frozen=True)
class Release:
    """Which versions of a part count from `created_at` until the next release of that part.

    `restores` is the release a rollback went back to. With `follows_product`, the product's next version is released by itself.
    """

    id: UUID
    layer: str
    sector: str
    part: str
    number: int
    kind: str
    shares: tuple[Share, ...]
    restores: UUID | None
    follows_product: bool
    author: str
    note: str
    created_at: datetime

    @property
    def place(self) -> Place:
        return Place(LayerName(self.layer), self.sector, self.part)

    @property
    def origin(self) -> UUID:
        """The release that first said this."""
        return self.restores or self.id


@dataclass(frozen=True)
class ProductFile:
    """A part as it comes with the product: of the layer `base` or `sector`."""

    place: Place
    source: str = field(repr=False)


@dataclass(frozen=True)
class Stack:
    """The versions a strategy is composed of, in the order in which they are merged, the plan before the words.

    At most one a layer and part; a layer that says nothing has none.
    """

    sector: str
    locale: str
    versions: tuple[Version, ...]

    def sources(self, part: str) -> list[tuple[str, str]]:
        """(layer, source) of a part, first to last: `plan`, or the stack's `locale` for the words."""
        return [(one.layer, one.source) for one in self.versions if one.part == part]

    @property
    def version_ids(self) -> tuple[UUID, ...]:
        return tuple(one.id for one in self.versions)

    def with_version(self, version: Version) -> "Stack":
        """The stack with this version in the place of the one of its layer and part."""
        others = [one for one in self.versions if (one.layer, one.part) != (version.layer, version.part)]
        return replace(self, versions=in_merging_order([*others, version]))


def in_merging_order(versions: Iterable[Version]) -> tuple[Version, ...]:
    """Plan before words, base before what changes it."""
    layers = list(LayerName)
    return tuple(sorted(versions, key=lambda one: (one.part != PLAN, layers.index(LayerName(one.layer)))))


@dataclass(frozen=True)
class PartInForce:
    """A part that was released: what counts, and the newest version there is of it, released or not."""

    release: Release
    versions: tuple[VersionSummary, ...]
    """Those of the release, in its order."""
    newest: VersionSummary
