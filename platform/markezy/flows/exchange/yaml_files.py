"""A flow as one YAML file, written for people: what `export_flow` writes, `import_flow` reads back unchanged."""

from collections.abc import Iterator, Mapping
from textwrap import indent
from typing import Any

import yaml
from pydantic import ValidationError

from markezy.flows.definition import FlowDefinition
from markezy.flows.exchange.flow_file import FileProblem, FlowFile, UnreadableFlow
from markezy.flows.exchange.reading_order import in_reading_order
from markezy.flows.exchange.strict_yaml import load_strictly

SCHEMA = "flow.schema.json"
_LONGEST_NAME = 200
_LONGEST_LINE = 110
"""Characters of a list or mapping that still stands on one line."""
_SPACED = frozenset({"questions", "ends", "faqs"})
"""Sections whose entries stand apart."""


def export_flow(definition: FlowDefinition, name: str, slug: str, schema: str = SCHEMA) -> str:
    """The file's text. `schema` is where editors find the JSON Schema, seen from the file."""
    data = _people_s_numbers(in_reading_order(definition.model_dump(mode="json", exclude_defaults=True)))
    parts = [f"# yaml-language-server: $schema={schema}", _dump({"name": name, "slug": slug}).rstrip()]
    for section, content in data.items():
        if section in _SPACED and content:
            entries = "\n\n".join(
                indent(_dump({id_: entry}).rstrip(), "  ", lambda _: True) for id_, entry in content.items()
            )
            parts.append(f"{section}:\n{entries}")
        else:
            parts.append(_dump({section: content}).rstrip())
    return "\n\n".join(parts) + "\n"


def import_flow(text: str) -> FlowFile:
    """What the file says. UnreadableFlow, with lines, when it is no flow."""
    data, lines = load_strictly(text)
    if not isinstance(data, dict):
        raise UnreadableFlow(FileProblem(1, "", "A flow is a mapping with `questions`, `ends` and so on."))
    named = {key: data.pop(key, None) for key in ("name", "slug")}
    for key, value in named.items():
        if value is not None and not (isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME):
            raise UnreadableFlow(
                FileProblem(lines[key], key, f"A text of 1 to {_LONGEST_NAME} characters belongs here.")
            )
    try:
        definition = FlowDefinition.model_validate(data)
    except ValidationError as error:
        raise UnreadableFlow(*_problems(error, lines)) from None
    return FlowFile(definition, named["name"], named["slug"], lines)


def _problems(error: ValidationError, lines: Mapping[str, int]) -> Iterator[FileProblem]:
    for item in error.errors(include_url=False, include_input=False):
        steps = [str(step) for step in item["loc"] if step != "[key]"]
        at = "/".join(steps)
        while steps and "/".join(steps) not in lines:
            steps.pop()
        yield FileProblem(lines.get("/".join(steps)), at, item["msg"].removeprefix("Value error, "))


def _people_s_numbers(data: Any) -> Any:
    """5 for 5.0."""
    if isinstance(data, dict):
        return {key: _people_s_numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_people_s_numbers(value) for value in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data


class _Dumper(yaml.SafeDumper):
    """Short lists and mappings of plain values on one line, texts of several lines as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Top(dict[str, Any]):
    """A mapping that never stands on one line."""


def _dump(data: dict[str, Any]) -> str:
    dumped: str = yaml.dump(_Top(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    return dumped


def _short(values: list[Any]) -> bool:
    plain = all(isinstance(value, str | int | float | bool) and "\n" not in str(value) for value in values)
    return plain and sum(len(str(value)) + 4 for value in values) <= _LONGEST_LINE


def _mapping(dumper: _Dumper, data: dict[str, Any]) -> yaml.Node:
    on_one_line = not isinstance(data, _Top) and _short([*data, *data.values()])
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=on_one_line)


def _sequence(dumper: _Dumper, data: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=_short(data))


def _text(dumper: _Dumper, data: str) -> yaml.Node:
    # A block that keeps empty lines at its end would end the whole document (`...`).
    open_ended = data.endswith("\n\n") or not data.strip()
    ordinary = all(line.isprintable() for line in data.split("\n")) and not (open_ended and data)
    style = ("|" if "\n" in data else None) if ordinary else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(_Top, _mapping)
_Dumper.add_representer(list, _sequence)
_Dumper.add_representer(str, _text)
