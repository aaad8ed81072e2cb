"""Structured logs: one JSON object a line on standard error, each with the correlation id of the work at hand.

What concerns security has a stream of its own, so that somebody else can watch it: the lines of `security_log`.
"""

import logging
import os
import sys
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import TextIO

import structlog

bind = structlog.contextvars.bind_contextvars
"""Add key-value pairs to every line this thread or task logs from here on."""

unbind_all = structlog.contextvars.clear_contextvars

_SECURITY = "markezy.security"
_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configure_logging(process: str) -> None:
    """Send structlog's and the standard library's lines through one JSON renderer; `process` is on each line."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_rendering(logging.StreamHandler(sys.stderr), process=process)]
    root.setLevel(logging.INFO)
    configure_security_log(process, None)


def configure_security_log(process: str, file: Path | None) -> None:
    """Send the security stream to `file`, which only its owner can read and several processes may share; without one, to
    standard error, where each of its lines says `"stream": "security"`. A file that was moved away is begun anew."""
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _PrivateFile(file, encoding="utf-8")
    logger = logging.getLogger(_SECURITY)
    for before in logger.handlers:
        before.close()
    logger.handlers[:] = [_rendering(handler, process=process, stream="security")]
    logger.propagate = False


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for the module `name`. Never pass it personal data, message texts or secrets."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


security_log = get_logger(_SECURITY)
"""What whoever watches over the installation wants to know: refusals, keys, roles, second factors, erasures. Ids only: no address but
its keyed hash, no token, nobody's name."""


class _PrivateFile(WatchedFileHandler):
    def _open(self) -> TextIO:  # type: ignore[override]
        return os.fdopen(
            os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding=self.encoding
        )


def _rendering(handler: logging.Handler, **said: str) -> logging.Handler:
    """The handler, writing JSON with these members on each line."""

    def say(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event.update(said)
        return event

    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                say,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    return handler
