"""The secrets of one checkout: generated once, readable by their owner only."""

import base64
import json
import os
import secrets
from pathlib import Path

from markezy.kernel import signing

from devstack import files

_TEXTS = (
    "MARKEZY_VISITOR_SECRET",
    "MARKEZY_SERVICE_SECRET",
    "MARKEZY_STAFF_SECRET",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "APP_PASSWORD",
    "RELAY_PASSWORD",
)


def load_or_create(home: Path) -> dict[str, str]:
    """The secrets in `home/secrets.json`; what is missing is generated and kept."""
    path = home / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    values = {name: known.get(name) or secrets.token_urlsafe(32) for name in _TEXTS}
    if "MARKEZY_MASTER_KEY" in known:
        _keep_master_key(home, known["MARKEZY_MASTER_KEY"])
    if values != known:
        files.write_json(path, values, mode=0o600)
    else:
        path.chmod(0o600)
    return values


def master_keys(home: Path) -> Path:
    """The file with the master keys, made with one key when there is none: in a file they can change while Markezy runs."""
    path = home / "master-keys"
    if not path.exists():
        _keep_master_key(home, base64.b64encode(os.urandom(32)).decode())
    return path


def signing_keys(home: Path) -> Path:
    """The file with the keys that sign staff access tokens, made with one key when there is none."""
    path = home / "signing-keys"
    if not path.exists():
        signing.rotate(path)
    return path


def _keep_master_key(home: Path, key: str) -> None:
    path = home / "master-keys"
    if not path.exists():
        files.write_text(path, f"{key}\n", mode=0o600)
