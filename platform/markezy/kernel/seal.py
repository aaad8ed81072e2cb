"""Sealing of small secrets at rest with AES-256-GCM (NIST SP 800-38D)."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

_NONCE_BYTES = 12
_FORMAT = b"\x01"


class Sealer:
    """Seals bytes under the master key; `context` binds a box to its place, so that it opens nowhere else."""

    def __init__(self, master_key: SecretStr) -> None:
        self._cipher = AESGCM(base64.b64decode(master_key.get_secret_value().split(",")[0]))

    def seal(self, plain: bytes, context: str) -> bytes:
        """One format byte, a random 96-bit nonce, the ciphertext with its tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, plain, context.encode())

    def open(self, box: bytes, context: str) -> bytes:
        """What was sealed; ValueError when the box was changed or belongs elsewhere."""
        if box[:1] != _FORMAT:
            raise ValueError("unknown seal format")
        try:
            return self._cipher.decrypt(box[1 : 1 + _NONCE_BYTES], box[1 + _NONCE_BYTES :], context.encode())
        except InvalidTag:
            raise ValueError("the seal is broken or belongs to another place") from None
