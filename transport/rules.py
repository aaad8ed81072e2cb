"""What must hold before a process listens or connects. A rule that is broken names the variable and says what to do."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PRODUCTION = "production"
DEMO = "demo"

_DATABASES = ("DATABASE_URL", "MARKEZY_RELAY_DATABASE_URL", "MARKEZY_OWNER_DATABASE_URL")
_KMS = "vault+https"
_SERVICES = ("MARKEZY_PLATFORM_URL", "MARKEZY_BOT_URL", "MARKEZY_ACTIONS_URL")


class InsecureTransport(ValueError):
    """The process must not start like this."""


@dataclass(frozen=True)
class Transport:
    """How this process is reached."""

    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None
    """Who signed the certificates of the other processes; None: somebody everyone knows."""
    production: bool = False
    behind_proxy: bool = False

    @property
    def https(self) -> bool:
        """Whether this process itself speaks HTTPS."""
        return self.certificate is not None

    @property
    def scheme(self) -> str:
        """Of the addresses by which the processes find each other when nobody gave them any."""
        return "https" if self.https else "http"

    def server_context(self) -> ssl.SSLContext | None:
        """For a server's socket; None for plain HTTP. InsecureTransport when the files don't fit."""
        if self.certificate is None or self.key is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise InsecureTransport(
                "MARKEZY_TLS_CERT and MARKEZY_TLS_KEY must name a readable PEM certificate and its key"
                f" ({type(error).__name__})."
            ) from None
        return context

    def client_context(self) -> ssl.SSLContext:
        """For calls to the other processes."""
        return ssl.create_default_context(cafile=str(self.authority) if self.authority else None)

    def require_https(self) -> None:
        """InsecureTransport when a server in production would speak plain HTTP to the world."""
        if self.production and not self.https and not self.behind_proxy:
            raise InsecureTransport(
                "MARKEZY_ENVIRONMENT=production does not serve plain HTTP: set MARKEZY_TLS_CERT and MARKEZY_TLS_KEY, or"
                " MARKEZY_BEHIND_PROXY=1 when a proxy in front of this process speaks HTTPS."
            )


def transport_of(environment: Mapping[str, str]) -> Transport:
    """The settings understood; InsecureTransport names the one that contradicts another."""
    given = {name: environment.get(name, "").strip() for name in environment}
    certificate, key = given.get("MARKEZY_TLS_CERT"), given.get("MARKEZY_TLS_KEY")
    if bool(certificate) != bool(key):
        missing = "MARKEZY_TLS_KEY" if certificate else "MARKEZY_TLS_CERT"
        raise InsecureTransport(f"{missing} is missing: a certificate and its key go together.")
    kind = given.get("MARKEZY_ENVIRONMENT") or DEMO
    if kind not in (DEMO, PRODUCTION):
        raise InsecureTransport(f"MARKEZY_ENVIRONMENT must be {DEMO} or {PRODUCTION}.")
    behind_proxy = given.get("MARKEZY_BEHIND_PROXY") or "0"
    if behind_proxy not in ("0", "1"):
        raise InsecureTransport("MARKEZY_BEHIND_PROXY must be 0 or 1.")
    if behind_proxy == "1" and not given.get("MARKEZY_TRUSTED_PROXIES"):
        raise InsecureTransport(
            "MARKEZY_BEHIND_PROXY=1 needs MARKEZY_TRUSTED_PROXIES: whose X-Forwarded-Proto to believe."
        )
    if kind == PRODUCTION:
        _require_encrypted_connections(given)
    authority = given.get("MARKEZY_TLS_CA")
    return Transport(
        Path(certificate) if certificate else None,
        Path(key) if key else None,
        Path(authority) if authority else None,
        kind == PRODUCTION,
        behind_proxy == "1",
    )


def _require_encrypted_connections(given: Mapping[str, str]) -> None:
    for name in _DATABASES:
        url = urlsplit(given.get(name, ""))
        if url.netloc and not is_loopback(url.hostname) and parse_qs(url.query).get("sslmode") != ["verify-full"]:
            raise InsecureTransport(
                f"{name} must end with ?sslmode=verify-full (and sslrootcert=<file> for an authority of your own):"
                " in production, a database on another host is reached over TLS only."
            )
    redis = urlsplit(given.get("REDIS_URL", ""))
    if redis.netloc and not is_loopback(redis.hostname) and redis.scheme != "rediss":
        raise InsecureTransport(
            "REDIS_URL must start with rediss://: in production, a Redis on another host is reached over TLS only."
        )
    options = parse_qs(redis.query)
    checked = options.get("ssl_cert_reqs") == ["required"] and options.get("ssl_check_hostname") == ["true"]
    if redis.scheme == "rediss" and not checked:
        raise InsecureTransport(
            "REDIS_URL must end with ?ssl_cert_reqs=required&ssl_check_hostname=true (and ssl_ca_certs=<file> for an authority"
            " of your own): without them, some clients take any certificate."
        )
    _require_encrypted_mail(given.get("MARKEZY_SMTP_URL", ""))
    kms = urlsplit(given.get("MARKEZY_KMS_URL", ""))
    if kms.netloc and kms.scheme != _KMS and not is_loopback(kms.hostname):
        raise InsecureTransport(f"MARKEZY_KMS_URL must start with {_KMS}:// in production.")
    for name in _SERVICES:
        url = urlsplit(given.get(name, ""))
        if url.netloc and url.scheme != "https" and not is_loopback(url.hostname):
            raise InsecureTransport(f"{name} must start with https:// in production.")


def _require_encrypted_mail(address: str) -> None:
    mail = urlsplit(address)
    if not mail.netloc or mail.scheme == "smtps" or is_loopback(mail.hostname):
        return
    if parse_qs(mail.query).get("starttls") != ["required"]:
        raise InsecureTransport(
            "MARKEZY_SMTP_URL must start with smtps:// or end with ?starttls=required: letters carry names and documents,"
            " and without it whoever stands between can have them sent in the clear."
        )


def is_loopback(host: str | None) -> bool:
    """Whether `host` is this very machine; a socket's path is."""
    if not host or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
