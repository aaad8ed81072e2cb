"""A short memory of refusals, so that a flood costs no round trip to Redis for each of its requests."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from fairuse.counters import Counter, State, Verdict

MOST = 10_000
"""Refused callers one process remembers; the first of them are forgotten, at the price of a round trip."""
LONGEST = 1.0
"""Seconds a refusal is repeated without asking: Redis may have forgotten it, or a plan may have grown."""


class Refusals:
    """Of one process; safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, State]] = OrderedDict()

    def standing(self, counters: Sequence[Counter]) -> Verdict | None:
        """The refusal that one of the counters gave a moment ago and would give again; None: ask Redis."""
        now = self._clock()
        for counter in counters:
            noted_at, state = self._known.get(counter.key, (0.0, None))
            if state is None:
                continue
            passed = now - noted_at
            if passed < min(state.wait, LONGEST) and state.counter == counter:
                return Verdict((replace(state, wait=state.wait - passed, reset=max(0.0, state.reset - passed)),))
            self._known.pop(counter.key, None)
        return None

    def note(self, verdict: Verdict) -> None:
        """Remember what was refused."""
        now = self._clock()
        for state in verdict.states:
            if state.wait:
                self._known[state.counter.key] = (now, state)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
