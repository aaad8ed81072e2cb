"""Guessing is slowed down wherever it comes from, and nobody is locked out by somebody else's guesses."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from markezy.accounts import throttle as rules
from markezy.accounts.throttle import FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS, STRANGERS_PER_ACCOUNT, LoginThrottle
from markezy.kernel.errors import TooManyRequests
from pydantic import SecretStr

from tests.markezy.accounts.agencies import PASSWORD

HOME, ABROAD = "192.0.2.7", "2001:db8::7"
OWNER = "olivia@throttle.example"


@pytest.fixture
def throttle(redis):
    return LoginThrottle(redis, SecretStr("t" * 32))


def elsewhere(number: int) -> str:
    return f"10.{number // 250}.{number % 250}.1"


@pytest.fixture
def under_attack(throttle):
    """As many guesses at the owner's password, each from another address, as are taken without a pause."""
    for number in range(STRANGERS_PER_ACCOUNT):
        throttle.admit(OWNER, elsewhere(number))


def counters_without_end(redis):
    return [key for key in redis.scan_iter("markezy:login:*") if redis.ttl(key) < 0]


def test_success_after_the_window_ended_leaves_no_counter_without_end(throttle, redis):
    throttle.admit(OWNER, HOME)
    for key in redis.scan_iter("markezy:login:*"):
        redis.delete(key)
    throttle.forgive(OWNER, HOME)
    assert not counters_without_end(redis)
    throttle.admit(OWNER, HOME)
    assert not counters_without_end(redis)


def test_counter_that_has_no_end_gets_one(throttle, redis):
    throttle.admit(OWNER, HOME)
    for key in redis.scan_iter("markezy:login:*"):
        redis.persist(key)
    throttle.admit(OWNER, HOME)
    assert not counters_without_end(redis)


def test_refused_attempt_is_counted_nowhere(throttle, redis):
    for _ in range(FAILURES_PER_ACCOUNT):
        throttle.admit(OWNER, HOME)
    for _ in range(FAILURES_PER_ADDRESS):
        with pytest.raises(TooManyRequests):
            throttle.admit(OWNER, HOME)
    throttle.admit("somebody@throttle.example", HOME)


def test_parallel_guesses_are_counted_one_by_one(throttle):
    def guess(_):
        try:
            throttle.admit(OWNER, HOME)
        except TooManyRequests:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(4 * FAILURES_PER_ACCOUNT))) == FAILURES_PER_ACCOUNT


def test_guesses_from_many_addresses_wait_longer_and_longer(throttle, under_attack, monkeypatch):
    with pytest.raises(TooManyRequests) as first:
        throttle.admit(OWNER, elsewhere(1000))
    assert 0 < first.value.retry_after <= rules.FIRST_DELAY.total_seconds()
    # Without the pause the guesses go on, and the next pause is longer, up to the longest.
    waits = []
    for number in range(12):
        with monkeypatch.context() as at_once:
            at_once.setattr(rules, "FIRST_DELAY", rules.timedelta(0))
            throttle.admit(OWNER, elsewhere(2000 + number))
        with pytest.raises(TooManyRequests) as refused:
            throttle.admit(OWNER, elsewhere(3000))
        waits.append(refused.value.retry_after)
    assert waits == sorted(waits)
    assert waits[1] > rules.FIRST_DELAY.total_seconds()
    assert waits[-1] == rules.LONGEST_DELAY.total_seconds()


def test_guessing_while_it_waits_makes_nobody_wait_longer(throttle, under_attack):
    waits = []
    for number in range(20):
        with pytest.raises(TooManyRequests) as refused:
            throttle.admit(OWNER, elsewhere(1000 + number))
        waits.append(refused.value.retry_after)
    assert waits == sorted(waits, reverse=True)


def test_owner_gets_in_from_where_they_were_before(throttle, redis):
    throttle.admit(OWNER, HOME)
    throttle.forgive(OWNER, HOME, known=True)
    for number in range(STRANGERS_PER_ACCOUNT):
        throttle.admit(OWNER, elsewhere(number))
    throttle.admit(OWNER, HOME)
    with pytest.raises(TooManyRequests):
        throttle.admit(OWNER, ABROAD)
    # What is known is an account at an address, not the address.
    throttle.know(OWNER, ABROAD)
    throttle.admit(OWNER.upper(), ABROAD)
    assert not counters_without_end(redis)


def test_known_address_has_its_own_bound(throttle):
    throttle.know(OWNER, HOME)
    for _ in range(FAILURES_PER_ACCOUNT):
        throttle.admit(OWNER, HOME)
    with pytest.raises(TooManyRequests):
        throttle.admit(OWNER, HOME)


def test_right_password_alone_makes_no_address_known(throttle, under_attack):
    with pytest.raises(TooManyRequests):
        throttle.admit(OWNER, HOME)
    throttle.forgive(OWNER, HOME)
    # The attempt that succeeded is taken back, the guesses of others stay.
    throttle.admit(OWNER, HOME)
    with pytest.raises(TooManyRequests):
        throttle.admit(OWNER, HOME)


def test_one_subscriber_s_addresses_are_one(throttle):
    for number in range(FAILURES_PER_ACCOUNT):
        throttle.admit(OWNER, f"2001:db8:1:1::{number:x}")
    with pytest.raises(TooManyRequests):
        throttle.admit(OWNER, "2001:db8:1:1:ffff::1")


def test_codes_are_guessed_from_everywhere_and_the_owner_still_gets_in(throttle):
    throttle.forgive_code(OWNER, HOME)
    for number in range(rules.CODES_PER_ACCOUNT):
        throttle.admit_code(OWNER, elsewhere(number))
    with pytest.raises(TooManyRequests):
        throttle.admit_code(OWNER, ABROAD)
    throttle.admit_code(OWNER, HOME)


def test_login_makes_the_address_known(make_agency, log_in, throttle, post):
    email = make_agency().email("owner")
    log_in(email)
    for number in range(STRANGERS_PER_ACCOUNT):
        throttle.admit(email, elsewhere(number))
    with pytest.raises(TooManyRequests):
        throttle.admit(email, ABROAD)
    assert post("login", {"email": email, "password": PASSWORD}).status_code == 200
