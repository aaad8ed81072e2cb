"""The Rasa process's log as JSON lines, its own and ours alike."""

import json
import logging
import sys
from datetime import datetime, timezone
from typing import Any


class JsonLines(logging.Formatter):
    """One JSON object a line. What structlog has rendered already is taken apart again rather than quoted."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        line: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": "rasa",
            **_event(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def write_json_lines() -> None:
    """Make the root logger's streams write JSON, unless a person is looking."""
    for handler in logging.getLogger().handlers:
        stream = getattr(handler, "stream", None)
        if stream in (sys.stdout, sys.stderr) and not stream.isatty():
            handler.setFormatter(JsonLines())


def _event(message: str) -> dict[str, Any]:
    if message.startswith("{"):
        try:
            rendered = json.loads(message)
        except ValueError:
            rendered = None
        if isinstance(rendered, dict):
            return rendered
    return {"event": message}
