"""Passwords that were forgotten, and passwords that are changed."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import invitation_repository, links, passwords, repository, session_repository
from markezy.accounts.model import PasswordReset, User
from markezy.accounts.throttle import LoginThrottle
from markezy.kernel import audit, outbox
from markezy.kernel.clock import now
from markezy.kernel.errors import Forbidden, NotFound
from markezy.kernel.ids import new_id
from markezy.kernel.logging import security_log
from markezy.kernel.settings import Settings

LIFETIME = timedelta(hours=1)
TASK = "accounts.reset_password"
_LONGEST_EMAIL = 320
_GONE = "This link has expired or was used already. Please ask for a new one."


def request(connection: Connection, throttle: LoginThrottle, email: str, address: str, correlation_id: str) -> None:
    """Write down that a link is to be sent, if there is such an account; enters its tenant.

    TooManyRequests after a few letters, alike for addresses with and without an account.
    """
    if len(email) > _LONGEST_EMAIL:
        return
    throttle.admit_reset(email, address)
    tenant_id = repository.tenant_of_email(connection, email)
    if tenant_id is None:
        return
    repository.enter_tenant(connection, tenant_id)
    account = repository.find_account(connection, tenant_id, email)
    if account is None or account.user.deactivated_at is not None:
        return
    new = PasswordReset(tenant_id, new_id(), account.user.id, now() + LIFETIME)
    invitation_repository.insert_reset(connection, new)
    outbox.enqueue(connection, tenant_id, TASK, {"reset_id": str(new.id)}, correlation_id)
    security_log.info("password.reset_requested", tenant_id=str(tenant_id), user_id=str(account.user.id))


def behind(connection: Connection, settings: Settings, token: str, lock: bool = False) -> tuple[PasswordReset, User]:
    """The reset a link leads to and whose it is; enters their tenant. NotFound when the link does not work, or no more."""
    row = links.row_of(token)
    if row is None or not links.is_proof(settings, token, links.RESET, *row):
        raise NotFound(_GONE)
    repository.enter_tenant(connection, row[0])
    found = invitation_repository.find_reset(connection, *row, lock=lock)
    if found is None or not found.is_open(now()):
        raise NotFound(_GONE)
    user = repository.find_user(connection, found.tenant_id, found.user_id)
    if user is None or user.deactivated_at is not None:
        raise NotFound(_GONE)
    return found, user


def finish(
    connection: Connection, throttle: LoginThrottle, settings: Settings, token: str, password: str, address: str
) -> User:
    """Set the new password and end all sessions: whoever knew the old one is out. A second factor stays.

    Somebody else's guesses do not keep them from logging in at `address` now. NotFound when the link does not work, Invalid for a
    bad password.
    """
    passwords.check_fit(password)
    _, user = behind(connection, settings, token, lock=True)
    _set(connection, user, password)
    session_repository.revoke_all(connection, user.tenant_id, user.id, now())
    throttle.know(user.email, address)
    audit.caller_is(connection, user.tenant_id, user.id)
    security_log.info("password.reset", tenant_id=str(user.tenant_id), user_id=str(user.id))
    return user


def change(connection: Connection, user: User, password: str, session_id: UUID | None) -> None:
    """Set a new password and end the user's sessions except the one they are in. Invalid for a bad password."""
    passwords.check_fit(password)
    _set(connection, user, password)
    session_repository.revoke_all(connection, user.tenant_id, user.id, now(), but=session_id)
    security_log.info("password.changed", tenant_id=str(user.tenant_id), user_id=str(user.id))


def require_password(connection: Connection, throttle: LoginThrottle, user: User, password: str, address: str) -> None:
    """Forbidden unless this is the user's password: a session left open is not enough for what this guards."""
    throttle.admit(user.email, address)
    stored = repository.password_hash_of(connection, user)
    if len(password) > passwords.LONGEST or not passwords.is_right(password, stored):
        raise Forbidden("Your password is not right.")
    throttle.forgive(user.email, address)


def _set(connection: Connection, user: User, password: str) -> None:
    repository.replace_password_hash(connection, user, passwords.hash_password(password))
    invitation_repository.use_up_resets(connection, user.tenant_id, user.id, now())
