"""Whether a difference between two rates is more than chance. Pure.

Rates have Wilson's interval, their difference has Newcombe's (made of the two), and the question itself is answered by the two-proportion
z-test: all for 95 %. The test's approximation needs five expected hits and misses on each side; below that it is too early.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)
_POWER = NormalDist().inv_cdf(0.8)
_FEWEST_EXPECTED = 5
_LEVEL = 0.05


class Verdict(StrEnum):
    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"
    """None can be shown: what there is may be chance."""
    FIRST_BETTER = "first_better"
    SECOND_BETTER = "second_better"


@dataclass(frozen=True)
class Rate:
    """`hits` out of `of`, and where the true rate lies with 95 % confidence; without any there is no rate."""

    hits: int
    of: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Comparison:
    """The first rate minus the second. `needed` is how many on each side would show a difference of this size in four of five cases."""

    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    needed: int | None
    verdict: Verdict


def rate(hits: int, of: int) -> Rate:
    """The rate with Wilson's interval."""
    if of == 0:
        return Rate(hits, of, None, None, None)
    share, square = hits / of, _Z**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of**2))
    return Rate(hits, of, share, max(0.0, middle - half), min(1.0, middle + half))


def compare(first: Rate, second: Rate) -> Comparison:
    """Whether the two differ by more than chance."""
    if first.rate is None or second.rate is None:
        return Comparison(None, None, None, None, None, Verdict.TOO_FEW)
    difference = first.rate - second.rate
    low, high = _interval(first, second, difference)
    needed = _needed(first.rate, second.rate)
    pooled = (first.hits + second.hits) / (first.of + second.of)
    fewest = min(first.of, second.of) * min(pooled, 1 - pooled)
    if fewest < _FEWEST_EXPECTED:
        return Comparison(difference, low, high, None, needed, Verdict.TOO_FEW)
    spread = sqrt(pooled * (1 - pooled) * (1 / first.of + 1 / second.of))
    p_value = 2 * (1 - NormalDist().cdf(abs(difference) / spread))
    verdict = Verdict.NO_DIFFERENCE
    if p_value < _LEVEL:
        verdict = Verdict.FIRST_BETTER if difference > 0 else Verdict.SECOND_BETTER
    return Comparison(difference, low, high, p_value, needed, verdict)


def _interval(first: Rate, second: Rate, difference: float) -> tuple[float, float]:
    down = sqrt((_at(first.rate) - _at(first.low)) ** 2 + (_at(second.high) - _at(second.rate)) ** 2)
    up = sqrt((_at(first.high) - _at(first.rate)) ** 2 + (_at(second.rate) - _at(second.low)) ** 2)
    return max(-1.0, difference - down), min(1.0, difference + up)


def _at(bound: float | None) -> float:
    return 0.0 if bound is None else bound


def _needed(first: float, second: float) -> int | None:
    if first == second:
        return None
    variance = first * (1 - first) + second * (1 - second)
    return max(1, ceil((_Z + _POWER) ** 2 * variance / (first - second) ** 2))
