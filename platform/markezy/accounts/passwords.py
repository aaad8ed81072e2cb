"""Passwords: Argon2id (RFC 9106) with the library's current parameters."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from markezy.kernel.errors import Invalid

SHORTEST = 10
LONGEST = 1024
"""Characters; more than anybody types, and little enough for the hash not to be fed megabytes."""

_hasher = PasswordHasher()


def check_fit(password: str) -> None:
    """Invalid for a password that nobody should choose."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has at least {SHORTEST} characters, and at most {LONGEST}.")


def hash_password(password: str) -> str:
    """The hash to store, salt and parameters included."""
    return _hasher.hash(password)


def is_right(password: str, stored_hash: str | None) -> bool:
    """Whether `password` belongs to `stored_hash`.

    Without a stored hash the answer is no, but takes as long: the time must not tell whether an account exists.
    """
    decoy = _decoy()
    try:
        _hasher.verify(stored_hash or decoy, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored_hash is not None


def is_outdated(stored_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored_hash)


@cache
def _decoy() -> str:
    return _hasher.hash("no account has this password")
