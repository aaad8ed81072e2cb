"""What an amount can bring, as ranges.

Each figure of a channel (cost per thousand views, clicks per view, results per click) is itself a range. The middle of a forecast comes
from the geometric middles. Its width does not take every figure at its worst at once, which would end in ranges nobody can use, and
is rarely what happens: the widths add up as independent errors of a product do (the root of the sum of squares of their logarithms),
and the high end is never above `WIDEST` times the low one.

What is shown is rounded, and only rounded figures are added: channels to a full month, months to the quarter.
"""

from collections.abc import Sequence
from decimal import Decimal

from markezy.strategies.numbers.assumptions import Buys
from markezy.strategies.numbers.model import Forecast, Range
from markezy.strategies.numbers.rounding import count, two_figures

WIDEST = Decimal(4)

_HALF = Decimal("0.5")


def of_channel(euros: Decimal, amount: Decimal, buys: Buys) -> Forecast | None:
    """A month of a channel at full effect; None when not even the high end is one result, which is nothing to forecast.

    `euros` is what `amount`, in the lead's currency, is worth where prices are in EUR.
    """
    reach = euros / _middle(buys.cost_per_thousand) * 1000
    clicks = reach * _middle(buys.click_rate)
    results = clicks * _middle(buys.result_rate)
    widths = [_width(pair) for pair in (buys.cost_per_thousand, buys.click_rate, buys.result_rate)]
    if _around(results, widths).high < 1:
        return None
    return _forecast(amount, _around(reach, widths[:1]), _around(clicks, widths[:2]), _around(results, widths))


def together(forecasts: Sequence[Forecast], spend: Decimal) -> Forecast:
    """The sum of what is shown, for all that was spent on it."""
    reach, clicks, results = (
        Range(sum((part.low for part in parts), Decimal(0)), sum((part.high for part in parts), Decimal(0)))
        for parts in (
            [one.reach for one in forecasts],
            [one.clicks for one in forecasts],
            [one.results for one in forecasts],
        )
    )
    return Forecast(reach, clicks, results, cost_of(spend, results))


def with_effect(full: Forecast, effect: Decimal, spend: Decimal) -> Forecast:
    """A month that reaches a share of the full effect."""
    if effect == 1:
        return full
    return _forecast(
        spend, *(Range(part.low * effect, part.high * effect) for part in (full.reach, full.clicks, full.results))
    )


def cost_of(spend: Decimal, results: Range) -> Range:
    """What one of the results shown costs. Where the low end is none, it stands for the half that was rounded away."""
    return Range(two_figures(spend / results.high), two_figures(spend / max(results.low, _HALF)))


def _forecast(spend: Decimal, reach: Range, clicks: Range, results: Range) -> Forecast:
    shown = Range(count(results.low), max(count(results.high), Decimal(1)))
    return Forecast(_whole(reach), _whole(clicks), shown, cost_of(spend, shown))


def _whole(exact: Range) -> Range:
    return Range(count(exact.low), count(exact.high))


def _middle(pair: tuple[Decimal, ...]) -> Decimal:
    return (pair[0] * pair[1]).sqrt()


def _width(pair: tuple[Decimal, ...]) -> Decimal:
    return (pair[1] / pair[0]).ln()


def _around(middle: Decimal, widths: Sequence[Decimal]) -> Range:
    wide = sum((width * width for width in widths), Decimal(0)).sqrt().exp()
    half = min(wide, WIDEST).sqrt()
    return Range(middle / half, middle * half)
