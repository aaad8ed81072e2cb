"""One's own account: who one is, password, second factor, sessions."""

from dataclasses import asdict
from uuid import UUID

from sanic import Blueprint

from markezy.accounts import api, api_keys
from markezy.accounts.api import member, staff
from markezy.accounts.roles import permissions_of
from markezy.accounts.routes import shown
from markezy.accounts.routes.callers import Body, Code, Password, caller
from markezy.kernel.http import Call, Reply, endpoint

blueprint = Blueprint("own_account", url_prefix="/api/v1")


class PasswordChange(Body):
    """The password so far and the one from now on."""

    current: Password
    new: Password


class OwnPassword(Body):
    """Proof that it is really its owner who sits there."""

    password: Password


class OneCode(Body):
    """What the authenticator app shows."""

    code: Code


@blueprint.get("/me")
@endpoint(member, audit=None)
def me(call: Call) -> Reply:
    """The caller, what they may do, and their agency. For an API key: the key."""
    tenant = asdict(api.tenant(call.connection, call.tenant_id))
    if call.principal.kind == api_keys.KIND:
        key = api_keys.find(call.connection, call.tenant_id, UUID(call.principal.id))
        return Reply(200, {"kind": "api_key", **shown.api_key(key), "permissions": key.scopes, "tenant": tenant})
    user = caller(call)
    factor = api.has_second_factor(call.connection, user)
    permissions = permissions_of(user.role)
    return Reply(
        200,
        {"kind": "staff", **shown.user(user), "second_factor": factor, "permissions": permissions, "tenant": tenant},
    )


@blueprint.put("/me/password")
@endpoint(staff(), kind="login", audit="password.changed")
def change_password(call: Call) -> Reply:
    """Set a new password. The caller's other sessions end."""
    given = call.json(PasswordChange)
    api.change_password(
        call.connection, call.services, caller(call), given.current.get_secret_value(), given.new.get_secret_value(),
        call.principal.session_id, call.client_address,
    )  # fmt: skip
    return Reply(204)


@blueprint.post("/me/totp")
@endpoint(staff(), kind="login", audit="second_factor.begun")
def enrol(call: Call) -> Reply:
    """Begin with a second factor: the secret for an authenticator app, once. It counts after `me/totp/confirm`."""
    password = call.json(OwnPassword).password.get_secret_value()
    enrolment = api.enrol_second_factor(call.connection, call.services, caller(call), password, call.client_address)
    return Reply(201, asdict(enrolment), shown.NO_STORE)


@blueprint.post("/me/totp/confirm")
@endpoint(staff(), kind="login", audit="second_factor.on")
def confirm(call: Call) -> Reply:
    """Turn it on by a code of the app. The recovery codes are shown this once; each replaces a code, once."""
    code = call.json(OneCode).code
    codes = api.confirm_second_factor(call.connection, call.services, caller(call), code, call.client_address)
    return Reply(200, {"recovery_codes": codes}, shown.NO_STORE)


@blueprint.post("/me/totp/disable")
@endpoint(staff(), kind="login", audit="second_factor.off")
def turn_off(call: Call) -> Reply:
    """Log in by password alone again."""
    password = call.json(OwnPassword).password.get_secret_value()
    api.turn_off_second_factor(call.connection, call.services, caller(call), password, call.client_address)
    return Reply(204)


@blueprint.get("/sessions")
@endpoint(staff(), audit=None)
def list_sessions(call: Call) -> Reply:
    """Where the caller is logged in, the latest used first. Of the address only the network is kept."""
    found = api.open_sessions(call.connection, caller(call))
    return Reply(200, {"items": [shown.session(one, one.id == call.principal.session_id) for one in found]})


@blueprint.delete("/sessions/<session_id:uuid>")
@endpoint(staff(), audit="session.ended")
def end_session(call: Call, session_id: UUID) -> Reply:
    """End one of the caller's sessions at once."""
    api.end_session(call.connection, caller(call), session_id)
    return Reply(204)


@blueprint.delete("/sessions")
@endpoint(staff(), audit="session.others_ended")
def end_other_sessions(call: Call) -> Reply:
    """End all of the caller's sessions except the one that asks."""
    return Reply(200, {"ended": api.end_other_sessions(call.connection, caller(call), call.principal.session_id)})
