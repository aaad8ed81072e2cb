"""What the demo's processes are told: one environment per process, each with the secrets it needs and no others."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from dotenv import dotenv_values

from devstack import credentials
from devstack.ports import Ports, read_ports
from devstack.servers import LOOPBACK, Postgres, Redis

ROOT = Path(__file__).resolve().parent.parent
BOT_PYTHON = ROOT / ".venv-bot" / "bin" / "python"
PLATFORM_PYTHON = ROOT / ".venv-platform" / "bin" / "python"
DATABASE = "markezy"
_LOOK_BACK_SECONDS = "10"
"""Who moves a deal in the sandbox CRM waits for it to show."""

_GRANTS = {
    "actions": {"MARKEZY_SERVICE_SECRET"},
    "rasa": {
        "MARKEZY_SERVICE_SECRET",
        "MARKEZY_VISITOR_SECRET",
        "DATABASE_URL",
        "REDIS_URL",
        "MARKEZY_MASTER_KEY_FILE",
    },
    "sandbox": set[str](),
    "train": set[str](),
}
_PLATFORM_GRANT = {
    "DATABASE_URL",
    "REDIS_URL",
    "MARKEZY_SERVICE_SECRET",
    "MARKEZY_STAFF_SECRET",
    "MARKEZY_MASTER_KEY_FILE",
}
_GRANTS |= dict.fromkeys(("worker", "beat"), _PLATFORM_GRANT)
_GRANTS |= {"web": _PLATFORM_GRANT | {"MARKEZY_SIGNING_KEYS"}}
_GRANTS |= {"relay": _PLATFORM_GRANT | {"MARKEZY_RELAY_DATABASE_URL"}}
_GRANTS |= {"seed": _PLATFORM_GRANT}
_GRANTS |= {"cli": _PLATFORM_GRANT | {"MARKEZY_OWNER_DATABASE_URL", "MARKEZY_SIGNING_KEYS"}}
_RESTRICTED = set().union(*_GRANTS.values()) | {"MARKEZY_TEST_POSTGRES_URL", "MARKEZY_MASTER_KEY"}


@dataclass(frozen=True)
class Configuration:
    """One demo in one home."""

    home: Path
    ports: Ports
    model_cache: Path
    postgres: Postgres | None
    """None: the user has a PostgreSQL."""
    redis: Redis | None
    """None: the user has a Redis."""
    owner_url: str
    redis_url: str
    secrets: Mapping[str, str]
    outer: Mapping[str, str]
    """The environment that the demo was started with."""

    @property
    def platform_url(self) -> str:
        return self._outer_url("MARKEZY_PLATFORM_URL", self.ports.platform)

    @property
    def bot_url(self) -> str:
        return self._outer_url("MARKEZY_BOT_URL", self.ports.bot)

    @property
    def actions_url(self) -> str:
        return self._outer_url("MARKEZY_ACTIONS_URL", self.ports.actions)

    @property
    def scheme(self) -> str:
        """What web, rasa and actions speak."""
        return "https" if self.outer.get("MARKEZY_TLS_CERT") else "http"

    @property
    def sandbox_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.sandbox}"

    @property
    def app_url(self) -> str:
        """The database as the application role."""
        return with_login(self.owner_url, "markezy_app", self.secrets["APP_PASSWORD"])

    @property
    def relay_url(self) -> str:
        """The database as the relay's role."""
        return with_login(self.owner_url, "markezy_relay", self.secrets["RELAY_PASSWORD"])

    def environment(self, process: str) -> dict[str, str]:
        """The environment of `process`: the outer one, the addresses, and the secrets that are this process's business."""
        secret = {name: value for name, value in self.secrets.items() if name.startswith("MARKEZY_")} | {
            "DATABASE_URL": self.app_url,
            "REDIS_URL": self.redis_url,
            "MARKEZY_RELAY_DATABASE_URL": self.relay_url,
            "MARKEZY_OWNER_DATABASE_URL": self.owner_url,
            "MARKEZY_MASTER_KEY_FILE": str(credentials.master_keys(self.home)),
            "MARKEZY_SIGNING_KEYS": str(credentials.signing_keys(self.home)),
        }
        private = filter(None, (self.outer.get("MARKEZY_PRIVATE_HOSTS"), f"{LOOPBACK}:{self.ports.sandbox}"))
        source_roots = [ROOT] if process in ("rasa", "train") else [ROOT, ROOT / "platform"]
        return {
            **{name: value for name, value in self.outer.items() if name not in _RESTRICTED},
            "MARKEZY_HOME": str(self.home),
            "MARKEZY_PORT": str(self.ports.platform),
            "MARKEZY_BOT_PORT": str(self.ports.bot),
            "MARKEZY_ACTIONS_PORT": str(self.ports.actions),
            "MARKEZY_SANDBOX_PORT": str(self.ports.sandbox),
            "MARKEZY_SMTP_PORT": str(self.ports.smtp),
            "MARKEZY_PLATFORM_URL": self.platform_url,
            "MARKEZY_BOT_URL": self.bot_url,
            "MARKEZY_ACTIONS_URL": self.actions_url,
            "MARKEZY_SMTP_URL": self.outer.get("MARKEZY_SMTP_URL") or f"smtp://{LOOPBACK}:{self.ports.smtp}",
            "MARKEZY_PRIVATE_HOSTS": ",".join(private),
            "MARKEZY_SECURITY_LOG": self.outer.get("MARKEZY_SECURITY_LOG") or str(self.home / "logs" / "security.log"),
            "MARKEZY_CRM_LOOK_BACK_SECONDS": self.outer.get("MARKEZY_CRM_LOOK_BACK_SECONDS") or _LOOK_BACK_SECONDS,
            "PYTHONPATH": os.pathsep.join(map(str, source_roots)),
            "PYTHONUNBUFFERED": "1",
            **{name: secret[name] for name in _GRANTS[process]},
        }

    def _outer_url(self, variable: str, port: int) -> str:
        return (self.outer.get(variable) or f"{self.scheme}://{LOOPBACK}:{port}").rstrip("/")


def configure(outer: Mapping[str, str], home: Path | None = None) -> Configuration:
    """Read the settings from the environment over `defaults.env`, and the secrets of the home."""
    defaults = {name: value or "" for name, value in dotenv_values(ROOT / "defaults.env").items()}
    settings = defaults | {name: value for name, value in outer.items() if value}
    home = (home or ROOT / settings["MARKEZY_HOME"]).resolve()
    ports = read_ports(settings)
    home.mkdir(parents=True, exist_ok=True)
    secrets = credentials.load_or_create(home)
    postgres = redis = None
    if not outer.get("DATABASE_URL"):
        postgres = Postgres(home / "postgres", ports.postgres, secrets["POSTGRES_PASSWORD"])
    if not outer.get("REDIS_URL"):
        redis = Redis(home / "redis", ports.redis, secrets["REDIS_PASSWORD"])
    return Configuration(
        home=home,
        ports=ports,
        model_cache=Path(settings.get("MARKEZY_MODEL_CACHE") or ROOT / ".markezy" / "models").resolve(),
        postgres=postgres,
        redis=redis,
        owner_url=postgres.url(DATABASE) if postgres else outer["DATABASE_URL"],
        redis_url=redis.url() if redis else outer["REDIS_URL"],
        secrets=secrets | {name: outer[name] for name in secrets if outer.get(name)},
        outer=outer,
    )


def with_login(url: str, user: str, password: str) -> str:
    """`url` with another user and password; host, database and options stay."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))


def free_gigabytes(home: Path) -> float:
    """What is left on the disk that holds `home`."""
    return shutil.disk_usage(home).free / 1e9
