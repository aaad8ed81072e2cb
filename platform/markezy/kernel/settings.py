"""Settings: environment variables over `defaults.env`, validated once at start.

`defaults.env` at the root documents every variable. A process that needs a variable nobody set stops at start with
its name.
"""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from envelope.configured import wrapping_of
from envelope.ring import KeyRing
from envelope.wrapping import Wrapping
from fairuse.addresses import TrustedProxies
from markezy.kernel.mail_signature import MailSignature
from markezy.kernel.signing import SigningKeys
from transport.rules import Transport, transport_of

ROOT = Path(__file__).resolve().parents[3]
"""The folder that holds `pyproject.toml`."""


class SigningSettings(BaseSettings):
    """Where the signing keys are. Enough to make their file, which all of `Settings` wants to find already."""

    model_config = SettingsConfigDict(
        env_file=ROOT / "defaults.env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    staff_secret: SecretStr = Field(validation_alias="MARKEZY_STAFF_SECRET", min_length=32)
    signing_keys_file: Path | None = Field(None, validation_alias="MARKEZY_SIGNING_KEYS")


class Settings(SigningSettings):
    """What the platform's processes are told from outside."""

    home: Path = Field(validation_alias="MARKEZY_HOME")
    host: str = Field("127.0.0.1", validation_alias="MARKEZY_HOST")
    port: int = Field(validation_alias="MARKEZY_PORT", ge=1, le=65535)
    bot_port: int = Field(validation_alias="MARKEZY_BOT_PORT", ge=1, le=65535)
    platform_url_override: str | None = Field(None, validation_alias="MARKEZY_PLATFORM_URL")
    bot_url_override: str | None = Field(None, validation_alias="MARKEZY_BOT_URL")
    database_url: SecretStr = Field(validation_alias="DATABASE_URL")
    relay_database_url: SecretStr | None = Field(None, validation_alias="MARKEZY_RELAY_DATABASE_URL")
    redis_url: SecretStr = Field(validation_alias="REDIS_URL")
    service_secret: SecretStr = Field(validation_alias="MARKEZY_SERVICE_SECRET", min_length=32)
    master_key: SecretStr = Field(SecretStr(""), validation_alias="MARKEZY_MASTER_KEY")
    master_key_file: Path | None = Field(None, validation_alias="MARKEZY_MASTER_KEY_FILE")
    kms_url: str = Field("", validation_alias="MARKEZY_KMS_URL")
    kms_token_file: str = Field("", validation_alias="MARKEZY_KMS_TOKEN_FILE")
    smtp_url: SecretStr = Field(validation_alias="MARKEZY_SMTP_URL")
    mail_from: str = Field(validation_alias="MARKEZY_MAIL_FROM")
    dkim_domain: str = Field("", validation_alias="MARKEZY_DKIM_DOMAIN")
    dkim_selector: str = Field("", validation_alias="MARKEZY_DKIM_SELECTOR")
    dkim_key: SecretStr = Field(SecretStr(""), validation_alias="MARKEZY_DKIM_KEY")
    dkim_key_file: Path | None = Field(None, validation_alias="MARKEZY_DKIM_KEY_FILE")
    private_hosts: str = Field("", validation_alias="MARKEZY_PRIVATE_HOSTS")
    crm_look_back_seconds: int = Field(900, validation_alias="MARKEZY_CRM_LOOK_BACK_SECONDS", ge=5)
    trusted_proxies: str = Field("", validation_alias="MARKEZY_TRUSTED_PROXIES")
    security_log: Path | None = Field(None, validation_alias="MARKEZY_SECURITY_LOG")
    limits_scale: int = Field(1, validation_alias="MARKEZY_LIMITS_SCALE", ge=0)

    tls_cert: str = Field("", validation_alias="MARKEZY_TLS_CERT")
    tls_key: str = Field("", validation_alias="MARKEZY_TLS_KEY")
    tls_ca: str = Field("", validation_alias="MARKEZY_TLS_CA")
    environment: str = Field("demo", validation_alias="MARKEZY_ENVIRONMENT")
    behind_proxy: str = Field("0", validation_alias="MARKEZY_BEHIND_PROXY")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        TrustedProxies(value)
        return value

    @model_validator(mode="after")
    def _has_a_master_key(self) -> "Settings":
        self.key_ring()
        return self

    def key_ring(self) -> KeyRing:
        """What opens personal data; ValueError names the variable that holds no key."""
        return KeyRing(self.wrapping())

    def wrapping(self) -> Wrapping:
        """What wraps the agencies' keys."""
        return wrapping_of(
            {
                "MARKEZY_MASTER_KEY": self.master_key.get_secret_value(),
                "MARKEZY_MASTER_KEY_FILE": str(self.master_key_file or ""),
                "MARKEZY_KMS_URL": self.kms_url,
                "MARKEZY_KMS_TOKEN_FILE": self.kms_token_file,
                "MARKEZY_TLS_CA": self.tls_ca,
            }
        )

    @model_validator(mode="after")
    def _can_sign(self) -> "Settings":
        self.signing_keys()
        return self

    def signing_keys(self) -> SigningKeys:
        """What signs staff access tokens; ValueError when the file that is named holds no keys."""
        return SigningKeys(self.signing_keys_file, self.staff_secret)

    @model_validator(mode="after")
    def _signs_its_mail(self) -> "Settings":
        self.mail_signature()
        return self

    def mail_signature(self) -> MailSignature | None:
        """What signs outgoing mail; None when that is not set up. ValueError when it is set up by half, or for another domain."""
        key = self.dkim_key.get_secret_value().replace("\\n", "\n")
        given = (self.dkim_domain, self.dkim_selector, key or self.dkim_key_file)
        if not any(given):
            return None
        if not all(given):
            raise ValueError(
                "MARKEZY_DKIM_DOMAIN, MARKEZY_DKIM_SELECTOR and MARKEZY_DKIM_KEY or …_KEY_FILE go together"
            )
        sender = self.mail_from.rpartition("@")[2].lower()
        if not f".{sender}".endswith(f".{self.dkim_domain.lower()}"):
            raise ValueError("MARKEZY_DKIM_DOMAIN is not the domain of MARKEZY_MAIL_FROM, nor one above it")
        if not key and self.dkim_key_file is not None:
            key = _content_of(self.dkim_key_file)
        return MailSignature(self.dkim_domain, self.dkim_selector, key)

    @model_validator(mode="after")
    def _is_reached_safely(self) -> "Settings":
        self.transport()
        return self

    def transport(self) -> Transport:
        """How this process is reached; ValueError names the variable that contradicts another or is not safe."""
        return transport_of(
            {
                "MARKEZY_TLS_CERT": self.tls_cert,
                "MARKEZY_TLS_KEY": self.tls_key,
                "MARKEZY_TLS_CA": self.tls_ca,
                "MARKEZY_ENVIRONMENT": self.environment,
                "MARKEZY_BEHIND_PROXY": self.behind_proxy,
                "MARKEZY_TRUSTED_PROXIES": self.trusted_proxies,
                "MARKEZY_PLATFORM_URL": self.platform_url_override or "",
                "MARKEZY_BOT_URL": self.bot_url_override or "",
                "DATABASE_URL": self.database_url.get_secret_value(),
                "MARKEZY_RELAY_DATABASE_URL": self.relay_database_url.get_secret_value()
                if self.relay_database_url
                else "",
                "REDIS_URL": self.redis_url.get_secret_value(),
                "MARKEZY_SMTP_URL": self.smtp_url.get_secret_value(),
                "MARKEZY_KMS_URL": self.kms_url,
            }
        )

    @property
    def platform_url(self) -> str:
        """Where browsers and other processes reach the platform, without a trailing slash."""
        return (self.platform_url_override or f"{self.transport().scheme}://127.0.0.1:{self.port}").rstrip("/")

    @property
    def bot_url(self) -> str:
        """Where browsers and other processes reach Rasa, without a trailing slash."""
        return (self.bot_url_override or f"{self.transport().scheme}://127.0.0.1:{self.bot_port}").rstrip("/")

    @property
    def allowed_private_hosts(self) -> frozenset[str]:
        """The `host:port` pairs that may be called although they are private."""
        return frozenset(entry.strip() for entry in self.private_hosts.split(",") if entry.strip())


def _content_of(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{file} can't be read") from None


def load_settings() -> Settings:
    """Read and validate the settings; raises pydantic's ValidationError naming what is missing or wrong."""
    return Settings()
