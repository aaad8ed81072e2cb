"""Old shapes of events, brought to the newest one when they are read: the log keeps what was written.

A type whose shape changes gets one more step here; writers then write the next `schema_version` by themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""From one version's data, opened, to the next one's."""

UPCASTERS: Mapping[str, Sequence[Upcaster]] = {}
"""By type the steps from version 1 to 2, from 2 to 3, and so on."""


def current_version(type_: str, upcasters: Mapping[str, Sequence[Upcaster]] = UPCASTERS) -> int:
    """The `schema_version` in which events of this type are written."""
    return 1 + len(upcasters.get(type_, ()))


def upcast(
    type_: str, version: int, data: dict[str, Any], upcasters: Mapping[str, Sequence[Upcaster]] = UPCASTERS
) -> dict[str, Any]:
    """The data as a reader of today expects it. ValueError for a version this program does not know yet."""
    if version > current_version(type_, upcasters):
        raise ValueError(f"{type_} in version {version} was written by a newer Markezy than this one")
    for step in upcasters.get(type_, ())[version - 1 :]:
        data = step(data)
    return data
