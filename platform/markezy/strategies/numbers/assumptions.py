"""The plan part of a strategy's layers as data: what its YAML may say, and when it is whole.

`PlanPart` is the shape of a plan part in which nothing is missing; a layer holds some of it (`check_partial`). Once the layers are
merged, `read_assumptions` makes it `Assumptions`: whole, and everything it refers to exists (both in `checking`).
docs/strategy-numbers.md explains each figure.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, NewType

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from markezy.strategies.numbers.model import Range

KNOWN_CHANNELS = (
    "search_ads", "social_ads", "video_ads", "linkedin_ads", "local_search", "reviews", "seo", "social", "email", "website",
    "partnerships", "portals", "events", "print", "press",
)  # fmt: skip
"""What every sector draws from. A sector that removes one may still inherit tilts and steps that speak of it."""

WEEKS = 13
MONTHS = 3


def _ordered(pair: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    if pair[0] > pair[1]:
        raise ValueError("the first figure is above the second")
    return pair


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Option = Annotated[str, Field(min_length=1, max_length=200)]
Line = Annotated[str, Field(min_length=1, max_length=400)]
Rate = Annotated[Decimal, Field(gt=0, le=1)]
Factor = Annotated[Decimal, Field(gt=0, le=100)]
Amount = Annotated[Decimal, Field(ge=0, le=1_000_000)]
Hours = Annotated[Decimal, Field(ge=0, le=168)]
Cost = Annotated[Decimal, Field(ge=Decimal("0.01"), le=100_000)]
Finite = Annotated[Decimal, Field(ge=-1_000_000_000, le=1_000_000_000)]

# Lengths are bounds of a field, not of a tuple type: a figure too few must not be taken for a part that another layer adds.
Rates = Annotated[tuple[Rate, ...], Field(min_length=2, max_length=2), AfterValidator(_ordered)]
Costs = Annotated[tuple[Cost, ...], Field(min_length=2, max_length=2), AfterValidator(_ordered)]
Ends = Annotated[tuple[Finite, ...], Field(min_length=2, max_length=2), AfterValidator(_ordered)]
Tilt = dict[Id, Factor]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChoiceRule(_Part):
    """A fact that is one of several: by the option chosen, `default` when nothing known was."""

    question: Id
    options: dict[Option, Id] = {}
    default: Id


class HoursRule(_Part):
    """How many hours a week the lead's own side has, by the option chosen."""

    question: Id
    options: dict[Option, Hours] = {}
    default: Hours


class QuestionRule(_Part):
    """A fact that is the answer itself."""

    question: Id


class ValueRule(_Part):
    """What one result is worth: the amount answered, `times` a factor where a result is more or less than that.

    2.4 guests a booking, or one customer in five inquiries.
    """

    question: Id
    times: Factor = Decimal(1)


class FactRules(_Part):
    """How answers become facts."""

    objective: ChoiceRule
    maturity: ChoiceRule
    hours: HoursRule
    running: QuestionRule
    value: ValueRule | None = None
    budget: QuestionRule


class Buys(_Part):
    """What a channel bought by the click costs and brings, from low to high."""

    cost_per_thousand: Costs
    click_rate: Rates
    result_rate: Rates


class ChannelRule(_Part):
    """A channel before anything is known of the lead."""

    weight: Annotated[Decimal, Field(gt=0, le=1000)]
    minimum: Amount = Decimal(0)
    runs_as: tuple[Option, ...] = ()
    buys: Buys | None = None
    source: Line | None = None


class ObjectiveRule(_Part):
    """What an objective changes: factors on weights, and the figures it is measured by, the most telling first."""

    tilt: Tilt = {}
    kpis: tuple[Id, ...] = ()


class SizeRule(_Part):
    """A size of budget: up to which amount in EUR a month (the last has no end), and at most how many channels it carries."""

    below: Annotated[Decimal, Field(gt=0, le=1_000_000_000)] | None = None
    most: Annotated[int, Field(ge=1, le=50)] | None = None
    tilt: Tilt = {}


class MaturityRule(_Part):
    """How far the business is: factors on weights, and the share of the full effect that each month reaches."""

    tilt: Tilt = {}
    effect: Annotated[tuple[Rate, ...], Field(min_length=MONTHS, max_length=MONTHS)]


class Currencies(_Part):
    """Rough parities, so that amounts in EUR mean something for a budget in another currency."""

    per_euro: dict[
        Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[Decimal, Field(ge=Decimal("0.0001"), le=100_000)]
    ] = {}
    source: Line


class _Conditional(_Part):
    """What may keep a step or a figure out of a plan; each condition given must hold."""

    objectives: tuple[Id, ...] = ()
    maturities: tuple[Id, ...] = ()
    when_answered: Id | None = None
    when_chosen: dict[Id, tuple[Option, ...]] = {}
    """By question the options of which one must have been chosen."""


class StepRule(_Conditional):
    """A piece of work: the earliest month (and `week`, 1 to 13), how many weeks it takes, the lead's own hours in all.

    It is placed when its channel is in the plan; of several channels the first that is. A `needed` step is never put off.
    """

    channel: Id | tuple[Id, ...] | None = None
    month: Annotated[int, Field(ge=1, le=MONTHS)]
    week: Annotated[int, Field(ge=1, le=WEEKS)] | None = None
    weeks: Annotated[int, Field(ge=1, le=WEEKS)] = 1
    hours: Annotated[Decimal, Field(ge=0, le=1000)]
    after: tuple[Id, ...] = ()
    needed: bool = False


class KpiRule(_Conditional):
    """A figure to measure by: read from the plan's third month, or a fixed range.

    With `channels` it is there when one of them is in the plan; what is counted from ads, when one bought by the click is.
    """

    unit: Literal["count", "percent", "money", "ratio", "change"]
    counted: Literal["clicks", "results", "cost_per_result", "revenue", "conversion", "return"] | None = Field(
        None, alias="from"
    )
    range: Ends | None = None
    channels: tuple[Id, ...] = ()


class PlanPart(_Part):
    """A whole plan part."""

    facts: FactRules
    channels: Annotated[dict[Id, ChannelRule], Field(max_length=50)]
    objectives: dict[Id, ObjectiveRule]
    sizes: dict[Id, SizeRule]
    maturities: dict[Id, MaturityRule]
    running_tilt: Factor = Decimal(1)
    currencies: Currencies
    steps: Annotated[dict[Id, StepRule], Field(max_length=100)] = {}
    kpis: Annotated[dict[Id, KpiRule], Field(max_length=100)] = {}


Assumptions = NewType("Assumptions", PlanPart)
"""A plan part whose references were checked; only `read_assumptions` makes one."""


def without_nulls(part: Any) -> Any:
    """What is left when `null` removes its key, as merging does."""
    if isinstance(part, Mapping):
        return {key: without_nulls(value) for key, value in part.items() if value is not None}
    return part


def range_of(pair: tuple[Decimal, ...]) -> Range:
    """The two figures of a plan part as a range."""
    return Range(pair[0], pair[1])
