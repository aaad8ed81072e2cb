"""The budget model: how a monthly budget is divided among channels. Pure arithmetic; the figures come from the template.

Every channel has a weight. It is multiplied by the factor for the lead's goal (1 without one), and by `RUNNING` when the lead already uses
the channel: improving what runs is cheaper than starting anew. The weights, brought to 100, are the shares.

A channel whose part would be below its minimum is left out and its part goes to the others, the smallest first, because an amount
that buys too little data teaches nothing. At least `FEWEST` channels stay.

Amounts are whole multiples of a step that fits the budget's size, and always add up to the budget exactly: what rounding down leaves
over goes, step by step, to those who lost most by it (largest remainder), and what is smaller than a step to the biggest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

RUNNING = Decimal("1.25")
FEWEST = 2


@dataclass(frozen=True)
class Channel:
    """A channel as the template describes it. `minimum` is what it needs a month to be worth running."""

    id: str
    weight: Decimal
    minimum: Decimal = Decimal(0)


@dataclass(frozen=True)
class Part:
    """What a channel gets: whole percents of the budget, and the amount when the budget is known."""

    id: str
    percent: int
    amount: Decimal | None


def divide(channels: Sequence[Channel], total: Decimal | None) -> list[Part]:
    """The parts of the channels that stay, largest first. The percents add up to 100, the amounts to `total`."""
    staying = _affordable(channels, total) if total is not None else list(channels)
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


def _affordable(channels: Sequence[Channel], total: Decimal) -> list[Channel]:
    staying = list(channels)
    while len(staying) > FEWEST:
        whole = sum(channel.weight for channel in staying)
        short = [channel for channel in staying if total * channel.weight / whole < channel.minimum]
        if not short:
            break
        staying.remove(min(short, key=lambda channel: channel.weight))
    return staying


def _step(total: Decimal) -> Decimal:
    """Nobody plans 1,483.27 a month: the step is about a hundredth of the budget."""
    for limit, step in ((Decimal(10_000), Decimal(100)), (Decimal(1_000), Decimal(10)), (Decimal(100), Decimal(1))):
        if total >= limit:
            return step
    return Decimal("0.01")
