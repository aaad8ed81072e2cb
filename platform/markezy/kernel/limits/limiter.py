"""Counts a request with every counter that holds for it, in one round trip to Redis.

Without Redis every request is admitted: an agency whose leads are turned away loses more than one whose flood is not
noticed for a moment (docs/decisions/0014-fair-use.md).
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from prometheus_client import Counter as Metric
from redis import Redis
from redis.exceptions import RedisError

from fairuse import counters
from fairuse.counters import Counter, Verdict
from fairuse.refusals import Refusals
from markezy.kernel.logging import get_logger

log = get_logger(__name__)

REFUSED = Metric("markezy_limits_refused_total", "Requests refused because a counter was full.", ["counter"])
UNCOUNTED = Metric("markezy_limits_uncounted_total", "Requests admitted uncounted because Redis was away.")

_PATIENCE = 0.25
"""Seconds to wait for Redis: a counter must never make a request slow."""
_PAUSE = 1.0
"""Seconds to go on without asking after Redis failed."""


class Limits:
    """The counters of one process. Safe between threads."""

    def __init__(self, redis_url: str, scale: int = 1) -> None:
        """`scale` multiplies every limit; 0 counts nothing."""
        self._redis = Redis.from_url(redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
        self._script = self._redis.register_script(counters.SCRIPT)
        self._scale = scale
        self._refusals = Refusals()
        self._away_until = 0.0

    def standing(self, wanted: Sequence[Counter]) -> Verdict | None:
        """A refusal of a moment ago that still holds; asks nobody."""
        return self._refusals.standing(self._scaled(wanted))

    def count(self, wanted: Sequence[Counter]) -> Verdict:
        """Count with all of `wanted`, or with none when one is full; what is left in each."""
        scaled = self._scaled(wanted)
        if not scaled or time.monotonic() < self._away_until:
            return Verdict()
        verdict = self._refusals.standing(scaled) or self._ask(scaled)
        if verdict.refused_by is not None:
            REFUSED.labels(verdict.refused_by.counter.name).inc()
        return verdict

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()

    def _ask(self, scaled: Sequence[Counter]) -> Verdict:
        try:
            answer = self._script(keys=counters.keys(scaled), args=counters.arguments(scaled))
        except RedisError as error:
            self._away_until = time.monotonic() + _PAUSE
            UNCOUNTED.inc()
            log.warning("limits.redis_away", error=type(error).__name__)
            return Verdict()
        verdict = counters.verdict(scaled, answer)
        self._refusals.note(verdict)
        return verdict

    def _scaled(self, wanted: Sequence[Counter]) -> list[Counter]:
        return [replace(counter, limit=counter.limit * self._scale) for counter in wanted] if self._scale else []
