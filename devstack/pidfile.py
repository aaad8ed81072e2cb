"""Who runs the demo in a home: a pid alone could by now belong to a stranger, so its start time is kept with it."""

import json
import os
from pathlib import Path

import psutil

from devstack import files


def _path(home: Path) -> Path:
    return home / "demo.pid"


def claim(home: Path) -> None:
    """Record this process as the one that runs the demo in `home`."""
    files.write_json(_path(home), {"pid": os.getpid(), "started": psutil.Process().create_time()})


def release(home: Path) -> None:
    """Forget the record."""
    _path(home).unlink(missing_ok=True)


def exists(home: Path) -> bool:
    """True when there is a record, even one whose process was killed."""
    return _path(home).exists()


def running(home: Path) -> psutil.Process | None:
    """The recorded process, if it still runs."""
    try:
        record = json.loads(_path(home).read_text())
        process = psutil.Process(int(record["pid"]))
        if process.create_time() != record["started"] or process.status() == psutil.STATUS_ZOMBIE:
            return None
    except (FileNotFoundError, ValueError, KeyError, TypeError, psutil.NoSuchProcess):
        return None
    return process
