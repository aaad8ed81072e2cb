"""Short-lived tokens other processes of Markezy show the bot."""

import jwt
from sanic.request import Request

from channels.body import canonical_uuid
from channels.problem import Unauthenticated
from channels.settings import secret

_MAX_LIFETIME = 60
_CLOCK_SKEW = 5


def tenant_of(request: Request) -> str:
    """The tenant a service token speaks for; Unauthenticated unless it was made for the bot, and just now."""
    try:
        claims = jwt.decode(
            bearer(request),
            secret("MARKEZY_SERVICE_SECRET"),
            algorithms=["HS256"],
            audience="bot",
            leeway=_CLOCK_SKEW,
            options={"require": ["iss", "aud", "iat", "exp", "tid"]},
        )
    except jwt.InvalidTokenError:
        raise Unauthenticated("A valid service token for the bot is needed here.") from None
    tenant_id = claims["tid"]
    if not isinstance(tenant_id, str) or canonical_uuid(tenant_id) != tenant_id:
        raise Unauthenticated("The service token names no tenant.")
    if claims["exp"] - claims["iat"] > _MAX_LIFETIME:
        raise Unauthenticated(f"A service token may live {_MAX_LIFETIME} seconds at most.")
    return tenant_id


def bearer(request: Request) -> str:
    """The token of the `Authorization: Bearer` header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("This needs the header `Authorization: Bearer <token>`.")
    return token.strip()
