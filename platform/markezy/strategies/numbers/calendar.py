"""When which step is done: as early as it may be, as many at a time as the lead's hours allow.

Needed steps are placed first and always, each early enough for the needed ones that wait for it; to be early, they may fill a week with
half as many hours again. The others follow in the order of their
months and of the file, each in the first week from which it fits; what fits nowhere is put off, and with it what waits for it. A step
that is not in this plan is no reason to wait: those after it wait for what it would have waited for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from markezy.strategies.numbers.assumptions import WEEKS, StepRule
from markezy.strategies.numbers.model import Step

DAYS_A_MONTH = 30
FIRST_WEEKS = (1, 6, 10)
"""The first week of each month: the first one whose Monday lies in it."""
_STRETCH = Decimal("1.5")
"""What may not wait for room is worth a longer week."""


@dataclass(frozen=True)
class Placed:
    """Which steps are done, and which come after the 90 days."""

    steps: tuple[Step, ...]
    put_off: tuple[str, ...]


def first_week(rule: StepRule) -> int:
    """The week in which the step may begin."""
    return max(FIRST_WEEKS[rule.month - 1], rule.week or 1)


def place(rules: Mapping[str, StepRule], channels: Mapping[str, str | None], hours: Decimal, start: date) -> Placed:
    """The calendar of the steps in `channels` (each with its channel), with so many `hours` a week from `start`, a Monday."""
    waits = {id_: _waited_for(id_, rules, channels) for id_ in channels}
    ordered = _ordered(rules, waits)
    needed = [id_ for id_ in ordered if rules[id_].needed]
    latest = _latest_ends(needed, rules, waits)
    load = [Decimal(0)] * (WEEKS + 1)
    weeks: dict[str, tuple[int, int]] = {}
    put_off: list[str] = []
    for id_ in [*needed, *(id_ for id_ in ordered if not rules[id_].needed)]:
        rule = rules[id_]
        if any(before in put_off for before in waits[id_]):
            put_off.append(id_)
            continue
        earliest = max([first_week(rule), *(weeks[before][1] + 1 for before in waits[id_])])
        last_start = latest.get(id_, WEEKS) - rule.weeks + 1
        share = rule.hours / rule.weeks
        room = hours * _STRETCH if rule.needed else hours
        fitting = (
            week
            for week in range(earliest, last_start + 1)
            if not share or all(spent + share <= room for spent in load[week : week + rule.weeks])
        )
        first = next(fitting, earliest if rule.needed else None)
        if first is None:
            put_off.append(id_)
            continue
        weeks[id_] = (first, first + rule.weeks - 1)
        for week in range(first, first + rule.weeks):
            load[week] += share
    steps = [_step(id_, rules[id_], channels[id_], weeks[id_], start) for id_ in weeks]
    return Placed(tuple(sorted(steps, key=lambda step: (step.first_week, step.id))), tuple(put_off))


def _waited_for(id_: str, rules: Mapping[str, StepRule], present: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for before in rules[id_].after:
        found |= {before} if before in present else _waited_for(before, rules, present)
    return frozenset(found)


def _ordered(rules: Mapping[str, StepRule], waits: Mapping[str, frozenset[str]]) -> list[str]:
    """By earliest week and place in the file, but nothing before what it waits for."""
    files_order = {id_: place for place, id_ in enumerate(rules)}
    left = sorted(waits, key=lambda id_: (first_week(rules[id_]), files_order[id_]))
    ordered: list[str] = []
    while left:
        ready = next(id_ for id_ in left if waits[id_] <= set(ordered))
        left.remove(ready)
        ordered.append(ready)
    return ordered


def _latest_ends(
    needed: list[str], rules: Mapping[str, StepRule], waits: Mapping[str, frozenset[str]]
) -> dict[str, int]:
    latest = dict.fromkeys(needed, WEEKS)
    for id_ in reversed(needed):
        for before in waits[id_]:
            latest[before] = min(latest[before], latest[id_] - rules[id_].weeks)
    return latest


def _step(id_: str, rule: StepRule, channel: str | None, weeks: tuple[int, int], start: date) -> Step:
    first = start + timedelta(weeks=weeks[0] - 1)
    last = start + timedelta(weeks=weeks[1] - 1, days=4)
    month = (first - start).days // DAYS_A_MONTH + 1
    return Step(id_, channel, month, weeks[0], weeks[1], first, last, rule.hours)
