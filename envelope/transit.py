"""A master key in HashiCorp Vault's transit engine, or in whatever else speaks its wire format.

https://developer.hashicorp.com/vault/api-docs/secret/transit describes it: `encrypt`, `decrypt` and `keys`, Vault 1.13 or later, for a key
of the type aes256-gcm96. The place a box belongs to goes along as `associated_data`. New versions of the key are made there.
"""

import base64
import binascii
import http.client
import json
import re
import ssl
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from envelope.boxes import BrokenSeal
from envelope.wrapping import BadMasterKey, KeysAway, UnknownMasterKey

_PATIENCE = 2.0
"""Seconds to wait for a connection, and for every piece of an answer. An agency's key is asked for once a process."""
_REST = 1.0
"""Seconds to go on without asking after there was no answer: whoever waits for a key must not hold up the others for longer."""
_LONGEST_ANSWER = 64 * 1024

_ADDRESS = "MARKEZY_KMS_URL must look like vault+https://vault.example.com:8200/transit/<key>"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_ID = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,127}):v([1-9][0-9]{0,8})")
_CIPHERTEXT = re.compile(r"vault:v([1-9][0-9]{0,8}):[A-Za-z0-9+/=]+")


class VaultTransit:
    """Wraps by a key that Vault never gives away. A key's id is its name and version there, `markezy:v3`."""

    def __init__(self, url: str, token_file: Path, authority: Path | None = None) -> None:
        """`token_file` is read at every call, for the token is renewed there by others. `authority`: who signed Vault's certificate.

        BadMasterKey when the address or the file is no good; Vault itself is not asked yet.
        """
        parts = urlsplit(url)
        *mount, self._key = parts.path.strip("/").split("/")
        good = parts.scheme in ("vault+https", "vault+http") and parts.hostname and "@" not in parts.netloc
        if not good or not mount or not all(_NAME.fullmatch(step) for step in (*mount, self._key)):
            raise BadMasterKey(_ADDRESS)
        try:
            self._host, self._port = str(parts.hostname), parts.port or 8200
        except ValueError:
            raise BadMasterKey(_ADDRESS) from None
        self._base = "/v1/" + "/".join(mount)
        self._tls: ssl.SSLContext | None = None
        if parts.scheme == "vault+https":
            self._tls = ssl.create_default_context(cafile=str(authority) if authority else None)
        self._token_file = token_file
        self._away_until = 0.0
        try:
            self._token()
        except KeysAway as away:
            raise BadMasterKey(str(away)) from None

    @property
    def current(self) -> str:
        """The name of the key and its latest version."""
        data = self._ask("GET", f"keys/{self._key}")
        return f"{self._key}:v{int(data['latest_version'])}"

    def wrap(self, secret: bytes, context: str) -> tuple[str, bytes]:
        """The id of the current key and what Vault made of `secret`."""
        asked = {"plaintext": _encoded(secret), "associated_data": _encoded(context.encode())}
        ciphertext = str(self._ask("POST", f"encrypt/{self._key}", asked).get("ciphertext"))
        made = _CIPHERTEXT.fullmatch(ciphertext)
        if made is None:
            raise KeysAway("the KMS gave an answer that holds no ciphertext")
        return f"{self._key}:v{made[1]}", ciphertext.encode("ascii")

    def unwrap(self, id_: str, box: bytes, context: str) -> bytes:
        """What `wrap` wrapped. The key may have another name than today's, as long as it is in the same engine."""
        named = _ID.fullmatch(id_)
        if named is None:
            raise UnknownMasterKey(f"the master key {id_} is none of the KMS: add it to MARKEZY_MASTER_KEY")
        ciphertext = box.decode("ascii", "replace")
        if _CIPHERTEXT.fullmatch(ciphertext) is None:
            raise BrokenSeal("a box that no KMS made")
        asked = {"ciphertext": ciphertext, "associated_data": _encoded(context.encode())}
        try:
            return base64.b64decode(str(self._ask("POST", f"decrypt/{named[1]}", asked)["plaintext"]), validate=True)
        except (KeyError, binascii.Error):
            raise KeysAway("the KMS gave an answer that holds no key") from None

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        if time.monotonic() < self._away_until:
            raise KeysAway("the KMS did not answer a moment ago")
        try:
            status, answer = self._exchange(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            self._away_until = time.monotonic() + _REST
            raise KeysAway(f"the KMS can't be reached ({type(error).__name__})") from None
        if status == http.HTTPStatus.OK:
            return _data(answer)
        if status == http.HTTPStatus.BAD_REQUEST and path.startswith("decrypt/"):
            raise BrokenSeal(
                "the KMS does not open this box: it was changed, belongs elsewhere, or its key was retired"
            )
        if status == http.HTTPStatus.FORBIDDEN:
            raise KeysAway("the KMS does not let us in: look at MARKEZY_KMS_TOKEN_FILE and the token's policy")
        if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            self._away_until = time.monotonic() + _REST
        sealed = " (sealed, or being maintained)" if status == http.HTTPStatus.SERVICE_UNAVAILABLE else ""
        raise KeysAway(f"the KMS answered {status}{sealed}")

    def _exchange(self, method: str, path: str, body: dict[str, str] | None) -> tuple[int, bytes]:
        if self._tls is None:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=_PATIENCE)
        else:
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=_PATIENCE, context=self._tls)
        try:
            headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true", "Content-Type": "application/json"}
            connection.request(method, f"{self._base}/{path}", None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_LONGEST_ANSWER)
        finally:
            connection.close()

    def _token(self) -> str:
        try:
            token = self._token_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            token = ""
        if not token.isprintable() or not token:
            raise KeysAway("MARKEZY_KMS_TOKEN_FILE must name a readable file that holds the KMS's token")
        return token


def _data(answer: bytes) -> dict[str, Any]:
    try:
        data = json.loads(answer)["data"]
    except (ValueError, KeyError, TypeError):
        data = None
    if not isinstance(data, dict):
        raise KeysAway("the KMS gave an answer that can't be read")
    return data


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
