"""The log of the Rasa process."""

import json
import logging
import sys

from channels.ops.log_lines import JsonLines


def line(message: str, *args: object, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("rasa.core", logging.WARNING, "file.py", 1, message, args, extra.get("exc_info"))  # type: ignore[arg-type]
    return json.loads(JsonLines().format(record))


def test_a_plain_message_becomes_an_event() -> None:
    written = line("The %s tripped", "breaker")
    assert (written["event"], written["level"], written["logger"]) == ("The breaker tripped", "warning", "rasa.core")


def test_what_structlog_rendered_is_not_quoted_again() -> None:
    written = line('{"event": "channels.answered", "correlation_id": "trace-1"}')
    assert (written["event"], written["correlation_id"]) == ("channels.answered", "trace-1")


def test_a_message_that_only_looks_like_json_is_kept_as_text() -> None:
    assert line("{oops")["event"] == "{oops"


def test_a_line_break_stays_within_its_line_and_an_error_keeps_its_trace() -> None:
    try:
        raise ValueError("boom")
    except ValueError:
        written = line("first\nsecond", exc_info=sys.exc_info())
    assert written["event"] == "first\nsecond"
    assert "ValueError: boom" in str(written["exception"])
