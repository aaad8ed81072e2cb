"""Rasa's model: trained when something it depends on has changed, and kept by the hash of all that."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

_SINGLE_INPUTS = ("domain.yml", "config.yml")
_INPUT_TREES = (("data", "*.yml"), ("bot", "*.py"))
_KEPT_MODELS = 5


def model_hash(root: Path, rasa_version: str) -> str:
    """One value for everything training reads: the project's files, the bot's own components, Rasa's version."""
    digest = hashlib.sha256(rasa_version.encode())
    for path in sorted(_inputs(root)):
        digest.update(b"\0" + path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


def rasa_version(bot_environment: Path) -> str:
    """The Rasa version installed in a virtual environment."""
    for metadata in bot_environment.glob("lib/python*/site-packages/rasa-*.dist-info"):
        return metadata.name.removeprefix("rasa-").removesuffix(".dist-info")
    raise FileNotFoundError(f"Rasa is not installed in {bot_environment}; run `make setup`.")


def training_command(root: Path, python: Path, draft: Path) -> list[str]:
    """Train `root`'s project into the file `draft`."""
    return [
        *(str(python), "-m", "rasa", "train"),
        *("--domain", str(root / "domain.yml"), "--config", str(root / "config.yml"), "--data", str(root / "data")),
        *("--out", str(draft.parent), "--fixed-model-name", draft.name.removesuffix(".tar.gz")),
    ]


def draft_path(cache: Path) -> Path:
    """A file name of this process's own, so that two trainings never write the same file."""
    return cache / f"draft-{os.getpid()}" / "model.tar.gz"


def keep(draft: Path, model: Path) -> None:
    """Move a finished model to its place in the cache and drop models that were not used for long."""
    draft.replace(model)
    newest_first = sorted(model.parent.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[_KEPT_MODELS:]:
        old.unlink(missing_ok=True)


def _inputs(root: Path) -> Iterable[Path]:
    yield from (root / name for name in _SINGLE_INPUTS if (root / name).exists())
    for folder, pattern in _INPUT_TREES:
        yield from (root / folder).rglob(pattern)
