"""The texts that strategies say now, one by one with their places: what an agency picks from when it says something otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.strategies.layers.findings import NotALayer
from markezy.strategies.layers.layer import LANGUAGES, PLAN, Layer, LayerName, read
from markezy.strategies.layers.merging import Merged, in_order, merge
from markezy.strategies.layers.merging import Place as Steps
from markezy.strategies.versions import stacks
from markezy.strategies.versions.model import Place, Version

_NO_TEXTS = frozenset({"when", "after", "stand_in", "kind", "fill", "figure", "month", "numeric"})
"""Keys that say how a text stands, and not what it says."""
_GROUPED = frozenset({"sections", "briefing"})
_STOOD_IN_FOR = frozenset({"items", "rows"})


@dataclass(frozen=True)
class Wording:
    """One text, or the cells of one row. `at` is its place as findings write it;

    `stands_in` tells that its like vanish as soon as a layer above says something here.
    """

    at: str
    layer: str
    texts: tuple[str, ...]
    is_row: bool
    when: str
    stands_in: bool

    @property
    def steps(self) -> Steps:
        return tuple(self.at.split("/"))


@dataclass(frozen=True)
class WordingGroup:
    """Texts that stand together: `id` is `sections/<id>`, `briefing/<id>`, `terms`, `channels`, `steps`, `kpis` or empty."""

    id: str
    heading: str
    wordings: tuple[Wording, ...]


def texts_in_force(connection: Connection, tenant_id: UUID, place: Place, source: str) -> list[WordingGroup]:
    """What is said with this source at the place, over the layers in force below it, in reading order; nothing of figures.

    A source that can't be read counts as one that says nothing.
    """
    if place.part == PLAN:
        return []
    below = [(one.layer, one.source) for one in versions_below(connection, tenant_id, place)]
    merged = merge(_read([*below, (place.layer.value, source)], place.part))
    return list(_groups(merged))


def versions_below(connection: Connection, tenant_id: UUID, place: Place) -> list[Version]:
    """What counts of the same part in the layers under this one, the base first; of an experiment what most leads get."""
    sector = place.sector or accounts.tenant(connection, tenant_id).sector
    locale = LANGUAGES[0] if place.part == PLAN else place.part
    layers = list(LayerName)
    under = layers[: layers.index(place.layer)]
    stack = stacks.in_force(connection, tenant_id, sector, locale, None)
    return [one for one in stack.versions if one.part == place.part and one.layer in under]


def _read(sources: list[tuple[str, str]], part: str) -> Iterator[Layer]:
    for layer, source in sources:
        try:
            yield read(source, layer, part, f"{layer}/{part}")
        except NotALayer:
            continue


def _groups(merged: Merged) -> Iterator[WordingGroup]:
    loose = tuple(_wordings(merged, {name: each for name, each in merged.data.items() if isinstance(each, str)}, ()))
    if loose:
        yield WordingGroup("", "", loose)
    for name, data in merged.data.items():
        if not isinstance(data, Mapping):
            continue
        if name not in _GROUPED:
            yield WordingGroup(name, "", tuple(_wordings(merged, data, (name,))))
            continue
        for section in in_order(data):
            heading = data[section].get("heading", "") if isinstance(data[section], Mapping) else ""
            found = tuple(_wordings(merged, {section: data[section]}, (name,)))
            yield WordingGroup(f"{name}/{section}", str(heading), found)


def _wordings(merged: Merged, data: Mapping[str, Any], at: Steps) -> Iterator[Wording]:
    shown = _staying(data) if at and at[-1] in _STOOD_IN_FOR else data
    for name in in_order(shown):
        value, here = data[name], (*at, name)
        if isinstance(value, Mapping):
            yield from _wordings(merged, value, here)
        elif name not in _NO_TEXTS and (isinstance(value, str) or _is_row(value)):
            texts = (value,) if isinstance(value, str) else tuple(value)
            owner = merged.owner(here)
            yield Wording(
                "/".join(here), "" if owner is None else owner.name, texts, not isinstance(value, str),
                str(data.get("when") or ""), _stands_in(data),
            )  # fmt: skip


def _staying(entries: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without those that stand in, where others are there."""
    own = {name: each for name, each in entries.items() if not _stands_in(each)}
    return own or entries


def _stands_in(entry: Any) -> bool:
    return isinstance(entry, Mapping) and entry.get("stand_in") is True


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
