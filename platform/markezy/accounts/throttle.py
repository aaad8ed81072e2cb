"""Slows down password guessing. Counters live in Redis under keyed hashes: neither e-mail nor address is readable there."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr
from redis import Redis

from markezy.kernel.errors import TooManyRequests

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 10
"""Failures of one address at one account per window: far above typing mistakes, far below guessing."""
FAILURES_PER_ADDRESS = 100
"""Failures of one address at all accounts per window: an office behind one address stays below it."""


@dataclass(frozen=True)
class LoginThrottle:
    """Counts an attempt before the password is looked at, so that parallel guesses can't slip through between check and count."""

    redis: Redis
    secret: SecretStr

    def admit(self, email: str, address: str) -> None:
        """Count an attempt; TooManyRequests when there were too many."""
        for key, limit in self._counters(email, address):
            with self.redis.pipeline() as pipeline:
                pipeline.set(key, 0, ex=WINDOW, nx=True)
                pipeline.incr(key)
                pipeline.ttl(key)
                _, attempts, seconds_left = pipeline.execute()
            if attempts > limit:
                raise TooManyRequests(
                    "Too many failed attempts; please wait a little and try again.", max(seconds_left, 1)
                )

    def forgive(self, email: str, address: str) -> None:
        """The attempt succeeded: forget the account's failures, and take this attempt back from the address."""
        (account, _), (everywhere, _) = self._counters(email, address)
        with self.redis.pipeline() as pipeline:
            pipeline.delete(account)
            pipeline.decr(everywhere)
            pipeline.execute()

    def _counters(self, email: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
        return (
            (self._key("account", email.lower(), address), FAILURES_PER_ACCOUNT),
            (self._key("address", address), FAILURES_PER_ADDRESS),
        )

    def _key(self, *parts: str) -> str:
        digest = hmac.new(self.secret.get_secret_value().encode(), "\0".join(parts).encode(), hashlib.sha256)
        return f"markezy:login:{digest.hexdigest()}"
