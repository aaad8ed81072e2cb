"""The parts of an exported bot that an import looks at, read leniently: every member may be missing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markezy.flows.exchange.flow_file import FileProblem, UnreadableFlow
from markezy.flows.exchange.strict_yaml import LARGEST_FILE

Place = tuple[int, int]
"""A block: the number of its group and its own in there. One behind the last block is the group's end."""


@dataclass(frozen=True)
class Block:
    """One block. `edge` is where its own way leads on, if it has one; `items` are choices or conditions."""

    id: str
    type: str
    edge: str | None
    options: Mapping[str, Any]
    content: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Group:
    """Blocks one after the other, under a title."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Bot:
    """A whole export."""

    name: str
    groups: tuple[Group, ...]
    edges: Mapping[str, Mapping[str, Any]]
    """By id: `groupId` and perhaps `blockId` of where it leads."""
    variables: Mapping[str, str]
    """Names by id."""
    start_edge: str | None
    others: tuple[str, ...]
    """Further members that hold something, like theme and settings."""

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Blocks by id."""
        return {
            block.id: (number, place)
            for number, group in enumerate(self.groups)
            for place, block in enumerate(group.blocks)
        }

    @cached_property
    def first_blocks(self) -> Mapping[str, Place]:
        """Groups by id."""
        return {group.id: (number, 0) for number, group in enumerate(self.groups)}

    def along(self, edge: str | None) -> Place | None:
        """Where an edge leads; None for one that leads nowhere."""
        return self.at(self.edges.get(edge or "", {}))

    def at(self, target: Mapping[str, Any]) -> Place | None:
        """The place of a `groupId` and perhaps a `blockId`."""
        block = self.places.get(str(target.get("blockId")))
        return block if block is not None else self.first_blocks.get(str(target.get("groupId")))


def read_bot(text: str) -> Bot:
    """The bot of an exported file; UnreadableFlow when it is none."""
    if len(text) > LARGEST_FILE:
        raise UnreadableFlow(FileProblem(None, "", f"The file is longer than {LARGEST_FILE:,} characters."))
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFlow(FileProblem(error.lineno, "", f"This is no JSON: {error.msg}.")) from None
    except RecursionError:
        raise UnreadableFlow(FileProblem(None, "", "Lists and objects are nested too deeply.")) from None
    groups = _objects(data.get("groups")) if isinstance(data, dict) else []
    if not groups:
        raise UnreadableFlow(FileProblem(None, "groups", "This is no export of Typebot: it has no groups."))
    return Bot(
        name=_text(data.get("name")) or "Typebot",
        groups=tuple(_group(group) for group in groups),
        edges={_text(edge.get("id")): _object(edge.get("to")) for edge in _objects(data.get("edges"))},
        variables={_text(each.get("id")): _text(each.get("name")) for each in _objects(data.get("variables"))},
        start_edge=_start_edge(data, groups),
        others=tuple(key for key in ("theme", "settings", "customDomain", "resultsTablePreferences") if data.get(key)),
    )


def _start_edge(data: Mapping[str, Any], groups: list[Mapping[str, Any]]) -> str | None:
    """Since version 6 the start is an event, before that a block."""
    blocks = [block for group in groups for block in _objects(group.get("blocks"))]
    starts = [each for each in (*_objects(data.get("events")), *blocks) if each.get("type") == "start"]
    return _text(starts[0].get("outgoingEdgeId")) if starts else None


def _group(group: Mapping[str, Any]) -> Group:
    blocks = [block for block in _objects(group.get("blocks")) if block.get("type") != "start"]
    return Group(
        _text(group.get("id")),
        _text(group.get("title")) or "without a title",
        tuple(
            Block(
                id=_text(block.get("id")),
                type=_text(block.get("type")) or "unknown",
                edge=_text(block.get("outgoingEdgeId")) or None,
                options=_object(block.get("options")),
                content=_object(block.get("content")),
                items=_objects(block.get("items")),
            )
            for block in blocks
        ),
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
