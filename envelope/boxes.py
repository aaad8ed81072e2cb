"""AES-256-GCM boxes (NIST SP 800-38D) whose nonce follows from what they hold and where they stand."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES = 32
_NONCE_BYTES = 12


class BrokenSeal(ValueError):
    """The box was changed, belongs to another place, or was sealed under another key."""


class Cipher:
    """Seals and opens under one secret of 32 bytes. Safe to share between threads.

    The nonce is a keyed hash of context and content, so the same content at the same place is the same box, and two different
    ones share a nonce no sooner than two random 96-bit numbers are equal.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._gcm = AESGCM(derived(secret, "box"))
        self._nonces = derived(secret, "nonce")

    def seal(self, plain: bytes, context: str) -> bytes:
        """The nonce, the ciphertext and its tag; opens under the same `context` only."""
        place = context.encode()
        content = len(place).to_bytes(4, "big") + place + plain
        nonce = hmac.digest(self._nonces, content, hashlib.sha256)[:_NONCE_BYTES]
        return nonce + self._gcm.encrypt(nonce, plain, place)

    def open(self, box: bytes, context: str) -> bytes:
        """What was sealed; BrokenSeal when it does not open here."""
        try:
            return self._gcm.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            raise BrokenSeal("a box does not open at this place under this key") from None


def derived(secret: bytes, purpose: str) -> bytes:
    """A key of its own for `purpose` (HKDF-Expand, RFC 5869): no key is used for two things."""
    return HKDFExpand(SHA256(), KEY_BYTES, b"markezy " + purpose.encode()).derive(secret)
