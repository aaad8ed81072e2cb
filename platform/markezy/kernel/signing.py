"""Staff access tokens: JWT signed with Ed25519 (RFC 8037), so that who checks one can't make one.

The keys are the installation's. They lie in a file, several after each other as PEM: the first signs, all of them verify. The file is
read again when it changed, so keys are rotated while everything goes on. Without a file there is one key, derived from the staff secret.
"""

import base64
import hashlib
import json
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pydantic import SecretStr

from markezy.kernel.clock import now
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.logging import security_log

ALGORITHM = "EdDSA"
KEPT = 3
"""Keys that stay in the file after a rotation: tokens last minutes, so two retired ones are plenty."""

_END = "-----END PRIVATE KEY-----"
_REFUSED = "This token is not valid here."


class BadSigningKeys(ValueError):
    """The file holds no usable keys. The text never shows its content."""


class SigningKeys:
    """One per process."""

    def __init__(self, file: Path | None, staff_secret: SecretStr) -> None:
        """BadSigningKeys when the file can't be read or holds anything but Ed25519 keys."""
        self._file = file
        self._secret = staff_secret
        self._read_at = 0
        self._keys = self._read()

    def sign(self, audience: str, lifetime: timedelta, **claims: object) -> str:
        """A token for `audience` that carries `claims` and ends after `lifetime`."""
        self._read_if_changed()
        kid, key = next(iter(self._keys.items()))
        issued = now()
        payload = {**claims, "aud": audience, "iat": issued, "exp": issued + lifetime}
        return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": kid})

    def verify(self, audience: str, token: str, required: tuple[str, ...] = ()) -> dict[str, Any]:
        """The claims of a token meant for `audience`; Unauthenticated when anything about it is wrong."""
        try:
            # The algorithm is ours to choose, never the token's; its `kid` only picks one of our own keys.
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key_named(jwt.get_unverified_header(token).get("kid")).public_key(),
                algorithms=[ALGORITHM],
                audience=audience,
                options={"require": ["exp", "iat", "aud", *required]},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("This token has expired; get a new one.") from None
        except jwt.InvalidTokenError:
            security_log.warning("token.forged", audience=audience)
            raise Unauthenticated(_REFUSED) from None
        return claims

    def public(self) -> dict[str, Any]:
        """The JSON Web Key Set (RFC 7517) by which anybody can verify tokens."""
        self._read_if_changed()
        return {"keys": [{**_jwk(key), "kid": kid, "use": "sig", "alg": ALGORITHM} for kid, key in self._keys.items()]}

    def _key_named(self, kid: object) -> Ed25519PrivateKey:
        if isinstance(kid, str) and kid not in self._keys:
            self._read_if_changed()
        key = self._keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise jwt.InvalidTokenError("signed by none of our keys")
        return key

    def _read_if_changed(self) -> None:
        if self._file is not None and self._file.stat().st_mtime_ns != self._read_at:
            self._keys = self._read()

    def _read(self) -> dict[str, Ed25519PrivateKey]:
        if self._file is None:
            keys = [_derived(self._secret)]
        else:
            try:
                read_at = self._file.stat().st_mtime_ns
                keys = _parsed(self._file.read_text(encoding="ascii"))
            except (OSError, UnicodeDecodeError):
                raise BadSigningKeys("MARKEZY_SIGNING_KEYS names a file that can't be read") from None
            self._read_at = read_at
        return {_kid(key): key for key in keys}


def rotate(file: Path, staff_secret: SecretStr | None = None) -> None:
    """Put a new key before those in the file, the oldest of which go; the file is made if there is none.

    With `staff_secret`, a file that is made by this also holds the key derived from it, by which tokens may be out. Only the file's
    owner can read it, and a reader sees all of it or nothing.
    """
    known = [] if staff_secret is None else [_pem(_derived(staff_secret))]
    if file.exists():
        known = _blocks(file.read_text(encoding="ascii"))
    new = _pem(Ed25519PrivateKey.generate())
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write("".join([new, *known][:KEPT]))
    draft.replace(file)


def seconds_to_wait(file: Path, lifetime: timedelta) -> float:
    """How long until `rotate` ends no key by which a token of this lifetime may still be out; 0: not at all."""
    if not file.exists() or len(_blocks(file.read_text(encoding="ascii"))) < KEPT:
        return 0.0
    return max(0.0, file.stat().st_mtime + lifetime.total_seconds() - now().timestamp())


def _derived(staff_secret: SecretStr) -> Ed25519PrivateKey:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"markezy staff signing key")
    return Ed25519PrivateKey.from_private_bytes(derive.derive(staff_secret.get_secret_value().encode()))


def _pem(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _blocks(text: str) -> list[str]:
    return [f"{block.strip()}\n{_END}\n" for block in text.split(_END) if block.strip()]


def _parsed(text: str) -> list[Ed25519PrivateKey]:
    keys = []
    for block in _blocks(text):
        try:
            key = load_pem_private_key(block.encode(), None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise BadSigningKeys("MARKEZY_SIGNING_KEYS must name a file of Ed25519 keys as PEM")
        keys.append(key)
    if not keys:
        raise BadSigningKeys("MARKEZY_SIGNING_KEYS names a file without a key: `markezy keys rotate signing` makes one")
    return keys


def _jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    return {
        "crv": "Ed25519",
        "kty": "OKP",
        "x": _encoded(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)),
    }


def _kid(key: Ed25519PrivateKey) -> str:
    """The key's thumbprint (RFC 7638): the same on every machine, and never two keys' at once."""
    return _encoded(hashlib.sha256(json.dumps(_jwk(key), separators=(",", ":"), sort_keys=True).encode()).digest())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
