"""How a browser gets into the console and out: one form for the password, and one for the code where there is a second factor."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import repository, sessions
from markezy.accounts.authentication import console_cookie_name
from markezy.accounts.model import Device, User
from markezy.accounts.own_account import throttle_of
from markezy.accounts.sessions import CodeRequired
from markezy.kernel import tokens
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.http import Cookie, Services

_PENDING = timedelta(minutes=5)
_PENDING_AUDIENCE = "second-factor"


@dataclass(frozen=True)
class Pending:
    """The password was right; `token` stands for it in the form that asks for the code."""

    token: str


def console_log_in(
    connection: Connection, services: Services, email: str, password: str, address: str, device: Device
) -> Cookie | Pending:
    """The cookie of a new browser session, from a transaction without a tenant, which this enters; or Pending with a second factor.

    Unauthenticated when the credentials are wrong, TooManyRequests after too many failures from `address`.
    """
    try:
        known = sessions.log_in(connection, throttle_of(services), email, password, address)
    except CodeRequired as required:
        ids = {"tid": str(required.user.tenant_id), "uid": str(required.user.id)}
        return Pending(tokens.sign(services.settings.staff_secret, _PENDING_AUDIENCE, _PENDING, **ids))
    return _open(connection, services, known, device)


def console_confirm(
    connection: Connection, services: Services, pending: str, code: str, address: str, device: Device
) -> Cookie:
    """The cookie for somebody whose password was right a moment ago.

    Unauthenticated for a wrong code, with `code_required`, and when it took too long, without. TooManyRequests after many codes.
    """
    claims = tokens.verify(services.settings.staff_secret, _PENDING_AUDIENCE, pending, ("tid", "uid"))
    tenant_id, user_id = UUID(claims["tid"]), UUID(claims["uid"])
    repository.enter_tenant(connection, tenant_id)
    user = repository.find_user(connection, tenant_id, user_id)
    if user is None or user.deactivated_at is not None:
        raise Unauthenticated("Please log in.")
    sessions.accept_code(connection, throttle_of(services), user, code, address)
    return _open(connection, services, user, device)


def console_log_out(connection: Connection, services: Services, tenant_id: UUID, session_id: UUID) -> Cookie:
    """End a browser session; the cookie that removes the browser's."""
    sessions.log_out(connection, tenant_id, session_id)
    return _cookie(services, "", 0)


def _open(connection: Connection, services: Services, user: User, device: Device) -> Cookie:
    value = sessions.open_console_session(connection, services.settings.staff_secret, user, device)
    return _cookie(services, value, int(sessions.CONSOLE_LIFETIME.total_seconds()))


def _cookie(services: Services, value: str, max_age: int) -> Cookie:
    secure = services.settings.platform_url.startswith("https://")
    return Cookie(console_cookie_name(services.settings), value, max_age, secure=secure)
