"""The layers that come with Markezy: platform/seeds/strategies."""

from functools import cache
from pathlib import Path

from markezy.strategies.layers.findings import Finding, NotALayer
from markezy.strategies.layers.layer import Layer, LayerName, read

FOLDER = Path(__file__).resolve().parents[3] / "seeds" / "strategies"


@cache
def sectors() -> tuple[str, ...]:
    """The sectors Markezy has words or figures for."""
    return tuple(sorted(path.name for path in (FOLDER / "sectors").glob("*") if path.is_dir()))


@cache
def shipped_text(name: str, sector: str, part: str) -> str | None:
    """The text of a part of the base or of a sector's layer; None when there is none."""
    if name != LayerName.BASE and sector not in sectors():
        return None
    path = _path(name, sector, part)
    return path.read_text(encoding="utf-8") if path.is_file() else None


def shipped_layers(sector: str, part: str) -> tuple[Layer, ...]:
    """The base's part and the sector's, as far as they are there; a sector Markezy has no layer for is served by the base alone.

    NotALayer when one can't be read, or when the base does not have this part.
    """
    if shipped_text(LayerName.BASE, "", part) is None:
        raise NotALayer(Finding(f"base/{part}.yml", "", "There is no such file.", "Write it, or choose another part."))
    layers = []
    for name, of in ((LayerName.BASE, ""), (LayerName.SECTOR, sector)):
        text = shipped_text(name, of, part)
        if text is not None:
            layers.append(read(text, name, part, str(_path(name, of, part).relative_to(FOLDER))))
    return tuple(layers)


def _path(name: str, sector: str, part: str) -> Path:
    folder = FOLDER / "base" if name == LayerName.BASE else FOLDER / "sectors" / sector
    return folder / f"{part}.yml"
