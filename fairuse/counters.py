"""What is counted for one request, and what Redis answers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("window.lua").read_text(encoding="utf-8")

MINUTE, DAY = 60, 24 * 3600

NOBODYS = "-"
"""In the place of the tenant's id in a key, while no tenant is known."""


@dataclass(frozen=True)
class Counter:
    """At most `limit` in any `seconds`, for the subject of `key`, which begins with the tenant's id."""

    name: str
    key: str
    limit: int
    seconds: int
    cost: int = 1
    shown: bool = True
    """Whether the caller is told how much is left; what others used is not a visitor's business."""


@dataclass(frozen=True)
class State:
    """A counter after a request."""

    counter: Counter
    left: int
    wait: float
    """Seconds until the request fits; 0 when it did."""
    reset: float
    """Seconds until the counter's window ends."""


@dataclass(frozen=True)
class Verdict:
    """What became of one request."""

    states: Sequence[State] = ()

    @property
    def refused_by(self) -> State | None:
        """The counter to wait for the longest, None when the request is admitted."""
        full = [state for state in self.states if state.wait]
        return max(full, key=lambda state: state.wait) if full else None

    @property
    def retry_after(self) -> int:
        """Whole seconds to wait; 0 for an admitted request."""
        refused_by = self.refused_by
        return math.ceil(refused_by.wait) if refused_by else 0


def counter(
    name: str, tenant_id: str | None, subject: str, limit: int | None, seconds: int, shown: bool = True
) -> tuple[Counter, ...]:
    """The counter as a tuple of one; of none when nothing is limited."""
    if limit is None:
        return ()
    key = f"{tenant_id or NOBODYS}:limit:{name}:{subject}"
    return (Counter(name, key, limit, seconds, shown=shown),)


def keys(counters: Sequence[Counter]) -> list[str]:
    """KEYS of the script."""
    return [each.key for each in counters]


def arguments(counters: Sequence[Counter]) -> list[int]:
    """ARGV of the script."""
    return [number for each in counters for number in (each.limit, each.seconds * 1000, each.cost)]


def verdict(counters: Sequence[Counter], answer: Sequence[int]) -> Verdict:
    """The script's answer, understood."""
    return Verdict(
        tuple(
            State(each, int(answer[3 * n]), int(answer[3 * n + 1]) / 1000, int(answer[3 * n + 2]) / 1000)
            for n, each in enumerate(counters)
        )
    )
