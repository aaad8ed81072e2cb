"""Conditions of which one holds now and then where another one does, so that their order decides where a lead goes.

Of a cascade, where one condition holds wherever the other does ("from 5,000", then "from 1,000"), nothing is said: there the
order is meant. Nor of conditions on different answers: which of these matters more, only the order can say.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from markezy.flows.answer_space import with_computed
from markezy.flows.checks.finding import WARNING, Finding
from markezy.flows.checks.followed import exits
from markezy.flows.definition import FlowDefinition
from markezy.flows.expressions import read_expression
from markezy.flows.paths import Moment, Trace

_Opened = dict[tuple[bool, ...], Moment]
_Step = tuple[str, str | None, Any]
"""A place, its condition, and what it leads to."""


def overlapping_conditions(definition: FlowDefinition, traced: Trace) -> Iterator[Finding]:
    """Pairs of transitions of one question, and of rules, that lead the same lead to different places."""
    for id_, question in definition.questions.items():
        ways = [(f"questions/{id_}/next/{place}", way.when, way.to) for place, way in enumerate(question.next)]
        yield from _pairs(definition, traced, ways, traced.ways.get(id_, {}))
    rules = [
        (f"rules/{place}", definition.rules[place].when, definition.rules[place].to) for place in exits(definition)
    ]
    opened = {tuple(each[place] for place in exits(definition)): moment for each, moment in traced.rules.items()}
    yield from _pairs(definition, traced, rules, opened)


def _pairs(definition: FlowDefinition, traced: Trace, steps: Sequence[_Step], opened: _Opened) -> Iterator[Finding]:
    for one, other in combinations(range(len(steps)), 2):
        (at, first, to), (at_other, second, to_other) = steps[one], steps[other]
        if first is None or second is None or to == to_other:
            continue
        facts = _facts(definition, first), _facts(definition, second)
        moment = _meeting(opened, one, other)
        if moment is None or not facts[0] & facts[1]:
            continue
        example = traced.told(moment, facts[0] | facts[1])
        yield Finding(
            at_other,
            "overlapping_conditions",
            f"`{first}` ({at}, to {to!r}) and `{second}` ({at_other}, to {to_other!r}) both hold for some leads, for example with "
            f"{_shown(example)}. They go to {to!r}, because it is written first.",
            "Narrow one of the two conditions so that no answer fits both.",
            WARNING,
        )


def _meeting(opened: _Opened, one: int, other: int) -> Moment | None:
    """A lead for whom both hold, if each of the two also holds alone; leads whom an earlier one takes don't count."""
    undecided = [each for each in opened if not any(each[:one])]
    alone = {(each[one], each[other]) for each in undecided}
    if not {(True, False), (False, True)} <= alone:
        return None
    return next((opened[each] for each in undecided if each[one] and each[other]), None)


def _facts(definition: FlowDefinition, source: str) -> frozenset[str]:
    named = (read_expression(each).facts for each in with_computed(definition, [source]))
    return frozenset(fact for facts in named for fact in facts if not fact.startswith("computed."))


def _shown(example: dict[str, Any]) -> str:
    return " and ".join(f"{fact.removeprefix('answers.')} = {_written(example[fact])}" for fact in sorted(example))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
