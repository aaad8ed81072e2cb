"""What staff do with their own account: their sessions, their password, their second factor."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import devices, resets, second_factor, session_repository
from markezy.accounts.model import OpenSession, User
from markezy.accounts.second_factor import Enrolment
from markezy.accounts.throttle import LoginThrottle
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.errors import NotFound
from markezy.kernel.http import Services


def throttle_of(services: Services) -> LoginThrottle:
    """What counts wrong passwords and codes."""
    return LoginThrottle(services.redis, services.settings.staff_secret)


def open_sessions(connection: Connection, user: User) -> list[OpenSession]:
    """Where the user is logged in, the latest used first."""
    keys, at = personal.tenant_keys(connection, user.tenant_id), now()
    return [
        OpenSession(
            one.id, one.kind, devices.opened(keys, user.tenant_id, one.id, one.device),
            one.created_at, one.last_used_at, one.expires_at,
        )
        for one in session_repository.sessions_of(connection, user)
        if one.is_open(at)
    ]  # fmt: skip


def end_session(connection: Connection, user: User, session_id: UUID) -> None:
    """End one of the user's sessions at once. NotFound for anybody else's; again: nothing happens."""
    found = session_repository.find_session(connection, user.tenant_id, session_id)
    if found is None or found.user.id != user.id:
        raise NotFound("You have no such session.")
    session_repository.revoke_session(connection, user.tenant_id, session_id, now())


def end_other_sessions(connection: Connection, user: User, but: UUID | None) -> int:
    """End all of the user's sessions except the one they are in; how many that were."""
    return session_repository.revoke_all(connection, user.tenant_id, user.id, now(), but)


def change_password(
    connection: Connection,
    services: Services,
    user: User,
    current: str,
    new: str,
    session_id: UUID | None,
    address: str,
) -> None:
    """Set a new password; the user's other sessions end. Forbidden for a wrong current one, Invalid for a bad new one."""
    resets.require_password(connection, throttle_of(services), user, current, address)
    resets.change(connection, user, new, session_id)


def enrol_second_factor(
    connection: Connection, services: Services, user: User, password: str, address: str
) -> Enrolment:
    """A secret for the user's app. Forbidden for a wrong password, Conflict when a second factor is on."""
    resets.require_password(connection, throttle_of(services), user, password, address)
    return second_factor.enrol(connection, user)


def confirm_second_factor(connection: Connection, services: Services, user: User, code: str, address: str) -> list[str]:
    """Turn it on; the recovery codes. Invalid for a wrong code, Conflict when there is nothing to confirm."""
    throttle = throttle_of(services)
    throttle.admit_code(user.email, address)
    codes = second_factor.confirm(connection, user, code)
    throttle.forgive_code(user.email, address)
    return codes


def turn_off_second_factor(connection: Connection, services: Services, user: User, password: str, address: str) -> None:
    """Log in by password alone again. Forbidden for a wrong password."""
    resets.require_password(connection, throttle_of(services), user, password, address)
    second_factor.turn_off(connection, user)
