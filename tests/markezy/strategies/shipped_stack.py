"""What an agency has that changed nothing: the product's layers as versions, without a database."""

from datetime import UTC, datetime
from functools import cache
from uuid import NAMESPACE_URL, uuid5

from markezy.strategies import api
from markezy.strategies.layers.layer import PLAN
from markezy.strategies.versions.model import PRODUCT, Format, Stack, Version, in_merging_order


@cache
def shipped_stack(sector: str, locale: str) -> Stack:
    """The versions a strategy of the sector is composed of in this language."""
    versions = (
        Version(
            uuid5(NAMESPACE_URL, str(file.place)), Format.LAYER, file.place.layer, file.place.sector, file.place.part, 1, PRODUCT, "",
            datetime(2026, 1, 1, tzinfo=UTC), file.source,
        )
        for file in api.product_files()
        if file.place.sector in {"", sector} and file.place.part in {PLAN, locale}
    )  # fmt: skip
    return Stack(sector, locale, in_merging_order(versions))
