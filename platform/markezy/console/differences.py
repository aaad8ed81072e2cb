"""What is different between two texts, word by word."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from typing import Any

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_ALIKE = 0.4
"""Texts with less in common than this are easier to read one after the other than woven together."""

_FEWEST_LINES = 3
_BREAK = re.compile(r"<br ?/?>")
_TAG = re.compile(r"</?[bi]>")


@dataclass(frozen=True)
class Piece:
    """A run of words: `kind` is `same`, `ins` or `del`."""

    kind: str
    text: str


def pieces(before: str | None, after: str | None) -> list[Piece]:
    """How the first text becomes the second. Lines in which nothing changes are left out."""
    old, new = _WORDS.findall(before or ""), _WORDS.findall(after or "")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return [Piece(kind, text) for kind, text in (("del", before), ("ins", after)) if text]
    woven = list(_woven(matcher, old, new))
    return [_shortened(one, place == 0, place == len(woven) - 1) for place, one in enumerate(woven)]


def _woven(matcher: "SequenceMatcher[str]", old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, first, last, new_first, new_last in matcher.get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old[first:last]))
            continue
        if last > first:
            yield Piece("del", "".join(old[first:last]))
        if new_last > new_first:
            yield Piece("ins", "".join(new[new_first:new_last]))


def _shortened(piece: Piece, first: bool, last: bool) -> Piece:
    """Of what stays the same only the rest of the line before it and the beginning of the line behind it."""
    lines = piece.text.split("\n")
    if piece.kind != "same" or len(lines) < _FEWEST_LINES:
        return piece
    kept = [] if first else [lines[0]]
    return Piece("same", "\n".join([*kept, "…", *([] if last else [lines[-1]])]))


def spoken(text: str) -> str:
    """What a block says as it is read: without its tags, breaks as breaks, a chart as the words that are drawn in it."""
    lines = (" · ".join(_drawn(json.loads(line))) if _is_chart(line) else line for line in text.split("\n"))
    return unescape(_TAG.sub("", _BREAK.sub("\n", "\n".join(lines))))


def _is_chart(line: str) -> bool:
    if not line.startswith("{"):
        return False
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _drawn(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield from (data,) if data else ()
    elif isinstance(data, (dict, list)):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _drawn(each)
