"""The rule by which layers become one: mappings key by key, everything else replaced, `null` removes.

Keys stay in the order in which they were first written, bottom layer first. What says `after: <sibling>` stands behind that sibling
(`after: ""`: before all others); several behind the same one keep their order among themselves. What stands in for a layer's own
(`stand_in: true`) is that layer's own once it changes it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markezy.strategies.layers.layer import Layer

Place = tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """What the layers come to. `owners` tells for every place that is there the topmost layer that wrote in it; `written` holds also
    the places that a layer above has removed.
    """

    data: dict[str, Any]
    owners: Mapping[Place, Layer]
    written: frozenset[Place]

    def owner(self, place: Place) -> Layer | None:
        """The topmost layer that wrote at this place or, if nobody did, around it."""
        while place and place not in self.owners:
            place = place[:-1]
        return self.owners.get(place)


def merge(layers: Iterable[Layer]) -> Merged:
    """The layers as one, the first at the bottom."""
    data: dict[str, Any] = {}
    owners: dict[Place, Layer] = {}
    written: set[Place] = set()
    for layer in layers:
        data = merge_data(data, layer.data)
        owners = {place: by for place, by in owners.items() if _is_there(data, place)}
        owners |= {place: layer for place in _places(layer.data, ()) if _is_there(data, place)}
        written.update(_places(layer.data, ()))
    return Merged(data, owners, frozenset(written))


def merge_data(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two mappings as one; neither is changed."""
    merged = dict(below)
    for key, value in above.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            under = merged.get(key)
            merged[key] = merge_data(_as_ones_own(under) if isinstance(under, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


def _as_ones_own(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    if entry.get("stand_in") is not True:
        return entry
    return {key: value for key, value in entry.items() if key != "stand_in"}


def in_order(entries: Mapping[str, Any]) -> list[str]:
    """The keys as they are read. One that stands behind a sibling which is not there stays where it was written."""
    behind: dict[str, list[str]] = {}
    free = []
    for key, entry in entries.items():
        after = entry.get("after") if isinstance(entry, Mapping) else None
        if isinstance(after, str) and after != key and (after == "" or after in entries):
            behind.setdefault(after, []).append(key)
        else:
            free.append(key)
    ordered: dict[str, None] = {}
    waiting = [*reversed(free), *reversed(behind.get("", []))]
    while waiting:
        key = waiting.pop()
        ordered[key] = None
        waiting += reversed(behind.get(key, []))
    # Those that only stand behind each other, in a circle, come last.
    return [*ordered, *(key for key in entries if key not in ordered)]


def misplaced(entries: Mapping[str, Any]) -> Sequence[str]:
    """The keys whose `after` names no sibling."""
    return [
        key
        for key, entry in entries.items()
        if isinstance(entry, Mapping)
        and isinstance(entry.get("after"), str)
        and entry["after"] != ""
        and (entry["after"] == key or entry["after"] not in entries)
    ]


def circling(entries: Mapping[str, Any]) -> Sequence[str]:
    """The keys that stand, by way of others, behind themselves, or behind such a one: nobody said where."""

    def lost(key: str) -> bool:
        passed: list[str] = []
        while key not in passed:
            passed.append(key)
            after = entries[key].get("after") if isinstance(entries[key], Mapping) else None
            if not isinstance(after, str) or after == key or after not in entries:
                return False
            key = after
        return True

    return [key for key in entries if lost(key)]


def _places(data: Mapping[str, Any], at: Place) -> Iterator[Place]:
    yield at
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _places(value, (*at, key))
        elif value is not None:
            yield (*at, key)


def _is_there(data: Any, place: Place) -> bool:
    for step in place:
        if not isinstance(data, Mapping) or step not in data:
            return False
        data = data[step]
    return True
