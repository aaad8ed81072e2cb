"""Opaque positions in lists: what a client gets back and sends again, never looks into."""

import base64
import json

from markezy.kernel.errors import Malformed


def encode(*parts: str) -> str:
    """A cursor that holds `parts`."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(cursor: str, size: int) -> tuple[str, ...]:
    """The `size` parts of a cursor; Malformed when it is not one of ours."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        raise bad_cursor() from None
    if not isinstance(parts, list) or len(parts) != size or not all(isinstance(part, str) for part in parts):
        raise bad_cursor()
    return tuple(parts)


def bad_cursor() -> Malformed:
    return Malformed("This cursor is not valid; start again without one.")
