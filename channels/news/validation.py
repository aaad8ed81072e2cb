"""What the platform may tell, as checked values."""

from typing import Any
from urllib.parse import urlsplit

from channels.body import text_field, uuid_field
from channels.problem import Invalid

NEWS: dict[str, list[tuple[str, int]]] = {"strategy_ready": [("title", 300), ("url", 2000)]}
"""The members of each kind of news and their longest length."""

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
    told = {name: text_field(data, name, limit) for name, limit in NEWS[intent]}
    if "url" in told and not _is_web_address(told["url"]):
        raise Invalid('"url" must be an http or https address.')
    return id_, {"intent": intent, "data": told}


def stuck_message(body: dict[str, Any]) -> tuple[str, str]:
    """Channel and id of an inbox row."""
    channel = text_field(body, "channel", 40)
    if channel not in INBOX_CHANNELS:
        raise Invalid(f'"channel" must be one of: {", ".join(INBOX_CHANNELS)}.')
    return channel, uuid_field(body, "message_id")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
