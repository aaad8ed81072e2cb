"""The layers that come with Markezy, as files to adopt."""

from markezy.strategies.layers.layer import PARTS, LayerName
from markezy.strategies.layers.shipped import shipped_text
from markezy.strategies.versions.model import Place, ProductFile


def product_files(sector: str) -> list[ProductFile]:
    """Base and sector, each part there is of them."""
    return [
        ProductFile(Place(name, of, part), text)
        for name, of in ((LayerName.BASE, ""), (LayerName.SECTOR, sector))
        for part in PARTS
        if (text := shipped_text(name, of, part)) is not None
    ]
