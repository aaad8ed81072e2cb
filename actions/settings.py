"""What the action server is told from outside: `defaults.env`, overridden by environment variables."""

from pathlib import Path

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from transport.rules import Transport, transport_of

_ROOT = Path(__file__).resolve().parent.parent
_BEHIND_THE_BOT = 50
"""How far the action server's port is from Rasa's, unless it is set."""


class Settings(BaseSettings):
    """Validated at start; pydantic's ValidationError names what is missing."""

    model_config = SettingsConfigDict(
        env_file=_ROOT / "defaults.env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", validation_alias="MARKEZY_HOST")
    bot_port: int = Field(validation_alias="MARKEZY_BOT_PORT", ge=1, le=65535)
    platform_port: int = Field(validation_alias="MARKEZY_PORT", ge=1, le=65535)
    own_port: int | None = Field(None, validation_alias="MARKEZY_ACTIONS_PORT", ge=1, le=65535)
    own_platform_url: str | None = Field(None, validation_alias="MARKEZY_PLATFORM_URL")
    service_secret: SecretStr = Field(validation_alias="MARKEZY_SERVICE_SECRET", min_length=32)

    tls_cert: str = Field("", validation_alias="MARKEZY_TLS_CERT")
    tls_key: str = Field("", validation_alias="MARKEZY_TLS_KEY")
    tls_ca: str = Field("", validation_alias="MARKEZY_TLS_CA")
    environment: str = Field("demo", validation_alias="MARKEZY_ENVIRONMENT")
    behind_proxy: str = Field("0", validation_alias="MARKEZY_BEHIND_PROXY")
    trusted_proxies: str = Field("", validation_alias="MARKEZY_TRUSTED_PROXIES")

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
                "MARKEZY_PLATFORM_URL": self.own_platform_url or "",
            }
        )

    @property
    def port(self) -> int:
        """Where Rasa finds the action server."""
        return self.own_port or self.bot_port + _BEHIND_THE_BOT

    @property
    def platform_url(self) -> str:
        """Where the platform is, without a slash at the end."""
        return (self.own_platform_url or f"{self.transport().scheme}://127.0.0.1:{self.platform_port}").rstrip("/")


def load_settings() -> Settings:
    return Settings()
