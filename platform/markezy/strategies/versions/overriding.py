"""One text of a part put in or taken out, in the source as somebody wrote it: their comments and their order stay. Pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from markezy.kernel.strict_yaml import UnreadableYaml, load_strictly
from markezy.strategies.layers.layer import LARGEST_PART
from markezy.strategies.layers.merging import Place

_LINE_BREAK = re.compile(r"\s*\n\s*")
_INDENT = 2

Value = str | Sequence[str]
"""A text, or the cells of a row."""


def with_value(source: str, place: Place, value: Value) -> str:
    """The source with this value at the place, whatever stood there. UnreadableYaml when the source can't be read.

    Where it can't be done within the lines as they stand, the source is written anew, without its comments.
    """
    said = _one_line(value) if isinstance(value, str) else [_one_line(each) for each in value]
    wanted = _set(_read(source), place, said)
    return _if_it_says(wanted, _put(source, place, said))


def without(source: str, place: Place) -> str:
    """The source that says nothing at the place, nor at what would be empty around it; again with its comments if that can be."""
    data = _read(source)
    wanted = _removed(data, place)
    if wanted == data:
        return source
    return _if_it_says(wanted, _cut(source, place))


def _one_line(text: str) -> str:
    # Documents set texts anew, so that a break says no more than a blank.
    return _LINE_BREAK.sub(" ", text.strip())


def _read(source: str) -> Mapping[str, Any]:
    if not _says_something(source):
        return {}
    data, _ = load_strictly(source, LARGEST_PART)
    if not isinstance(data, Mapping):
        raise UnreadableYaml(1, "", "A layer is a mapping of names.")
    return data


def _says_something(source: str) -> bool:
    """Whether there is more than comments in it."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())


def _set(data: Mapping[str, Any], place: Place, value: Any) -> dict[str, Any]:
    step, *rest = place
    below = data.get(step)
    inner = _set(below if isinstance(below, Mapping) else {}, tuple(rest), value) if rest else value
    return {**data, step: inner}


def _removed(data: Mapping[str, Any], place: Place) -> dict[str, Any]:
    step, *rest = place
    if step not in data:
        return dict(data)
    if rest:
        if not isinstance(data[step], Mapping):
            return dict(data)
        inner = _removed(data[step], tuple(rest))
        if inner:
            return {**data, step: inner}
    return {name: each for name, each in data.items() if name != step}


def _if_it_says(wanted: Mapping[str, Any], written: str | None) -> str:
    """What was written if it says just what is wanted; else that, written anew."""
    try:
        if written is not None and _read(written) == wanted:
            return written
    except UnreadableYaml:
        pass
    return yaml.safe_dump(dict(wanted), allow_unicode=True, sort_keys=False, width=10_000)


def _put(source: str, place: Place, value: Any) -> str:
    node = _compose(source)
    if node is None:
        return _ended(source) + _block(place, value, 0)
    for depth, step in enumerate(place):
        rest = place[depth:]
        found = _entry(node, step)
        if found is None:
            return _into(source, node, rest, value)
        _, below = found
        if depth == len(place) - 1 or not isinstance(below, MappingNode):
            flow = _flow(rest[1:], value)
            start, end = below.start_mark.index, _end_of(source, below)
            return source[:start] + (f" {flow}" if start == end else flow) + source[end:]
        node = below
    raise ValueError("a place has steps")


def _into(source: str, node: MappingNode, place: Place, value: Any) -> str:
    """The mapping with one entry more, its last."""
    if node.flow_style:
        end = node.end_mark.index - 1
        before = source[:end].rstrip()
        comma = "" if before.endswith(("{", ",")) else ", "
        return before + comma + _flow(place, value)[1:-1] + source[end:]
    end = source.find("\n", _end_of(source, node))
    head, tail = (source, "") if end < 0 else (source[:end], source[end + 1 :])
    return _ended(head) + _block(place, value, node.start_mark.column) + tail


def _cut(source: str, place: Place) -> str | None:
    """Without the lines of the entry, or of the outermost that holds nothing else; None when it does not stand in lines of its own."""
    node, cut = _compose(source), None
    for step in place:
        found = _entry(node, step)
        if found is None or not isinstance(node, MappingNode) or node.flow_style:
            return None
        if cut is None or len(node.value) > 1:
            cut = found
        _, node = found
    if cut is None:
        return None
    key, below = cut
    start = source.rfind("\n", 0, key.start_mark.index) + 1
    end = source.find("\n", _end_of(source, below))
    left = source[:start] + ("" if end < 0 else source[end + 1 :])
    return left if _says_something(left) else f"{left}{{}}\n"


def _compose(source: str) -> Any:
    return yaml.compose(source, Loader=yaml.SafeLoader)


def _entry(node: Any, name: str) -> tuple[Node, Any] | None:
    pairs = node.value if isinstance(node, MappingNode) else []
    return next(((key, below) for key, below in pairs if key.value == name), None)


def _end_of(source: str, node: Any) -> int:
    """Behind the node's last character: blocks are said to end where the next thing begins."""
    last = list(_leaves(node))[-1].end_mark.index
    return len(source[:last].rstrip()) if node.start_mark.index < last else last


def _leaves(node: Any) -> Iterator[Any]:
    if isinstance(node, MappingNode) and node.value and not node.flow_style:
        for key, below in node.value:
            yield key
            yield from _leaves(below)
    elif isinstance(node, SequenceNode) and node.value and not node.flow_style:
        for below in node.value:
            yield from _leaves(below)
    else:
        yield node


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _block(place: Place, value: Any, column: int) -> str:
    lines = [f"{' ' * (column + _INDENT * depth)}{step}:" for depth, step in enumerate(place)]
    return "\n".join(lines) + f" {_flow((), value)}\n"


def _flow(place: Place, value: Any) -> str:
    # A text in JSON is one in YAML, too.
    written = json.dumps(value, ensure_ascii=False)
    for step in reversed(place):
        written = f"{{{step}: {written}}}"
    return written
