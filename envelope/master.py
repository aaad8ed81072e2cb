"""The master keys, which never lie in the database: from the environment, or from a file that may change while we run."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from pathlib import Path

from envelope.boxes import KEY_BYTES, Cipher
from envelope.wrapping import BadMasterKey, UnknownMasterKey


class MasterKeys:
    """Several keys, the first of which wraps. A key's id is eight hexadecimal digits of its hash and may be shown."""

    def __init__(self, text: str = "", file: Path | None = None) -> None:
        """Keys from `text`, and from `file` if one is named: there the same text, read again when an unknown key is asked for.

        BadMasterKey unless at least one key is there.
        """
        self._text = text
        self._file = file
        self._read()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "MasterKeys":
        """From `MARKEZY_MASTER_KEY` and `MARKEZY_MASTER_KEY_FILE`; the file's keys come first."""
        file = environment.get("MARKEZY_MASTER_KEY_FILE", "")
        return cls(environment.get("MARKEZY_MASTER_KEY", ""), Path(file) if file else None)

    @property
    def current(self) -> str:
        """The id of the key that wraps."""
        self._read_if_changed()
        return next(iter(self._ciphers))

    def wrap(self, secret: bytes, context: str) -> tuple[str, bytes]:
        """The id of the current key and `secret` in a box of it."""
        id_ = self.current
        return id_, self._ciphers[id_].seal(secret, context)

    def unwrap(self, id_: str, box: bytes, context: str) -> bytes:
        """What `wrap` wrapped under the key `id_`; BrokenSeal when it does not open, UnknownMasterKey when the key is not configured."""
        if id_ not in self._ciphers:
            self._read()
        cipher = self._ciphers.get(id_)
        if cipher is None:
            raise UnknownMasterKey(f"the master key {id_} is not configured: add it to MARKEZY_MASTER_KEY")
        return cipher.open(box, context)

    def _read_if_changed(self) -> None:
        if self._file is not None and self._file.stat().st_mtime_ns != self._read_at:
            self._read()

    def _read(self) -> None:
        text = self._text
        self._read_at = 0
        if self._file is not None:
            try:
                self._read_at = self._file.stat().st_mtime_ns
                text = f"{self._file.read_text(encoding='ascii')},{text}"
            except (OSError, UnicodeDecodeError):
                raise BadMasterKey("MARKEZY_MASTER_KEY_FILE names a file that can't be read") from None
        keys = [_decoded(each) for each in texts_in(text)]
        if not keys:
            raise BadMasterKey("MARKEZY_MASTER_KEY is not set: it holds the base64 of 32 random bytes")
        self._ciphers = {id_of(key): Cipher(key) for key in keys}


def id_of(key: bytes) -> str:
    """The id of a master key."""
    return hashlib.sha256(b"markezy master key id" + key).hexdigest()[:8]


def texts_in(text: str) -> list[str]:
    """The keys in such a text, each as it is written."""
    return [each.strip() for each in text.replace("\n", ",").split(",") if each.strip()]


def ids_in(text: str) -> list[str]:
    """The ids of the keys in such a text."""
    return [id_of(_decoded(each)) for each in texts_in(text)]


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise BadMasterKey(
            "MARKEZY_MASTER_KEY must hold the base64 of exactly 32 bytes, or several with commas between"
        )
    return key
