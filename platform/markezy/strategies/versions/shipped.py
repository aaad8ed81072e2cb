"""The layers that come with Markezy as a stack to write from, without a database."""

from datetime import UTC, datetime
from functools import cache
from uuid import NAMESPACE_URL, uuid5

from markezy.strategies.layers.layer import PLAN
from markezy.strategies.versions.adopting import product_files
from markezy.strategies.versions.model import PRODUCT, Format, ProductFile, Stack, Version, in_merging_order

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When a file became a version that it never became."""


@cache
def product_stack(sector: str, locale: str) -> Stack:
    """What a strategy is composed of where an agency adopted everything and changed nothing."""
    files = [
        file for file in product_files() if file.place.sector in ("", sector) and file.place.part in (PLAN, locale)
    ]
    return Stack(sector, locale, in_merging_order(map(_version, files)))


def _version(file: ProductFile) -> Version:
    place = file.place
    id_ = uuid5(NAMESPACE_URL, f"markezy:shipped:{place}")
    return Version(id_, Format.LAYER, place.layer, place.sector, place.part, 1, PRODUCT, "", _NEVER, source=file.source)
