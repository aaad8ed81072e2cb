"""Signed, short-lived tokens: JWT (RFC 7519) with HS256, the algorithm pinned, audience and expiry required."""

from datetime import datetime, timedelta
from typing import Any

import jwt
from pydantic import SecretStr

from markezy.kernel.clock import now
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.logging import security_log

_ALGORITHM = "HS256"


def sign(secret: SecretStr, audience: str, lifetime: timedelta, **claims: object) -> str:
    """A token for `audience` that carries `claims` and ends after `lifetime`."""
    return sign_as_of(now(), secret, audience, lifetime, **claims)


def sign_as_of(issued: datetime, secret: SecretStr, audience: str, lifetime: timedelta, **claims: object) -> str:
    """The same as if it were signed at that time; the very same token again for the same arguments."""
    payload = {**claims, "aud": audience, "iat": issued, "exp": issued + lifetime}
    return jwt.encode(payload, secret.get_secret_value(), algorithm=_ALGORITHM)


def verify(secret: SecretStr, audience: str, token: str, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The claims of a token meant for `audience`; Unauthenticated when anything about it is wrong."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret.get_secret_value(),
            algorithms=[_ALGORITHM],
            audience=audience,
            options={"require": ["exp", "iat", "aud", *required]},
        )
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("This token has expired; get a new one.") from None
    except jwt.InvalidTokenError:
        security_log.warning("token.forged", audience=audience)
        raise Unauthenticated("This token is not valid here.") from None
    return claims
