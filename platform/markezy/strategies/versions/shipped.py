"""The layers that come with Markezy, as files to adopt and as a stack to write from without a database."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from markezy.strategies.layers.layer import PARTS, PLAN, LayerName
from markezy.strategies.layers.shipped import shipped_text
from markezy.strategies.versions.model import PRODUCT, Format, Place, ProductFile, Stack, Version, in_merging_order

_UNKNOWN = datetime(2000, 1, 1, tzinfo=UTC)
"""When a file became a version that it never became."""


def product_files(sector: str) -> list[ProductFile]:
    """Base and sector, each part there is of them."""
    return [
        ProductFile(Place(name, of, part), text)
        for name, of in ((LayerName.BASE, ""), (LayerName.SECTOR, sector))
        for part in PARTS
        if (text := shipped_text(name, of, part)) is not None
    ]


def product_stack(sector: str, locale: str) -> Stack:
    """What a strategy is composed of where nobody adopted or changed anything."""
    files = [file for file in product_files(sector) if file.place.part in (PLAN, locale)]
    return Stack(sector, locale, in_merging_order(map(_version, files)))


def _version(file: ProductFile) -> Version:
    place = file.place
    id_ = uuid5(NAMESPACE_URL, f"markezy:shipped:{place}")
    return Version(
        id_, Format.LAYER, place.layer, place.sector, place.part, 1, PRODUCT, "", _UNKNOWN, source=file.source
    )
