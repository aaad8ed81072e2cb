"""Rows of the conversation's event stream as the transcript entries people see (docs/contracts.md)."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

Entry = dict[str, Any]

COLUMNS = "id, version, type, actor, data, occurred_at"
"""What a query must select for `entry`."""

_SHOWN_WITH_A_REPLY = ("buttons", "input", "attachment", "progress")


def entry(row: Mapping[str, Any]) -> Entry | None:
    """The transcript entry of one event row, or None when the event is not part of the transcript.

    `row` has the keys `id`, `type`, `actor`, `data` and `occurred_at`.
    """
    data = row["data"]
    if row["type"] == "message.sent":
        shown = {
            "id": str(row["id"]),
            "from": "staff" if row["actor"].startswith("staff") else "assistant",
            "text": data["text"],
            "at": _iso(row["occurred_at"]),
        }
        shown.update((key, data[key]) for key in _SHOWN_WITH_A_REPLY if data.get(key))
        return shown
    if row["type"] == "message.received" and row["actor"] == "visitor" and data["text"]:
        return {
            "id": str(row["id"]),
            "from": "visitor",
            "text": data["text"],
            "at": _iso(row["occurred_at"]),
            "message_id": data["message_id"],
        }
    return None


def entries(rows: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """The transcript entries among `rows`, in their order."""
    return [shown for row in rows if (shown := entry(row)) is not None]


def tapped(payload: str, buttons: Iterable[Mapping[str, Any]]) -> str:
    """What the lead saw on the button that sends `payload`.

    A button that is no longer at hand is shown by its value. A payload without a value, such as the `/start` a widget
    sends when it opens, shows nothing.
    """
    for button in buttons:
        if button.get("payload") == payload:
            return str(button.get("title", ""))
    _, brace, rest = payload.partition("{")
    try:
        value = json.loads(brace + rest).get("value") if brace else None
    except (ValueError, AttributeError):
        return ""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value)


def _iso(at: datetime) -> str:
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds")
