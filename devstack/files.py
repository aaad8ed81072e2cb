"""Small files that other processes read: written whole or not at all."""

import json
import os
from pathlib import Path


def write_json(path: Path, content: object, mode: int = 0o644) -> None:
    """Write `content` to `path`; a reader sees the old file or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    draft.replace(path)
