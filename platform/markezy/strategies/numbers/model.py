"""A plan: every figure a strategy may show. Whatever the document says in numbers is taken from here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Range:
    """An estimate; both ends belong to it and `low <= high`."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Facts:
    """What the figures depend on, read from the lead's answers by the rules in the plan layer.

    `running` are ids of channels in use already; `value` is what one result is worth to the lead in the budget's currency, None when
    they did not say. `sources` tells which question each fact was read from, so that a figure can name the answers it rests on.
    """

    objective: str
    maturity: str
    hours_a_week: Decimal
    budget: Decimal | None
    currency: str
    running: frozenset[str]
    value: Decimal | None
    sources: tuple[tuple[str, str], ...]
    """(fact, question) pairs, for the facts that were answered."""


@dataclass(frozen=True)
class Forecast:
    """What an amount can bring: views (somebody may be reached twice), clicks, results (what the sector counts), and what one costs."""

    reach: Range
    clicks: Range
    results: Range
    cost_per_result: Range


@dataclass(frozen=True)
class ChannelPlan:
    """What a channel gets a month: whole percents of the budget, and the amount when the budget is known.

    `forecast` is a month at full effect; None without a budget, and for channels that are not bought by the click.
    """

    id: str
    percent: int
    amount: Decimal | None
    running: bool
    forecast: Forecast | None


@dataclass(frozen=True)
class Month:
    """One of the three months. `effect` is the share of the full effect it reaches, 0 to 1."""

    number: int
    first: date
    last: date
    effect: Decimal
    spend: Decimal | None
    forecast: Forecast | None
    ad_spend: Decimal | None = None
    """The part of `spend` that goes to the channels with a forecast: what `cost_per_result` is counted from."""


@dataclass(frozen=True)
class Step:
    """A piece of work in the calendar. `channel` is None for what belongs to none; `hours` are the lead's own."""

    id: str
    channel: str | None
    month: int
    first_week: int
    last_week: int
    first: date
    last: date
    hours: Decimal


@dataclass(frozen=True)
class Kpi:
    """A figure to measure by. `range` is its target after 90 days in `unit`: count, percent, money, ratio or change (percent points up);
    None when it can't be said without a budget or an answer that is missing.
    """

    id: str
    unit: str
    range: Range | None


@dataclass(frozen=True)
class Plan:
    """Everything counted for one lead.

    Percents of `channels` (largest first) add up to 100, their amounts to `budget`, the months' spends to `spend` and the months' results
    to `quarter`. All days lie between `start`, a Monday, and `end`, 90 days of work later.
    """

    facts: Facts
    size: str
    start: date
    end: date
    channels: tuple[ChannelPlan, ...]
    months: tuple[Month, ...]
    spend: Decimal | None
    quarter: Forecast | None
    revenue: Range | None
    """The quarter's results times their value; None when either is unknown."""
    steps: tuple[Step, ...]
    """By first week, then id."""
    put_off: tuple[str, ...]
    """Ids of steps that do not fit the hours; for after the 90 days."""
    kpis: tuple[Kpi, ...]
    ad_spend: Decimal | None = None
    """What the three months spend on the channels with a forecast."""
