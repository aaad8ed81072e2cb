"""What is wrong with a plan part, at which place, and how to mend it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from markezy.kernel.errors import Invalid
from markezy.strategies.numbers.assumptions import (
    KNOWN_CHANNELS,
    WEEKS,
    Assumptions,
    KpiRule,
    PlanPart,
    StepRule,
    Tilt,
    without_nulls,
)  # fmt: skip
from markezy.strategies.numbers.calendar import first_week

_MENDS = {
    "extra_forbidden": "Remove it: docs/strategy-numbers.md lists what may stand here.",
    "missing": "Add it, or remove what it belongs to.",
    "string_type": "Put it in quotation marks if it is meant as a word: YAML reads yes, no, on and bare numbers as something else.",
    "too_short": "Write as many figures as docs/strategy-numbers.md shows here.",
    "too_long": "Write as many figures as docs/strategy-numbers.md shows here.",
    "value_error": "Write the lower figure first.",
    "less_than_equal": "Write a figure within the bounds; shares are written as 0.05 for 5 %.",
    "greater_than": "Write a figure above it; what shall not count is removed with null.",
}
_MEND = "Write it as docs/strategy-numbers.md describes."
_UNITS = {
    "clicks": "count", "results": "count", "cost_per_result": "money", "revenue": "money", "conversion": "percent",
    "return": "ratio",
}  # fmt: skip


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong: the place in the file (`channels/search_ads/weight`), the problem, and what to do."""

    place: str
    problem: str
    mend: str


def check_partial(part: Mapping[str, Any]) -> list[Flaw]:
    """What is wrong with a layer's share of a plan part: shape and types. What it leaves out, other layers may hold."""
    return [flaw for kind, flaw in _misshapen(part) if kind != "missing"]


def check_whole(part: Mapping[str, Any]) -> list[Flaw]:
    """What keeps a merged plan part from being counted with."""
    misshapen = [flaw for _, flaw in _misshapen(part)]
    if misshapen:
        return misshapen
    whole = PlanPart.model_validate(without_nulls(part))
    return list(_emptied(whole)) or list(_contradictions(whole))


def read_assumptions(part: Mapping[str, Any]) -> Assumptions:
    """A merged plan part, ready to count with; Invalid, with `findings`, when it isn't."""
    flaws = check_whole(part)
    if flaws:
        first = flaws[0]
        raise Invalid(
            f"The figures can't be counted with ({len(flaws)} problem(s)). {first.place}: {first.problem} {first.mend}",
            findings=[asdict(flaw) for flaw in flaws],
        )
    return Assumptions(PlanPart.model_validate(without_nulls(part)))


def _misshapen(part: Mapping[str, Any]) -> list[tuple[str, Flaw]]:
    try:
        PlanPart.model_validate(without_nulls(part))
    except ValidationError as error:
        return [
            (
                item["type"],
                Flaw(
                    "/".join(str(step) for step in item["loc"] if step != "[key]"),
                    f"{item['msg'].removeprefix('Value error, ')}.",
                    _MENDS.get(item["type"], _MEND),
                ),
            )
            for item in error.errors(include_url=False, include_input=False)
        ]
    return []


def _emptied(part: PlanPart) -> Iterator[Flaw]:
    for place, entries in (("channels", part.channels), ("sizes", part.sizes)):
        if not entries:
            yield Flaw(place, "Nothing is left here.", "Write at least one.")


def _contradictions(part: PlanPart) -> Iterator[Flaw]:
    yield from _facts(part)
    yield from _channels(part)
    yield from _tilts(part)
    yield from _sizes(part)
    yield from _kpis(part)
    yield from _steps(part)


def _facts(part: PlanPart) -> Iterator[Flaw]:
    for fact, rule, known in (
        ("objective", part.facts.objective, part.objectives),
        ("maturity", part.facts.maturity, part.maturities),
    ):
        for place, named in ((f"options/{option}", id_) for option, id_ in rule.options.items()):
            yield from _unknown(f"facts/{fact}/{place}", fact, named, known)
        yield from _unknown(f"facts/{fact}/default", fact, rule.default, known)


def _channels(part: PlanPart) -> Iterator[Flaw]:
    for id_, rule in part.channels.items():
        if rule.buys and not rule.source:
            yield Flaw(
                f"channels/{id_}/source", "Nothing says what the figures of this channel rest on.",
                "Add one line: a report by name and year, or “own experience”, or “planning assumption”.",
            )  # fmt: skip


def _tilts(part: PlanPart) -> Iterator[Flaw]:
    tilts: dict[str, Tilt] = {f"objectives/{id_}": rule.tilt for id_, rule in part.objectives.items()}
    tilts |= {f"sizes/{id_}": rule.tilt for id_, rule in part.sizes.items()}
    tilts |= {f"maturities/{id_}": rule.tilt for id_, rule in part.maturities.items()}
    for place, tilt in tilts.items():
        for channel in tilt:
            yield from _unknown_channel(f"{place}/tilt/{channel}", channel, part)


def _sizes(part: PlanPart) -> Iterator[Flaw]:
    *bounded, last = part.sizes.items()
    reached = Decimal(0)
    for id_, size in bounded:
        if size.below is None or size.below <= reached:
            yield Flaw(
                f"sizes/{id_}/below", "Sizes stand in order, and each but the last says below which budget it ends.",
                f"Write an amount above {reached}.",
            )  # fmt: skip
            return
        reached = size.below
    if last[1].below is not None:
        yield Flaw(
            f"sizes/{last[0]}/below", "No size is left for the largest budgets.", "Remove `below` from the last size."
        )


def _kpis(part: PlanPart) -> Iterator[Flaw]:
    for id_, objective in part.objectives.items():
        for kpi in objective.kpis:
            yield from _unknown(f"objectives/{id_}/kpis", "figure", kpi, part.kpis)
    for id_, rule in part.kpis.items():
        yield from _unknown_conditions(f"kpis/{id_}", rule, part)
        for channel in rule.channels:
            yield from _unknown_channel(f"kpis/{id_}/channels", channel, part)
        if (rule.counted is None) == (rule.range is None):
            yield Flaw(f"kpis/{id_}", "A figure is either counted or given.", "Write `from` or `range`, one of them.")
        elif rule.counted and _UNITS[rule.counted] != rule.unit:
            yield Flaw(
                f"kpis/{id_}/unit", f"What is counted from {rule.counted} is no {rule.unit}.",
                f"Write {_UNITS[rule.counted]}.",
            )  # fmt: skip


def _steps(part: PlanPart) -> Iterator[Flaw]:
    sound = True
    for id_, rule in part.steps.items():
        place = f"steps/{id_}"
        yield from _unknown_conditions(place, rule, part)
        for channel in (rule.channel,) if isinstance(rule.channel, str) else rule.channel or ():
            yield from _unknown_channel(f"{place}/channel", channel, part)
        for before in rule.after:
            if before not in part.steps:
                sound = False
                yield from _unknown(f"{place}/after", "step", before, part.steps)
            elif rule.needed and not part.steps[before].needed:
                yield Flaw(
                    f"{place}/after", f"A step that is never put off waits for {before}, which may be.",
                    f"Make {before} `needed` as well, or do not wait for it.",
                )  # fmt: skip
    if sound:
        yield from _order(part.steps)


def _order(steps: Mapping[str, StepRule]) -> Iterator[Flaw]:
    """Steps that wait for themselves, and those that end too late even if every hour of the day were free."""
    ends: dict[str, int] = {}

    def end(id_: str, waiting: tuple[str, ...]) -> int:
        if id_ in waiting:
            raise RecursionError(id_)
        if id_ not in ends:
            rule = steps[id_]
            start = max([first_week(rule), *(end(before, (*waiting, id_)) + 1 for before in rule.after)])
            ends[id_] = start + rule.weeks - 1
        return ends[id_]

    for id_ in steps:
        try:
            late = end(id_, ()) > WEEKS
        except RecursionError:
            yield Flaw(f"steps/{id_}/after", "The step waits for itself.", "Take one of these steps out of `after`.")
            return
        if late:
            yield Flaw(
                f"steps/{id_}", f"It can't end within {WEEKS} weeks, whatever the hours.",
                "Let it begin earlier, take fewer weeks, or wait for less.",
            )  # fmt: skip


def _unknown_conditions(place: str, rule: StepRule | KpiRule, part: PlanPart) -> Iterator[Flaw]:
    for objective in rule.objectives:
        yield from _unknown(f"{place}/objectives", "objective", objective, part.objectives)
    for maturity in rule.maturities:
        yield from _unknown(f"{place}/maturities", "maturity", maturity, part.maturities)


def _unknown_channel(place: str, channel: str, part: PlanPart) -> Iterator[Flaw]:
    if channel not in KNOWN_CHANNELS:
        yield from _unknown(place, "channel", channel, part.channels)


def _unknown(place: str, what: str, named: str, known: Mapping[str, object]) -> Iterator[Flaw]:
    if named not in known:
        yield Flaw(place, f"There is no {what} {named}.", f"Write one of: {', '.join(known)}.")
