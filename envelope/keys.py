"""All versions of one owner's key: the latest seals, each opens what it sealed."""

import json
from collections.abc import Mapping
from typing import Any

from envelope.boxes import BrokenSeal, Cipher

_FORMAT = b"\x01"
_HEADER_BYTES = 3
"""The format, then the key's version as two bytes."""


class Keys:
    """The keys of a lead or of an agency, by version from 1. `owner` is that lead's or agency's id."""

    def __init__(self, owner: str, secrets: Mapping[int, bytes]) -> None:
        if not secrets:
            raise ValueError("keys of nobody: there is no version")
        self.owner = owner
        self.current = max(secrets)
        self._ciphers = {version: Cipher(secret) for version, secret in secrets.items()}

    def seal(self, plain: bytes, context: str) -> bytes:
        """A box that opens under the same `context` only. It names the version of the key that sealed it."""
        header = _FORMAT + self.current.to_bytes(2, "big")
        return header + self._ciphers[self.current].seal(plain, context)

    def open(self, box: bytes, context: str) -> bytes:
        """What was sealed; BrokenSeal when the box was changed, belongs elsewhere, or its version of the key is gone."""
        cipher = self._ciphers.get(int.from_bytes(box[1:_HEADER_BYTES], "big"))
        if box[:1] != _FORMAT or cipher is None:
            raise BrokenSeal("a box of a format or of a key that is not known here")
        return cipher.open(box[_HEADER_BYTES:], context)

    def seal_json(self, value: Any, context: str) -> bytes:
        """`value` as JSON in a box. Equal values make equal boxes, whatever the order of their members."""
        return self.seal(canonical(value), context)

    def open_json(self, box: bytes, context: str) -> Any:
        """What `seal_json` sealed."""
        return json.loads(self.open(box, context))


def canonical(value: Any) -> bytes:
    """`value` as JSON, the same bytes for equal values."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "surrogatepass")
