"""Small files that other processes read: written whole or not at all."""

import json
import os
from pathlib import Path


def write_json(path: Path, content: object, mode: int = 0o644) -> None:
    """Write `content` to `path`; a reader sees the old file or the new one, never half of it."""
    write_text(path, json.dumps(content, indent=2) + "\n", mode)


def write_text(path: Path, content: str, mode: int = 0o644) -> None:
    """The same for a text."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(content)
    draft.replace(path)
