"""Slows down password guessing. Counters live in Redis under keyed hashes: neither e-mail nor address is readable there."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import SecretStr
from redis import Redis

from markezy.kernel.errors import TooManyRequests

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 10
"""Failures of one address at one account per window: far above typing mistakes, far below guessing."""
FAILURES_PER_ADDRESS = 100
"""Failures of one address at all accounts per window: an office behind one address stays below it."""
CODES_PER_ACCOUNT = 10
"""Wrong codes at one account per window, from wherever: whoever gets to guess codes has the password already."""
RESETS_PER_ACCOUNT = 3
RESETS_PER_ADDRESS = 30
"""Letters asked for per window, for one account and by one address."""


@dataclass(frozen=True)
class LoginThrottle:
    """Counts an attempt before the password is looked at, so that parallel guesses can't slip through between check and count."""

    redis: Redis
    secret: SecretStr

    def admit(self, email: str, address: str) -> None:
        """Count an attempt; TooManyRequests when there were too many."""
        self._count(
            (self._account(email, address), FAILURES_PER_ACCOUNT), (self._key("address", address), FAILURES_PER_ADDRESS)
        )

    def forgive(self, email: str, address: str) -> None:
        """The attempt succeeded: forget the account's failures, and take this attempt back from the address."""
        with self.redis.pipeline() as pipeline:
            pipeline.delete(self._account(email, address))
            pipeline.decr(self._key("address", address))
            pipeline.execute()

    def admit_code(self, user_id: UUID) -> None:
        """Count an attempt at a second factor; TooManyRequests when there were too many."""
        self._count((self._key("code", str(user_id)), CODES_PER_ACCOUNT))

    def forgive_codes(self, user_id: UUID) -> None:
        """The code was right: forget the wrong ones."""
        self.redis.delete(self._key("code", str(user_id)))

    def admit_reset(self, email: str, address: str) -> None:
        """Count a letter that is asked for; TooManyRequests alike for addresses with and without an account."""
        self._count(
            (self._key("reset", email.lower()), RESETS_PER_ACCOUNT),
            (self._key("resets", address), RESETS_PER_ADDRESS),
        )

    def _count(self, *counters: tuple[str, int]) -> None:
        for key, limit in counters:
            with self.redis.pipeline() as pipeline:
                pipeline.set(key, 0, ex=WINDOW, nx=True)
                pipeline.incr(key)
                pipeline.ttl(key)
                _, attempts, seconds_left = pipeline.execute()
            if attempts > limit:
                raise TooManyRequests(
                    "Too many failed attempts; please wait a little and try again.", max(seconds_left, 1)
                )

    def _account(self, email: str, address: str) -> str:
        return self._key("account", email.lower(), address)

    def _key(self, *parts: str) -> str:
        digest = hmac.new(self.secret.get_secret_value().encode(), "\0".join(parts).encode(), hashlib.sha256)
        return f"markezy:login:{digest.hexdigest()}"
