"""The source of a part as data: YAML that means what it looks like."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent
from yaml.nodes import MappingNode, Node, SequenceNode

from markezy.strategies.versions.model import Place

LONGEST_SOURCE = 200_000
"""Characters; several times what the longest of the product's parts has."""
_DEEPEST = 20


@dataclass(frozen=True)
class Finding:
    """What is wrong with a source: `at` is the place in it as `sections/audience/heading`, `line` counts from 1."""

    problem: str
    at: str = ""
    line: int | None = None


class Unreadable(Exception):
    """The source is no part of a layer."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.problem)
        self.finding = finding


def find_problems(_place: Place, source: str) -> list[Finding]:
    """What keeps the source from being read at all; what it says is checked by others."""
    try:
        read(source)
    except Unreadable as error:
        return [error.finding]
    return []


def read(source: str) -> Mapping[str, Any]:
    """The mapping a source is; Unreadable when it is none, or could grow out of proportion."""
    if len(source) > LONGEST_SOURCE:
        raise Unreadable(Finding(f"A part of a layer has at most {LONGEST_SOURCE:,} characters."))
    try:
        for problem, line in _surprises(source):
            raise Unreadable(Finding(problem, line=line))
        loader = yaml.SafeLoader(source)
        try:
            node = loader.get_single_node()
            if not isinstance(node, MappingNode):
                raise Unreadable(Finding("A part of a layer is a mapping of names to values."))
            _refuse_names(node, "")
            data: Mapping[str, Any] = loader.construct_document(node)
            return data
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise Unreadable(Finding(f"This is no YAML: {error.problem or error.context}.", line=line)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(Finding(f"This is no YAML: {error}.")) from None


def _surprises(source: str) -> Iterator[tuple[str, int | None]]:
    depth = 0
    for event in yaml.parse(source, Loader=yaml.SafeLoader):
        problem = ""
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            problem = "Anchors and aliases (& and *) are not allowed; write the text out."
        elif getattr(event, "tag", None):
            problem = "Tags (!) are not allowed; write plain texts and numbers."
        elif isinstance(event, CollectionStartEvent):
            depth += 1
            problem = "Lists and mappings are nested too deeply." if depth > _DEEPEST else ""
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if problem:
            yield problem, event.start_mark.line + 1 if event.start_mark else None


def _refuse_names(node: Node, at: str) -> None:
    """Names are texts, and each is there once."""
    if isinstance(node, SequenceNode):
        for place, each in enumerate(node.value):
            _refuse_names(each, f"{at}/{place}".lstrip("/"))
    elif isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key.value, str):
                raise Unreadable(Finding("A name has to be a text.", at, line))
            here = f"{at}/{key.value}".lstrip("/")
            if key.value in seen:
                raise Unreadable(Finding("This name is there twice.", here, line))
            seen.add(key.value)
            _refuse_names(value, here)
