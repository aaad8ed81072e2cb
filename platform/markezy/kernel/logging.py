"""Structured logs: one JSON object a line on standard error, each with the correlation id of the work at hand."""

import logging
import sys

import structlog

bind = structlog.contextvars.bind_contextvars
"""Add key-value pairs to every line this thread or task logs from here on."""

unbind_all = structlog.contextvars.clear_contextvars


def configure_logging(process: str) -> None:
    """Send structlog's and the standard library's lines through one JSON renderer; `process` is on each line."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )

    def name_the_process(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        event["process"] = process
        return event

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                name_the_process,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for the module `name`. Never pass it personal data, message texts or secrets."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
