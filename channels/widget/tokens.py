"""Visitor tokens: who may speak in a conversation. Verified without any look-up."""

import time
from dataclasses import dataclass

import jwt

from channels.body import canonical_uuid
from channels.problem import NotFound, Unauthenticated
from channels.settings import secret

_AUDIENCE = "visitor"
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


def verify(token: str, conversation_id: str) -> Visitor:
    """The visitor `token` was issued to. Unauthenticated when it is forged, expired or not a visitor's; NotFound when
    it belongs to another conversation than `conversation_id`."""
    try:
        claims = jwt.decode(
            token,
            secret("MARKEZY_VISITOR_SECRET"),
            algorithms=["HS256"],
            audience=_AUDIENCE,
            options={"require": ["aud", "exp", "iat", "tid", "cid"]},
        )
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("This conversation's token has expired; start a new conversation.") from None
    except jwt.InvalidTokenError:
        raise Unauthenticated("This conversation's token is not valid.") from None
    visitor = Visitor(claims["tid"], claims["cid"])
    if not all(
        isinstance(id_, str) and canonical_uuid(id_) == id_ for id_ in (visitor.tenant_id, visitor.conversation_id)
    ):
        raise Unauthenticated("This conversation's token is not valid.")
    if visitor.conversation_id != conversation_id:
        raise NotFound("There is no such conversation.")
    return visitor
