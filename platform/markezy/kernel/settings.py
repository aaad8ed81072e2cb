"""Settings: environment variables over `defaults.env`, validated once at start.

`defaults.env` at the root documents every variable. A process that needs a variable nobody set stops at start with
its name.
"""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from envelope.master import MasterKeys
from envelope.ring import KeyRing
from fairuse.addresses import TrustedProxies

ROOT = Path(__file__).resolve().parents[3]
"""The folder that holds `pyproject.toml`."""


class Settings(BaseSettings):
    """What the platform's processes are told from outside."""

    model_config = SettingsConfigDict(
        env_file=ROOT / "defaults.env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

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
    staff_secret: SecretStr = Field(validation_alias="MARKEZY_STAFF_SECRET", min_length=32)
    master_key: SecretStr = Field(SecretStr(""), validation_alias="MARKEZY_MASTER_KEY")
    master_key_file: Path | None = Field(None, validation_alias="MARKEZY_MASTER_KEY_FILE")
    smtp_url: SecretStr = Field(validation_alias="MARKEZY_SMTP_URL")
    mail_from: str = Field(validation_alias="MARKEZY_MAIL_FROM")
    private_hosts: str = Field("", validation_alias="MARKEZY_PRIVATE_HOSTS")
    trusted_proxies: str = Field("", validation_alias="MARKEZY_TRUSTED_PROXIES")
    limits_scale: int = Field(1, validation_alias="MARKEZY_LIMITS_SCALE", ge=0)

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
        return KeyRing(MasterKeys(self.master_key.get_secret_value(), self.master_key_file))

    @property
    def platform_url(self) -> str:
        """Where browsers and other processes reach the platform, without a trailing slash."""
        return (self.platform_url_override or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def bot_url(self) -> str:
        """Where browsers and other processes reach Rasa, without a trailing slash."""
        return (self.bot_url_override or f"http://127.0.0.1:{self.bot_port}").rstrip("/")

    @property
    def allowed_private_hosts(self) -> frozenset[str]:
        """The `host:port` pairs that may be called although they are private."""
        return frozenset(entry.strip() for entry in self.private_hosts.split(",") if entry.strip())


def load_settings() -> Settings:
    """Read and validate the settings; raises pydantic's ValidationError naming what is missing or wrong."""
    return Settings()
