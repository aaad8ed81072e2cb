"""What a layer's parts, their versions and their releases are. No I/O."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from markezy.kernel.errors import Invalid

PRODUCT = "markezy"
"""The author of what comes with the product."""
PLAN = "plan"
LANGUAGES = ("en", "fr", "es")
PARTS = (PLAN, *LANGUAGES)

_SECTOR = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")


class Layer(StrEnum):
    """The layers, in the order in which they are merged: later ones change earlier ones."""

    BASE = "base"
    SECTOR = "sector"
    AGENCY = "agency"
    AGENCY_SECTOR = "agency-sector"

    @property
    def of_product(self) -> bool:
        """Whether its versions come with the product; the others are the agency's own."""
        return self in (Layer.BASE, Layer.SECTOR)

    @property
    def of_a_sector(self) -> bool:
        """Whether there is one for each sector."""
        return self in (Layer.SECTOR, Layer.AGENCY_SECTOR)


@dataclass(frozen=True, order=True)
class Place:
    """One part of one layer: what has versions and is released. `sector` is empty for layers that hold for all sectors."""

    layer: Layer
    sector: str
    part: str

    @staticmethod
    def named(layer: str, sector: str, part: str) -> "Place":
        """The place with these names; Invalid when there is none such."""
        if layer not in list(Layer):
            raise Invalid(f"A layer is one of {', '.join(Layer)}.")
        if part not in PARTS:
            raise Invalid(f"A part is one of {', '.join(PARTS)}.")
        place = Place(Layer(layer), sector, part)
        if place.layer.of_a_sector and not _SECTOR.fullmatch(sector):
            raise Invalid("A sector is named by 1 to 60 lower-case letters, digits, hyphens and underscores.")
        if not place.layer.of_a_sector and sector:
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
        return Place(Layer(self.layer), self.sector, self.part)


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
        return Place(Layer(self.layer), self.sector, self.part)

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
    layers = list(Layer)
    return tuple(sorted(versions, key=lambda one: (one.part != PLAN, layers.index(Layer(one.layer)))))


@dataclass(frozen=True)
class PartInForce:
    """A part that was released: what counts, and the newest version there is of it, released or not."""

    release: Release
    versions: tuple[VersionSummary, ...]
    """Those of the release, in its order."""
    newest: VersionSummary
