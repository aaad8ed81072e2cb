"""Logging in and out, invitations and forgotten passwords: `auth/*`."""

import time
from dataclasses import asdict

from pydantic import BaseModel, Field, SecretStr
from sanic import Blueprint

from markezy.accounts import api, sessions
from markezy.accounts.api import staff
from markezy.accounts.own_account import throttle_of
from markezy.accounts.routes import shown
from markezy.accounts.routes.callers import Body, Code, Password, Token, device_of
from markezy.accounts.sessions import Tokens
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.http import Call, Reply, anyone, endpoint
from markezy.kernel.http.fields import Name

blueprint = Blueprint("accounts", url_prefix="/api/v1/auth")

_EVEN_SECONDS = 0.25
"""How long asking for a reset takes, whether there is such an account or not: looking on must not tell."""


class Credentials(BaseModel):
    """The body of a login. `code` is needed from whoever has a second factor."""

    email: str = Field(min_length=1)
    password: SecretStr = Field(min_length=1)
    code: Code | None = None


class RefreshToken(BaseModel):
    """The body of a refresh."""

    refresh_token: str = Field(max_length=200)


class Forgotten(Body):
    """Whose password is to be reset."""

    email: str = Field(min_length=1, max_length=320)


class NewPassword(Body):
    """The link's token and the password from now on."""

    token: Token
    password: Password


class Acceptance(NewPassword):
    """The same from somebody who was invited, who may correct their name."""

    name: Name | None = None


@blueprint.post("/login")
@endpoint(anyone, kind="login", audit="session.opened")
def log_in(call: Call) -> Reply:
    """Exchange e-mail and password, and a code where there is a second factor, for an access and a refresh token."""
    given = call.json(Credentials)
    user = sessions.log_in(
        call.connection,
        throttle_of(call.services),
        given.email,
        given.password.get_secret_value(),
        call.client_address,
        given.code,
    )
    opened = sessions.open_api_session(call.connection, call.services.signing, user, device_of(call))
    return Reply(200, _tokens(opened), shown.NO_STORE)


@blueprint.post("/refresh")
@endpoint(anyone, audit=None)
def refresh(call: Call) -> Reply:
    """Exchange a refresh token for new tokens. Each works once; the second use ends the session for everybody."""
    renewed = sessions.refresh(call.connection, call.services.signing, call.json(RefreshToken).refresh_token)
    if renewed is None:
        return Reply.problem(Unauthenticated("This refresh token was used before; please log in again."))
    return Reply(200, _tokens(renewed), shown.NO_STORE)


@blueprint.post("/logout")
@endpoint(staff(), audit="session.ended")
def log_out(call: Call) -> Reply:
    """End the caller's session: all its tokens stop working at once."""
    if call.principal.session_id is not None:
        sessions.log_out(call.connection, call.tenant_id, call.principal.session_id)
    return Reply(204)


@blueprint.post("/password-reset")
@endpoint(anyone, kind="login", audit=None)
def ask_for_reset(call: Call) -> Reply:
    """Have a link to a new password sent. The answer is the same whether there is such an account or not."""
    email = call.json(Forgotten).email
    started = time.monotonic()
    api.request_reset(call.connection, call.services, email, call.client_address, call.correlation_id)
    time.sleep(max(0.0, _EVEN_SECONDS - (time.monotonic() - started)))
    return Reply(202, {"detail": "If there is an account with this address, a letter is on its way."})


@blueprint.post("/password-reset/finish")
@endpoint(anyone, kind="login", audit="password.reset")
def finish_reset(call: Call) -> Reply:
    """Set a new password by the link in the letter, once. All sessions end; a second factor stays."""
    given = call.json(NewPassword)
    password = given.password.get_secret_value()
    api.finish_reset(call.connection, call.services, given.token, password, call.client_address)
    return Reply(204)


@blueprint.post("/invitations/accept")
@endpoint(anyone, kind="login", audit="invitation.accepted")
def accept_invitation(call: Call) -> Reply:
    """Join the team by the link in the letter, once, with a password of one's own."""
    given = call.json(Acceptance)
    password = given.password.get_secret_value()
    return Reply(
        201, shown.user(api.accept_invitation(call.connection, call.settings, given.token, given.name, password))
    )


def _tokens(tokens: Tokens) -> dict[str, object]:
    return {"token_type": "Bearer", **asdict(tokens)}
