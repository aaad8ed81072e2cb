"""The channels' settings: environment variables over `defaults.env`, which documents them."""

import os
from functools import lru_cache
from pathlib import Path

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults.env"
_SHORTEST_SECRET = 32


class MissingSetting(RuntimeError):
    """A variable nobody set, or a secret too short to be one."""


def setting(name: str) -> str:
    """The variable's value; MissingSetting names it when there is none."""
    value = os.environ.get(name) or _defaults().get(name, "")
    if not value:
        raise MissingSetting(f"{name} is not set: see defaults.env")
    return value


def setting_or(name: str, default: str) -> str:
    """The variable's value, or `default` when there is none."""
    return os.environ.get(name) or _defaults().get(name) or default


def secret(name: str) -> str:
    """A signing secret: long enough for HS256 (RFC 7518, section 3.2)."""
    value = setting(name)
    if len(value.encode()) < _SHORTEST_SECRET:
        raise MissingSetting(f"{name} must hold {_SHORTEST_SECRET} bytes or more")
    return value


@lru_cache(maxsize=1)
def _defaults() -> dict[str, str]:
    if not DEFAULTS.exists():
        return {}
    lines = (line.strip() for line in DEFAULTS.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
