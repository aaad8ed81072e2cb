"""Keeps tokens out of the server's own log lines: EventSource can only send one in the address."""

import logging
import re

_TOKEN = re.compile(r"([?&]token=)[^&\s\"']+")


class WithoutTokens(logging.Filter):
    """Blanks the `token` parameter of every address in a log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name in ("request", "msg"):
            value = getattr(record, name, None)
            if isinstance(value, str):
                setattr(record, name, _TOKEN.sub(r"\1-", value))
        if record.args and isinstance(record.args, tuple):
            record.args = tuple(_TOKEN.sub(r"\1-", str(arg)) if "token=" in str(arg) else arg for arg in record.args)
        return True


def keep_tokens_out() -> None:
    """Put the filter on Sanic's loggers; harmless when repeated."""
    for name in ("sanic.access", "sanic.error", "sanic.root"):
        logger = logging.getLogger(name)
        if not any(isinstance(existing, WithoutTokens) for existing in logger.filters):
            logger.addFilter(WithoutTokens())
