"""What is different between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_ALIKE = 0.4
"""Texts with less in common than this are easier to read one after the other than woven together."""


@dataclass(frozen=True)
class Piece:
    """A run of words: `kind` is `same`, `ins` or `del`."""

    kind: str
    text: str


def pieces(before: str | None, after: str | None) -> list[Piece]:
    """How the first text becomes the second."""
    old, new = _WORDS.findall(before or ""), _WORDS.findall(after or "")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return [Piece(kind, text) for kind, text in (("del", before), ("ins", after)) if text]
    return list(_woven(matcher, old, new))


def _woven(matcher: "SequenceMatcher[str]", old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, first, last, new_first, new_last in matcher.get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old[first:last]))
            continue
        if last > first:
            yield Piece("del", "".join(old[first:last]))
        if new_last > new_first:
            yield Piece("ins", "".join(new[new_first:new_last]))
