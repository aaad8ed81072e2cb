"""Slows down password guessing. Counters live in Redis under keyed hashes: neither e-mail nor address is readable there.

An account counts failures for each address apart, and those of all addresses its owner never logged in from together. So guesses from
everywhere wait longer and longer, and the owner, where they were before, waits for nobody else's (docs/decisions/0013-staff-access.md).
"""

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from redis import Redis

from fairuse.addresses import hashed
from markezy.kernel.errors import TooManyRequests

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 10
"""Failures of one address at one account per window: far above typing mistakes, far below guessing."""
FAILURES_PER_ADDRESS = 100
"""Failures of one address at all accounts per window: an office behind one address stays below it."""
CODES_PER_ACCOUNT = 10
"""Wrong codes at one account: of one address per window, and of all unknown ones before they wait. Whoever guesses codes has the
password already."""
RESETS_PER_ACCOUNT = 3
RESETS_PER_ADDRESS = 30
"""Letters asked for per window, for one account and by one address."""

STRANGERS_PER_ACCOUNT = 30
"""Failures at one account from all unknown addresses together before each further one has to wait."""
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
"""The wait doubles from the first to the longest: then less than a hundred guesses a day are left, however many machines guess."""
STRANGERS_REMEMBERED = timedelta(days=1)
"""Longer than it pays to rest."""
KNOWN = timedelta(days=90)
"""How long an address stays known to an account after a login."""

_ADMIT = Path(__file__).with_name("throttle_admit.lua").read_text(encoding="utf-8")
_FORGIVE = Path(__file__).with_name("throttle_forgive.lua").read_text(encoding="utf-8")


@dataclass(frozen=True)
class LoginThrottle:
    """Counts an attempt before the password is looked at, so that parallel guesses can't slip through between check and count.

    Each call is one script: it counts everywhere or nowhere, and no key stays without an end.
    """

    redis: Redis
    secret: SecretStr

    def admit(self, email: str, address: str) -> None:
        """Count an attempt; TooManyRequests when there were too many."""
        place = self._place(address)
        plain = ((self._at("account", email, place), FAILURES_PER_ACCOUNT), (self._from(place), FAILURES_PER_ADDRESS))
        self._count(plain, (self._all("account", email), self._known(email, place), STRANGERS_PER_ACCOUNT))

    def forgive(self, email: str, address: str, known: bool = False) -> None:
        """The attempt succeeded: take it back. `known`: nothing more is asked of them, so their address is known from now on."""
        place = self._place(address)
        keys = (self._at("account", email, place), self._all("account", email), self._known(email, place))
        self._take_back(*keys, self._from(place), known=known)

    def admit_code(self, email: str, address: str) -> None:
        """Count an attempt at a second factor; TooManyRequests when there were too many."""
        place = self._place(address)
        guarded = (self._all("code", email), self._known(email, place), CODES_PER_ACCOUNT)
        self._count(((self._at("code", email, place), CODES_PER_ACCOUNT),), guarded)

    def forgive_code(self, email: str, address: str) -> None:
        """The code was right: take the attempt back. The address is known from now on."""
        place = self._place(address)
        self._take_back(self._at("code", email, place), self._all("code", email), self._known(email, place), known=True)

    def know(self, email: str, address: str) -> None:
        """The owner has proved in another way that they are at this address."""
        self.redis.set(self._known(email, self._place(address)), 1, ex=KNOWN)

    def admit_reset(self, email: str, address: str) -> None:
        """Count a letter that is asked for; TooManyRequests alike for addresses with and without an account."""
        place = self._place(address)
        self._count(((self._all("reset", email), RESETS_PER_ACCOUNT), (self._key("resets", place), RESETS_PER_ADDRESS)))

    def _count(self, plain: tuple[tuple[str, int], ...], guarded: tuple[str, str, int] | None = None) -> None:
        keys = [key for key, _ in plain]
        arguments = [len(plain), *(number for _, limit in plain for number in (limit, _ms(WINDOW)))]
        if guarded is not None:
            account, known, bar = guarded
            keys += [account, known]
            arguments += [bar, _ms(FIRST_DELAY), _ms(LONGEST_DELAY), _ms(STRANGERS_REMEMBERED)]
        wait = self.redis.register_script(_ADMIT)(keys=keys, args=arguments)
        if wait:
            raise TooManyRequests(
                "Too many failed attempts; please wait a little and try again.", math.ceil(wait / 1000)
            )

    def _take_back(self, *keys: str, known: bool) -> None:
        self.redis.register_script(_FORGIVE)(keys=keys, args=[_ms(KNOWN) if known else 0])

    def _at(self, kind: str, email: str, place: str) -> str:
        return self._key(kind, email.lower(), place)

    def _all(self, kind: str, email: str) -> str:
        return self._key(kind, email.lower())

    def _from(self, place: str) -> str:
        return self._key("address", place)

    def _known(self, email: str, place: str) -> str:
        return self._key("known", email.lower(), place)

    def _place(self, address: str) -> str:
        """The address without the part that its owner chooses at will."""
        return hashed(address, self.secret.get_secret_value())

    def _key(self, *parts: str) -> str:
        digest = hmac.new(self.secret.get_secret_value().encode(), "\0".join(parts).encode(), hashlib.sha256)
        return f"markezy:login:{digest.hexdigest()}"


def _ms(time: timedelta) -> int:
    return int(time.total_seconds() * 1000)
