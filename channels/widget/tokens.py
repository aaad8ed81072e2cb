"""Visitor tokens: who may speak in a conversation. Verified without any look-up."""

import time
from dataclasses import dataclass
from typing import Any

import jwt

from channels.body import canonical_uuid
from channels.problem import NotFound, Unauthenticated
from channels.settings import secret

_AUDIENCE = "visitor"
_RESUME_AUDIENCE = "resume"
_LIFETIME = 30 * 24 * 3600
"""A visitor who comes back within a month finds the conversation where it was."""


@dataclass(frozen=True)
class Visitor:
    """Somebody in one conversation of one tenant."""

    tenant_id: str
    conversation_id: str


def issue(visitor: Visitor) -> str:
    """A token for the conversation that was just started."""
    now = int(time.time())
    claims = {
        "aud": _AUDIENCE,
        "tid": visitor.tenant_id,
        "cid": visitor.conversation_id,
        "iat": now,
        "exp": now + _LIFETIME,
    }
    return jwt.encode(claims, secret("MARKEZY_VISITOR_SECRET"), algorithm="HS256")


def redeem(link_token: str) -> Visitor:
    """Whose conversation a resume link leads to; the platform made it. Unauthenticated when it is forged or too old."""
    try:
        claims = _decoded(link_token, secret("MARKEZY_SERVICE_SECRET"), _RESUME_AUDIENCE, ["aud", "exp", "tid", "cid"])
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("This link has expired. Please start a new conversation.") from None
    except jwt.InvalidTokenError:
        raise Unauthenticated("This link is not valid.") from None
    visitor = Visitor(claims["tid"], claims["cid"])
    if not _is_canonical(visitor):
        raise Unauthenticated("This link is not valid.")
    return visitor


def verify(token: str, conversation_id: str) -> Visitor:
    """The visitor `token` was issued to. Unauthenticated when it is forged, expired or not a visitor's; NotFound when
    it belongs to another conversation than `conversation_id`."""
    try:
        claims = _decoded(token, secret("MARKEZY_VISITOR_SECRET"), _AUDIENCE, ["aud", "exp", "iat", "tid", "cid"])
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("This conversation's token has expired; start a new conversation.") from None
    except jwt.InvalidTokenError:
        raise Unauthenticated("This conversation's token is not valid.") from None
    visitor = Visitor(claims["tid"], claims["cid"])
    if not _is_canonical(visitor):
        raise Unauthenticated("This conversation's token is not valid.")
    if visitor.conversation_id != conversation_id:
        raise NotFound("There is no such conversation.")
    return visitor


def _decoded(token: str, key: str, audience: str, required: list[str]) -> dict[str, Any]:
    return jwt.decode(token, key, algorithms=["HS256"], audience=audience, options={"require": required})


def _is_canonical(visitor: Visitor) -> bool:
    ids = (visitor.tenant_id, visitor.conversation_id)
    return all(isinstance(id_, str) and canonical_uuid(id_) == id_ for id_ in ids)
