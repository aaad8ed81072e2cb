"""What a widget may send, as checked values."""

from dataclasses import dataclass
from typing import Any

from channels.body import text_field, uuid_field
from channels.parsed import file_of, read_payload
from channels.problem import Invalid

LOCALES = ("en", "fr", "es")
MAX_TEXT = 4000
_MAX_KEY = 200
_MAX_URL = 8000
"""Addresses with advertising parameters run to thousands of characters; no visitor shall be turned away for one."""
_MAX_MEMBERS = 50
_MAX_MEMBER = 1000


@dataclass(frozen=True)
class NewConversation:
    """A visitor's first call."""

    widget_key: str
    locale: str | None
    """One of LOCALES, or None when the visitor asked for none of them."""
    page: dict[str, Any]
    hidden: dict[str, Any]
    flow: str | None
    """The slug of the flow the page asks for; None for the agency's default."""
    visitor: str | None
    """The device's own UUID, by which an experiment's variant is chosen; None when the widget could not keep one."""


@dataclass(frozen=True)
class NewMessage:
    """A message with the id its sender gave it; `body` is what the inbox keeps, with what is known of the file if one is sent."""

    id: str
    body: dict[str, str]
    file_id: str | None = None
    """The file it sends as an answer, if it does."""


def new_conversation(body: dict[str, Any]) -> NewConversation:
    """The body of `POST /conversations`; Invalid with the member at fault."""
    return NewConversation(
        widget_key=text_field(body, "widget_key", _MAX_KEY),
        locale=_locale(body.get("locale")),
        page=_page(body.get("page")),
        hidden=_members(body.get("hidden"), "hidden", (str, int, float)),
        flow=None if body.get("flow") is None else text_field(body, "flow", _MAX_KEY),
        visitor=None if body.get("visitor") is None else uuid_field(body, "visitor"),
    )


def new_message(body: dict[str, Any]) -> NewMessage:
    """The body of `POST …/messages`: an id and either a text or a button's payload."""
    id_ = uuid_field(body, "id")
    said, tapped = body.get("text"), body.get("payload")
    if (said is None) == (tapped is None):
        raise Invalid('A message has either "text" or "payload".')
    if tapped is None:
        return NewMessage(id_, {"text": text_field(body, "text", MAX_TEXT)})
    payload = text_field(body, "payload", MAX_TEXT)
    return NewMessage(id_, {"payload": payload}, file_of(read_payload(payload)))


def _locale(wanted: Any) -> str | None:
    if wanted is None:
        return None
    if not isinstance(wanted, str):
        raise Invalid('"locale" must be a text.')
    language = wanted.replace("_", "-").split("-")[0].lower()
    return language if language in LOCALES else None


def _page(page: Any) -> dict[str, Any]:
    if page is None:
        return {}
    if not isinstance(page, dict):
        raise Invalid('"page" must be an object.')
    checked: dict[str, Any] = {}
    for name in ("url", "referrer"):
        value = page.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or len(value) > _MAX_URL:
            raise Invalid(f'"page.{name}" must be a text of {_MAX_URL} characters at most.')
        checked[name] = value
    checked["utm"] = _members(page.get("utm"), "page.utm", (str,))
    return checked


def _members(members: Any, name: str, kinds: tuple[type, ...]) -> dict[str, Any]:
    if members is None:
        return {}
    if not isinstance(members, dict):
        raise Invalid(f'"{name}" must be an object.')
    if len(members) > _MAX_MEMBERS:
        raise Invalid(f'"{name}" may hold {_MAX_MEMBERS} members at most.')
    for key, value in members.items():
        if not isinstance(value, kinds) or len(key) > _MAX_KEY or (isinstance(value, str) and len(value) > _MAX_MEMBER):
            raise Invalid(f'A member of "{name}" has the wrong type or is too long.')
    return members
