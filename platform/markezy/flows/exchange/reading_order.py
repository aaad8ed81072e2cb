"""The order in which a flow is best read. The database keeps none: questions follow the way, texts the flow's languages."""

from collections.abc import Iterator, Mapping
from typing import Any


def in_reading_order(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same definition as plain data, with the names in its mappings in another order."""
    way = list(along_the_way(data))
    locales = list(data["locales"])
    ordered = {key: _texts_in_order(value, locales) for key, value in data.items()}
    for section in ("questions", "ends"):
        names = [name for name in way if name in ordered[section]]
        names += [name for name in ordered[section] if name not in names]
        ordered[section] = {name: ordered[section][name] for name in names}
    return ordered


def along_the_way(data: Mapping[str, Any]) -> Iterator[str]:
    """Questions and ends such that each comes after what leads to it, and the questions of one branch stay together."""
    done: list[str] = []
    seen: set[str] = set()
    waiting = [(data["start"], False)]
    while waiting:
        node, followed = waiting.pop()
        if followed:
            done.append(node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            question = data["questions"].get(node, {"next": []})
            waiting += [(way["to"], False) for way in question["next"]]
    return reversed(done)


def _texts_in_order(value: Any, locales: list[str]) -> Any:
    if isinstance(value, dict):
        names = list(value)
        if value and set(names) <= set(locales):
            names = [locale for locale in locales if locale in value]
        return {name: _texts_in_order(value[name], locales) for name in names}
    if isinstance(value, list):
        return [_texts_in_order(each, locales) for each in value]
    return value
