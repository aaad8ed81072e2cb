"""The script on a real Redis, with windows short enough to wait for and a clock that is Redis' own."""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence

import pytest
from redis import Redis

from fairuse import counters
from fairuse.counters import Counter, Verdict
from fairuse.headers import headers
from fairuse.refusals import Refusals


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    client.close()


Count = Callable[[Sequence[Counter]], Verdict]


@pytest.fixture
def count(redis: Redis) -> Count:
    script = redis.register_script(counters.SCRIPT)

    def run(wanted: Sequence[Counter]) -> Verdict:
        return counters.verdict(wanted, script(keys=counters.keys(wanted), args=counters.arguments(wanted)))

    return run


def a_counter(limit: int, seconds: int = 3600, name: str = "tenant", shown: bool = True) -> Counter:
    (made,) = counters.counter(name, str(uuid.uuid4()), "all", limit, seconds, shown)
    return made


def test_as_many_are_admitted_as_the_limit_says(count: Count) -> None:
    counter = a_counter(3)
    verdicts = [count([counter]) for _ in range(5)]
    assert [verdict.refused_by is None for verdict in verdicts] == [True, True, True, False, False]
    assert [verdict.states[0].left for verdict in verdicts] == [2, 1, 0, 0, 0]


def test_a_refused_request_counts_nowhere(count: Count) -> None:
    full, wide = a_counter(1), a_counter(10)
    assert count([full, wide]).refused_by is None
    refused = count([full, wide])
    assert refused.refused_by is not None
    assert refused.refused_by.counter == full
    assert count([wide]).states[0].left == 8


def test_what_was_refused_fits_after_the_wait_it_was_told(count: Count) -> None:
    counter = a_counter(5, seconds=1)
    verdict = count([counter])
    while verdict.refused_by is None:
        verdict = count([counter])
    told = verdict.refused_by.wait
    assert 0 < told <= 2
    refused_at = time.monotonic()
    while count([counter]).refused_by:
        assert time.monotonic() - refused_at < told + 0.2
    assert time.monotonic() - refused_at > 0.8 * told - 0.02


def test_a_full_minute_is_not_forgotten_at_the_turn_of_the_window(count: Count, redis: Redis) -> None:
    counter = a_counter(100, seconds=3600)
    count([counter])
    # As if the hour before had been used up, and this one had just begun.
    index = int(redis.hget(counter.key, "index"))
    redis.hset(counter.key, mapping={"index": index - 1, "count": 100, "before": 0})
    into = time.time() % 3600 / 3600
    assert abs(count([counter]).states[0].left - int(100 * into)) <= 1


def test_counters_begin_with_the_tenant_and_end_by_themselves(count: Count, redis: Redis) -> None:
    counter = a_counter(3, seconds=60)
    count([counter])
    assert uuid.UUID(counter.key.partition(":")[0])
    assert 0 < redis.pttl(counter.key) <= 120_000


def test_a_limit_of_nothing_admits_nothing(count: Count) -> None:
    verdict = count([a_counter(0)])
    assert verdict.retry_after > 0


def test_headers_tell_the_policies_and_the_one_nearest_to_its_end(count: Count) -> None:
    told = headers(count([a_counter(10, 60, "tenant"), a_counter(2, 60, "user")]))
    assert told["RateLimit-Policy"] == '"tenant";q=10;w=60, "user";q=2;w=60'
    assert told["RateLimit"].startswith('"user";r=1;t=')
    assert (told["RateLimit-Limit"], told["RateLimit-Remaining"]) == ("2", "1")
    assert "Retry-After" not in told


def test_what_others_used_is_told_only_to_whom_it_refuses(count: Count) -> None:
    hidden = a_counter(1, 60, "tenant", shown=False)
    own = a_counter(9, 60, "visitor")
    assert "tenant" not in headers(count([hidden, own]))["RateLimit-Policy"]
    told = headers(count([hidden, own]))
    assert '"tenant"' in told["RateLimit"]
    assert int(told["Retry-After"]) >= 1


def test_a_refusal_is_repeated_for_a_moment_without_asking(count: Count) -> None:
    now = [100.0]
    refusals = Refusals(lambda: now[0])
    counter = a_counter(0, seconds=3600)
    assert refusals.standing([counter]) is None
    refusals.note(count([counter]))
    now[0] += 0.5
    standing = refusals.standing([counter])
    assert standing is not None
    assert standing.retry_after > 1
    now[0] += 0.6
    assert refusals.standing([counter]) is None


def test_a_refusal_under_another_limit_is_not_repeated(count: Count) -> None:
    refusals = Refusals()
    counter = a_counter(0)
    refusals.note(count([counter]))
    larger = Counter(counter.name, counter.key, 5, counter.seconds)
    assert refusals.standing([larger]) is None
