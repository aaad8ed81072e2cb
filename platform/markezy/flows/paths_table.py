"""The ways through a flow as a table for a terminal."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markezy.flows.definition import FlowDefinition
from markezy.flows.paths import Way, Ways

_SHORTEST_STRETCH = 3
"""Fewer questions in a row are written out."""


def table(definition: FlowDefinition, found: Ways) -> Iterator[str]:
    """One line a way, then one a end.

    Questions that no way separates are written as one stretch, explained first.
    """
    stretches = _stretches([way.questions for way in found.ways])
    names = {stretch: f"[{stretch[0]} … {stretch[-1]}]" for stretch in stretches if len(stretch) >= _SHORTEST_STRETCH}
    for stretch, name in names.items():
        yield f"{name} = {' → '.join(stretch)}"
    if names:
        yield ""
    for number, way in enumerate(found.ways, 1):
        yield f"{number:>4}. {_points(way.least, way.most)}  {way.end}: {_written(way, names)}"
    yield ""
    for id_, end in definition.ends.items():
        here = [way for way in found.ways if way.end == id_]
        if here:
            least, most = min(way.least for way in here), max(way.most for way in here)
            yield f"{id_} ({end.outcome.value}): {len(here)} way(s), {_points(least, most).strip()} points"
        else:
            yield f"{id_} ({end.outcome.value}): no way found"
    total = len(found.ways)
    yield (
        f"{total} way(s) in all."
        if found.complete
        else (f"At least {total} way(s); stopped, or answers are calculated with, so that there may be more.")
    )


def _points(least: int, most: int) -> str:
    return f"{least:>4} to {most:>4}"


def _written(way: Way, names: dict[tuple[str, ...], str]) -> str:
    starts = {stretch[0]: stretch for stretch in names}
    parts: list[str] = []
    place = 0
    while place < len(way.questions):
        stretch = starts.get(way.questions[place])
        parts.append(names[stretch] if stretch else way.questions[place])
        place += len(stretch) if stretch else 1
    return " → ".join(parts)


def _stretches(trails: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Runs of questions that every trail passes as a whole or not at all."""
    after: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}
    for trail in trails:
        for one, other in pairwise(("", *trail, "")):
            after.setdefault(one, set()).add(other)
            before.setdefault(other, set()).add(one)
    stretches: list[list[str]] = []
    for question in dict.fromkeys(question for trail in trails for question in trail):
        run = next((run for run in stretches if after[run[-1]] == {question} and before[question] == {run[-1]}), None)
        if run is None:
            stretches.append([question])
        else:
            run.append(question)
    return [tuple(run) for run in stretches]
