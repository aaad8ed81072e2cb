"""What the platform may tell, as checked values."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from channels.body import text_field, uuid_field
from channels.problem import Invalid

_NAME = 200

NEWS: dict[str, dict[str, int]] = {
    "strategy_ready": {"title": 300, "url": 2000},
    "person_joined": {"name": _NAME},
    "person_message": {"name": _NAME, "text": 4000},
    "person_left": {"name": _NAME},
    "team_away": {"reason": 40},
    "reminder": {},
}
"""The members of each kind of news and their longest length, in characters."""

BY_STAFF = frozenset({"person_joined", "person_message", "person_left"})
"""News that say who of the team did it, as `by`: for the log, not for the lead."""

AWAY_BECAUSE = ("closed", "busy")

INBOX_CHANNELS = ("widget", "news")


def news(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The news' id and what the inbox keeps of it; Invalid with the member at fault."""
    id_ = uuid_field(body, "id")
    intent = body.get("intent")
    if not isinstance(intent, str) or intent not in NEWS:
        raise Invalid(f'"intent" must be one of: {", ".join(NEWS)}.')
    data = body.get("data")
    if not isinstance(data, dict):
        raise Invalid('"data" must be an object.')
    told = {name: text_field(data, name, limit) for name, limit in NEWS[intent].items()}
    if "url" in told and not _is_web_address(told["url"]):
        raise Invalid('"url" must be an http or https address.')
    if intent == "team_away":
        told["opens_at"] = _opens_at(data)
        if told["reason"] not in AWAY_BECAUSE:
            raise Invalid(f'"reason" must be one of: {", ".join(AWAY_BECAUSE)}.')
    body = {"intent": intent, "data": told}
    if intent in BY_STAFF and data.get("by") is not None:
        body["by"] = uuid_field(data, "by")
    return id_, body


def stuck_message(body: dict[str, Any]) -> tuple[str, str]:
    """Channel and id of an inbox row."""
    channel = text_field(body, "channel", 40)
    if channel not in INBOX_CHANNELS:
        raise Invalid(f'"channel" must be one of: {", ".join(INBOX_CHANNELS)}.')
    return channel, uuid_field(body, "message_id")


def _opens_at(data: dict[str, Any]) -> str:
    """An ISO 8601 time with its offset, or nothing."""
    value = data.get("opens_at") or ""
    if value == "":
        return ""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid('"opens_at" must be a time such as 2027-03-01T09:00:00+01:00, or empty.') from None
    if at.tzinfo is None:
        raise Invalid('"opens_at" must say its offset from UTC.')
    return str(value)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
