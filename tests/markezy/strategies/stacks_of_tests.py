"""Stacks of what is shipped, as a new agency has them, without a database."""

from datetime import UTC, datetime
from uuid import UUID

from markezy.strategies.layers.layer import PLAN, LayerName
from markezy.strategies.layers.shipped import shipped_text
from markezy.strategies.versions.model import PRODUCT, Format, Stack, Version, in_merging_order

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def shipped_stack(sector: str, locale: str, own: dict[str, str] | None = None) -> Stack:
    """The base and the sector's layer; `own` are sources of an agency's layer for this sector, by part."""
    places = [
        (layer, of, part) for layer, of in ((LayerName.BASE, ""), (LayerName.SECTOR, sector)) for part in (PLAN, locale)
    ]
    sources = {place: shipped_text(*place) for place in places}
    sources |= {(LayerName.AGENCY_SECTOR, sector, part): source for part, source in (own or {}).items()}
    versions = [
        Version(UUID(int=at), Format.LAYER, *place, 1, PRODUCT, "", _LONG_AGO, source)
        for at, (place, source) in enumerate(sources.items())
        if source
    ]
    return Stack(sector, locale, in_merging_order(versions))
