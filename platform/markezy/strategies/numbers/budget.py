"""The budget model: how a monthly budget is divided among channels. Pure arithmetic; the figures come from the template.

Every channel has a weight; the weights, brought to 100, are the shares. They decide first how much goes to the channels bought by the
click, and how much to the others; what happens on one side changes nothing on the other, so that another newsletter never costs the
ads their money.

On each side a channel whose part would be below its minimum is left out and its part goes to its neighbours, because an amount that
buys too little data teaches nothing: first the one that is furthest from its minimum, so that what is within reach stays. A side where
nothing is within reach leaves its money to the other. At least `FEWEST` channels stay in all. Of those, the heaviest go on when they
are more than a plan of this size carries, and none whose share is below `LEAST_SHARE`.

Percents are whole, and so are amounts (cents only in budgets below 100): a percent of the budget is the amount shown. They always add
up: what rounding down leaves over goes, step by step, to those who lost most by it (largest remainder), and what is smaller than a
step to the biggest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

FEWEST = 2
LEAST_SHARE = Decimal("0.02")


@dataclass(frozen=True)
class Channel:
    """A channel as the template describes it. `minimum` is what it needs a month to be worth running, `bought` whether by the click."""

    id: str
    weight: Decimal
    minimum: Decimal = Decimal(0)
    bought: bool = False


@dataclass(frozen=True)
class Part:
    """What a channel gets: whole percents of the budget, and the amount when the budget is known."""

    id: str
    percent: int
    amount: Decimal | None


def divide(channels: Sequence[Channel], total: Decimal | None, most: int | None = None) -> list[Part]:
    """The parts of the channels that stay, at most so many, largest first. The percents add up to 100, the amounts to `total`."""
    staying = _within_reach(channels, total) if total is not None else list(channels)
    staying = _worth_naming(_in_their_sides(_heaviest(staying, most), channels))
    weights = [channel.weight for channel in staying]
    percents = spread(Decimal(100), weights, Decimal(1))
    amounts: list[Decimal | None] = [None] * len(staying)
    if total is not None:
        amounts = list(spread(total, [Decimal(percent) for percent in percents], _step(total)))
    parts = [
        Part(channel.id, int(percent), amount)
        for channel, percent, amount in zip(staying, percents, amounts, strict=True)
    ]
    return sorted(parts, key=lambda part: -part.percent)


def spread(total: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """`total` in proportion to `weights`, in multiples of `step`, without losing or gaining anything."""
    whole = sum(weights)
    if not weights or whole <= 0 or total < 0:
        raise ValueError("there is nothing to divide, or nothing to divide it by")
    exact = [total * weight / whole for weight in weights]
    parts = [(part / step).to_integral_value(ROUND_FLOOR) * step for part in exact]
    by_loss = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    left = total - sum(parts)
    for place in by_loss:
        if left < step:
            break
        parts[place] += step
        left -= step
    biggest = max(range(len(parts)), key=lambda place: parts[place])
    parts[biggest] += left
    return parts


def _within_reach(channels: Sequence[Channel], total: Decimal) -> list[Channel]:
    whole = sum(channel.weight for channel in channels)
    sides = [[channel for channel in channels if channel.bought is bought] for bought in (True, False)]
    reached = [_affordable(side, total * sum(channel.weight for channel in side) / whole) for side in sides]
    if not all(reached):
        reached = [_affordable(side, total) if one else [] for side, one in zip(sides, reached, strict=True)]
    staying = [channel for channel in channels if any(channel in side for side in reached)]
    if len(staying) < FEWEST:
        rest = [channel for channel in channels if channel not in staying]
        # Clicks below their minimum are money lost; anything else is at least a beginning.
        rest.sort(key=lambda channel: (channel.bought, channel.minimum / channel.weight))
        staying += rest[: FEWEST - len(staying)]
    return staying


def _affordable(channels: Sequence[Channel], total: Decimal) -> list[Channel]:
    staying = list(channels)
    while staying:
        whole = sum(channel.weight for channel in staying)
        short = [channel for channel in staying if total * channel.weight / whole < channel.minimum]
        if not short:
            break
        staying.remove(min(short, key=lambda channel: channel.weight / channel.minimum))
    return staying


def _in_their_sides(staying: list[Channel], channels: Sequence[Channel]) -> list[Channel]:
    """With weights that add up, on each side, to what all channels of the side weighed."""
    weights = {
        bought: (
            sum(channel.weight for channel in channels if channel.bought is bought),
            sum(channel.weight for channel in staying if channel.bought is bought),
        )
        for bought in (True, False)
    }
    scaled = []
    for channel in staying:
        before, now = weights[channel.bought]
        scaled.append(replace(channel, weight=channel.weight * before / now))
    return scaled


def _heaviest(channels: list[Channel], most: int | None) -> list[Channel]:
    kept = sorted(channels, key=lambda channel: -channel.weight)[:most]
    return [channel for channel in channels if channel in kept]


def _worth_naming(channels: list[Channel]) -> list[Channel]:
    staying = list(channels)
    while len(staying) > 1:
        least = min(staying, key=lambda channel: channel.weight)
        if least.weight >= LEAST_SHARE * sum(channel.weight for channel in staying):
            break
        staying.remove(least)
    return staying


def _step(total: Decimal) -> Decimal:
    return Decimal(1) if total >= 100 else Decimal("0.01")
