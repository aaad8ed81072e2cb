"""Keeps visitors out of the server's own log lines. EventSource can only send its token in the address, and an upload says
its file's name there, which often is a person's."""

import logging
import re

_OF_A_VISITOR = re.compile(r"([?&](?:token|name)=)[^&\s\"]+")


class WithoutVisitors(logging.Filter):
    """Blanks the parameters `token` and `name` of every address in a log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name in ("request", "msg"):
            value = getattr(record, name, None)
            if isinstance(value, str):
                setattr(record, name, _blanked(value))
        if record.args and isinstance(record.args, tuple):
            record.args = tuple(_blanked(str(arg)) if "=" in str(arg) else arg for arg in record.args)
        return True


def keep_visitors_out() -> None:
    """Put the filter on Sanic's loggers; harmless when repeated."""
    for name in ("sanic.access", "sanic.error", "sanic.root"):
        logger = logging.getLogger(name)
        if not any(isinstance(existing, WithoutVisitors) for existing in logger.filters):
            logger.addFilter(WithoutVisitors())


def _blanked(line: str) -> str:
    return _OF_A_VISITOR.sub(r"\1-", line)
