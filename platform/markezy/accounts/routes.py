"""The staff API's `auth/*`, `me` and `users`."""

from dataclasses import asdict
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr
from sanic import Blueprint

from markezy.accounts import api, sessions
from markezy.accounts.api import staff
from markezy.accounts.model import User
from markezy.accounts.roles import permissions_of
from markezy.accounts.sessions import Tokens
from markezy.accounts.throttle import LoginThrottle
from markezy.kernel.errors import Invalid, Unauthenticated
from markezy.kernel.http import Call, Reply, anyone, endpoint

blueprint = Blueprint("accounts", url_prefix="/api/v1")

_NO_STORE = {"Cache-Control": "no-store"}


class Credentials(BaseModel):
    """The body of a login."""

    email: str = Field(min_length=1)
    password: SecretStr = Field(min_length=1)


class RefreshToken(BaseModel):
    """The body of a refresh."""

    refresh_token: str = Field(max_length=200)


@blueprint.post("/auth/login")
@endpoint(anyone, kind="login")
def log_in(call: Call) -> Reply:
    """Exchange e-mail and password for an access and a refresh token."""
    given = call.json(Credentials)
    throttle = LoginThrottle(call.services.redis, call.settings.staff_secret)
    user = sessions.log_in(
        call.connection,
        throttle,
        given.email,
        given.password.get_secret_value(),
        call.services.door.client_address(call.request),
    )
    opened = sessions.open_api_session(call.connection, call.settings.staff_secret, user)
    return Reply(200, _tokens(opened), _NO_STORE)


@blueprint.post("/auth/refresh")
@endpoint(anyone)
def refresh(call: Call) -> Reply:
    """Exchange a refresh token for new tokens. Each works once; the second use ends the session for everybody."""
    renewed = sessions.refresh(call.connection, call.settings.staff_secret, call.json(RefreshToken).refresh_token)
    if renewed is None:
        return Reply.problem(Unauthenticated("This refresh token was used before; please log in again."))
    return Reply(200, _tokens(renewed), _NO_STORE)


@blueprint.post("/auth/logout")
@endpoint(staff())
def log_out(call: Call) -> Reply:
    """End the caller's session: its refresh token stops working at once."""
    if call.principal.session_id is not None:
        sessions.log_out(call.connection, call.tenant_id, call.principal.session_id)
    return Reply(204)


@blueprint.get("/me")
@endpoint(staff())
def me(call: Call) -> Reply:
    """The caller, what they may do, and their agency."""
    user = api.user(call.connection, call.tenant_id, UUID(call.principal.id))
    tenant = api.tenant(call.connection, call.tenant_id)
    return Reply(200, {**_user(user), "permissions": permissions_of(user.role), "tenant": asdict(tenant)})


@blueprint.get("/users")
@endpoint(staff("users.read"))
def users(call: Call) -> Reply:
    """The agency's staff, in the order they joined."""
    limit = call.query.get("limit", "25")
    if not (limit.isascii() and limit.isdigit()):
        raise Invalid("limit is a number.")
    page = api.list_users(call.connection, call.tenant_id, cursor=call.query.get("cursor"), limit=int(limit))
    return Reply(200, {"items": [_user(user) for user in page.items], "next_cursor": page.next_cursor})


def _user(user: User) -> dict[str, object]:
    return {"id": user.id, "email": user.email, "name": user.name, "role": user.role, "created_at": user.created_at}


def _tokens(tokens: Tokens) -> dict[str, object]:
    return {"token_type": "Bearer", **asdict(tokens)}
