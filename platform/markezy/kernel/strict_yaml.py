"""YAML without its surprises: no tags, no anchors, no duplicate keys, `no` and `12:30` stay texts; with line numbers."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent, NodeEvent
from yaml.nodes import MappingNode, Node, SequenceNode

_DEEPEST = 20


class UnreadableYaml(ValueError):
    """The text is no YAML of this kind. `line` counts from 1, `at` is the place in the data; None and "" when it is about the whole."""

    def __init__(self, line: int | None, at: str, message: str) -> None:
        self.line = line
        self.at = at
        self.message = message
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.line, self.at, self.message)


class _Loader(yaml.SafeLoader):
    """Plain scalars are what they look like in YAML 1.2, so that nobody has to quote a Norwegian's answer."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 — PyYAML's own way


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+(?:[eE][-+][0-9]+)?$"), list("-0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])


def load_strictly(text: str, largest: int) -> tuple[Any, dict[str, int]]:
    """The data, and by place (`questions/goal/next/0`) its line from 1. UnreadableYaml, also beyond `largest` characters."""
    if len(text) > largest:
        raise UnreadableYaml(None, "", f"The file is longer than {largest:,} characters.")
    try:
        _refuse_surprises(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise UnreadableYaml(None, "", "The file is empty.")
            lines = dict(_lines(node, ""))
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise UnreadableYaml(line, "", f"This is no YAML: {error.problem or error.context}.") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UnreadableYaml(line, "", "There is a character no text may contain.") from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, UnreadableYaml):
            raise
        raise UnreadableYaml(None, "", f"This is no YAML: {error}.") from None


def _refuse_surprises(text: str) -> None:
    """Before anything is built: what could grow out of all proportion, or make something else than data."""
    depth, documents = 0, 0
    for event in yaml.parse(text, Loader=_Loader):
        problem = ""
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            problem = "Anchors and aliases (& and *) are not allowed; write the text out."
        elif getattr(event, "tag", None):
            problem = "Tags (!) are not allowed; write plain texts and numbers."
        elif isinstance(event, DocumentStartEvent):
            documents += 1
            problem = "A file holds one document." if documents > 1 else ""
        elif isinstance(event, CollectionStartEvent):
            depth += 1
            problem = "Lists and mappings are nested too deeply." if depth > _DEEPEST else ""
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if problem:
            line = event.start_mark.line + 1 if event.start_mark else None
            raise UnreadableYaml(line, "", problem)


def _lines(node: Node, at: str) -> Iterator[tuple[str, int]]:
    """Places with their lines; an element of a list of options is also found by its `value`, as findings name it."""
    yield at, node.start_mark.line + 1
    if isinstance(node, SequenceNode):
        for place, each in enumerate(node.value):
            yield from _lines(each, f"{at}/{place}".lstrip("/"))
            if at.endswith("/options") and isinstance(each, MappingNode):
                for key, value in each.value:
                    if key.value == "value" and isinstance(value.value, str):
                        yield f"{at}/{value.value}", each.start_mark.line + 1
    elif isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key.value, str):
                raise UnreadableYaml(key.start_mark.line + 1, at, "A name has to be a text.")
            here = f"{at}/{key.value}".lstrip("/")
            if key.value in seen:
                raise UnreadableYaml(key.start_mark.line + 1, here, "This name is there twice.")
            seen.add(key.value)
            yield from _lines(value, here)
            yield here, key.start_mark.line + 1
