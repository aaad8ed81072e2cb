"""What changed between two sources of a part, place by place. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

import yaml

from markezy.kernel.errors import Invalid
from markezy.kernel.strict_yaml import load_strictly
from markezy.strategies.layers.layer import LARGEST_PART
from markezy.strategies.versions.model import Format, Version


class ChangeKind(StrEnum):
    """What happened at a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """The same names stand in another order."""


@dataclass(frozen=True)
class Change:
    """One difference. `at` is the place as findings write it; of what was added there is no `before`, of what was removed no `after`."""

    at: str
    kind: ChangeKind
    before: str | None = None
    after: str | None = None


def diff(old: Version, new: Version) -> list[Change]:
    """What is different in the new version, in its order; Invalid when the two can't be compared."""
    if old.format != new.format:
        raise Invalid("A template from before layers can't be compared with a part of a layer.")
    if new.format == Format.HTML:
        return list(_lines(old.source, new.source))
    return diff_sources(old.source, new.source)


def diff_sources(old: str, new: str) -> list[Change]:
    """The same for two sources that can be read."""
    return list(_mappings(_read(old), _read(new), ""))


def _read(source: str) -> Mapping[str, Any]:
    """Any source that was ever accepted, whether or not it fits what parts look like today."""
    data: Mapping[str, Any] = load_strictly(source, LARGEST_PART)[0]
    return data


def _mappings(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[Change]:
    # A mapping's names stay, new ones stand where they are, and what is gone comes last.
    for name, value in new.items():
        here = f"{at}/{name}".lstrip("/")
        yield from _values(old[name], value, here) if name in old else _leaves(value, here, ChangeKind.ADDED)
    for name, value in old.items():
        if name not in new:
            yield from _leaves(value, f"{at}/{name}".lstrip("/"), ChangeKind.REMOVED)
    before, after = [name for name in old if name in new], [name for name in new if name in old]
    if before != after:
        yield Change(at, ChangeKind.MOVED, ", ".join(before), ", ".join(after))


def _values(old: Any, new: Any, at: str) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, at)
    elif isinstance(old, Mapping) or isinstance(new, Mapping):
        yield from _leaves(old, at, ChangeKind.REMOVED)
        yield from _leaves(new, at, ChangeKind.ADDED)
    elif old != new or type(old) is not type(new):
        yield Change(at, ChangeKind.CHANGED, _text(old), _text(new))


def _leaves(value: Any, at: str, kind: ChangeKind) -> Iterator[Change]:
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _leaves(each, f"{at}/{name}", kind)
        return
    shown = _text(value)
    yield Change(at, kind, shown if kind is ChangeKind.REMOVED else None, shown if kind is ChangeKind.ADDED else None)


def _text(value: Any) -> str:
    """A text as it is, a list of texts one a line, everything else as YAML writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    written: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10_000)
    return written.removesuffix("\n").removesuffix("...").strip()


def _lines(old: str, new: str) -> Iterator[Change]:
    before, after = old.splitlines(), new.splitlines()
    kinds = {"insert": ChangeKind.ADDED, "delete": ChangeKind.REMOVED, "replace": ChangeKind.CHANGED}
    for what, first, last, new_first, new_last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what in kinds:
            removed, added = "\n".join(before[first:last]), "\n".join(after[new_first:new_last])
            kind = kinds[what]
            yield Change(
                f"line {new_first + 1}", kind,
                None if kind is ChangeKind.ADDED else removed, None if kind is ChangeKind.REMOVED else added,
            )  # fmt: skip
