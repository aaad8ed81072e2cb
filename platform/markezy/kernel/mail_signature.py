"""Signing outgoing mail with DKIM (RFC 6376), so that receivers can tell it from a forgery."""

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

_SMALLEST_KEY = 2048
"""Bits; receivers may refuse less (RFC 8301 asks for 1024 and advises 2048)."""
_SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type", b"content-language",
    b"auto-submitted", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip
"""What a reader sees, what a reader's program acts on (RFC 8058 demands the last two), and how the content is to be read."""


class MailSignature:
    """The key of a domain; `selector` names where its public half is published."""

    def __init__(self, domain: str, selector: str, pem: str) -> None:
        """ValueError when this is no RSA key of 2048 bits or more."""
        self._domain, self._selector = domain.encode("idna"), selector.encode("ascii")
        self._key = _checked(pem)

    def signed(self, message: bytes) -> bytes:
        """The message with its signature on top."""
        there = {line.partition(b":")[0].strip().lower() for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n")}
        # Once more than it is there: nobody can add a second sender without breaking the signature.
        headers = [name for name in _SIGNED if name in there] + [b"from"]
        signature: bytes = dkim.sign(
            message,
            self._selector,
            self._domain,
            self._key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=headers,
        )
        return signature + message


def _checked(pem: str) -> bytes:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("the DKIM key is no private key as PEM without a password") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _SMALLEST_KEY:
        raise ValueError(f"the DKIM key is no RSA key of {_SMALLEST_KEY} bits or more")
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
