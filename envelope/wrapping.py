"""What wraps the agencies' keys: a key in our own hands (`envelope.master`) or one that never leaves a KMS (`envelope.transit`)."""

from typing import Protocol

from envelope.boxes import BrokenSeal


class Wrapping(Protocol):
    """Wraps and unwraps keys. What it gives away may be stored: an id that can be shown, and a box."""

    @property
    def current(self) -> str:
        """The id of the key that wraps."""

    def wrap(self, secret: bytes, context: str) -> tuple[str, bytes]:
        """The id of the current key and `secret` in a box of it."""

    def unwrap(self, id_: str, box: bytes, context: str) -> bytes:
        """What `wrap` wrapped under the key `id_` at the same place.

        BrokenSeal when it does not open, UnknownMasterKey when nobody here has that key, KeysAway when it can't be told now.
        """


class UnknownMasterKey(BrokenSeal):
    """A box of a master key that is not configured. The message names the key's id."""


class KeysAway(RuntimeError):
    """The KMS does not answer or does not let us in. Nothing is wrong with the box: another try may open it."""


class BadMasterKey(ValueError):
    """What was configured is no key; the message says which variable and what it should hold, never its content."""


class Succession:
    """One wrapping that follows another: the first wraps, and what the one before it wrapped still opens."""

    def __init__(self, first: Wrapping, before: Wrapping) -> None:
        self._first = first
        self._before = before

    @property
    def current(self) -> str:
        return self._first.current

    def wrap(self, secret: bytes, context: str) -> tuple[str, bytes]:
        return self._first.wrap(secret, context)

    def unwrap(self, id_: str, box: bytes, context: str) -> bytes:
        try:
            return self._first.unwrap(id_, box, context)
        except UnknownMasterKey:
            return self._before.unwrap(id_, box, context)
