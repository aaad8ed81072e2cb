"""All that can be the case at one place of a flow, as far as some conditions can tell it apart."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import product
from math import prod
from typing import Any

from markezy.flows.answer_space import ABSENT, Kinds, kinds_of, with_computed
from markezy.flows.checks.samples import computed_on
from markezy.flows.conditions import Facts
from markezy.flows.definition import FlowDefinition
from markezy.flows.expressions import read_expression

MOST_COMBINATIONS = 4096
"""Beyond it, as many are drawn at random; what holds for these says nothing about all."""


class Presence(Enum):
    """Whether a question has an answer at a place."""

    ALWAYS = auto()
    MAYBE = auto()
    NEVER = auto()


@dataclass(frozen=True)
class Combinations:
    """Facts, one of each kind that the conditions can tell apart."""

    facts: tuple[Facts, ...]
    exact: bool
    """Whether these stand for everything that can be the case."""


def combinations(
    definition: FlowDefinition, sources: Iterable[str], presence: Callable[[str], Presence]
) -> Combinations:
    """The facts `sources` can tell apart at a place where questions are answered as `presence` says."""
    wanted = with_computed(definition, sources)
    named = sorted(fact for source in wanted for fact in read_expression(source).facts if "." in fact or fact in _PLAIN)
    kinds = {fact: _kinds(definition, fact, wanted, presence) for fact in dict.fromkeys(named) if not _is_field(fact)}
    whole_maps = any(fact in _MAPS for source in wanted for fact in read_expression(source).facts)
    total = prod(len(each.values) for each in kinds.values())
    exact = total <= MOST_COMBINATIONS and all(each.exact for each in kinds.values()) and not whole_maps
    picked = product(*(each.values for each in kinds.values())) if total <= MOST_COMBINATIONS else _drawn(kinds)
    return Combinations(tuple(_facts(definition, dict(zip(kinds, values, strict=True))) for values in picked), exact)


_PLAIN = frozenset({"channel", "locale", "score"})
_MAPS = frozenset({"answers", "computed", "hidden", "utm"})


def _is_field(fact: str) -> bool:
    return fact.startswith("computed.")


def _kinds(definition: FlowDefinition, fact: str, sources: list[str], presence: Callable[[str], Presence]) -> Kinds:
    if fact == "score":
        return _scores(definition, sources)
    kinds = kinds_of(definition, fact, sources)
    kind, _, name = fact.partition(".")
    known = presence(name) if kind == "answers" else Presence.MAYBE if kind in ("hidden", "utm") else Presence.ALWAYS
    if known is Presence.NEVER:
        return Kinds((ABSENT,), exact=True)
    return Kinds((*kinds.values, ABSENT), kinds.exact) if known is Presence.MAYBE else kinds


def _scores(definition: FlowDefinition, sources: list[str]) -> Kinds:
    """Scores around the ones compared with, within what the scoring rules can add up to."""
    least = sum(min(rule.points, 0) for rule in definition.scoring)
    most = sum(max(rule.points, 0) for rule in definition.scoring)
    readings = [read_expression(source) for source in sources]
    near = {
        int(literal) + shift
        for reading in readings
        for each in reading.comparisons
        for literal in each.literals
        if each.fact == "score" and not isinstance(literal, str)
        for shift in (-1, 0, 1)
    }
    inside = {score for score in near if least <= score <= most} | {least, most}
    return Kinds(tuple(sorted(inside)), exact=not any("score" in reading.opaque for reading in readings))


def _drawn(kinds: Mapping[str, Kinds]) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(0)  # noqa: S311 — the same sample at every check is the point
    for _ in range(MOST_COMBINATIONS):
        yield tuple(chance.choice(each.values) for each in kinds.values())


def _facts(definition: FlowDefinition, values: Mapping[str, Any]) -> Facts:
    facts: dict[str, Any] = {
        "answers": {},
        "computed": {},
        "hidden": {},
        "utm": {},
        "channel": definition.channels[0].value,
        "locale": definition.locales[0],
        "score": 0,
    }
    for fact, value in values.items():
        kind, _, name = fact.partition(".")
        if not name:
            facts[kind] = value
        elif value is not ABSENT:
            facts[kind][name] = value
    return Facts({**facts, "computed": computed_on(definition, facts)} if definition.computed else facts)
