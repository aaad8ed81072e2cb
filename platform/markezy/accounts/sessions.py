"""Logging in, staying logged in, logging out.

A session is one row. An API client holds a short access token and a refresh token that changes at every use; the console holds
a cookie whose session is looked up on every request.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import Connection

from markezy.accounts import devices, passwords, repository, second_factor, session_repository
from markezy.accounts.model import Device, Session, SessionKind, User
from markezy.accounts.throttle import LoginThrottle
from markezy.kernel import audit, tokens
from markezy.kernel.clock import now
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.ids import new_id
from markezy.kernel.logging import security_log
from markezy.kernel.signing import SigningKeys

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)
CONSOLE_LIFETIME = timedelta(hours=12)
ACCESS_AUDIENCE = "staff"
CONSOLE_AUDIENCE = "console"
REUSED = "session.ended_by_reuse"
"""As what the audit knows that a refresh token came a second time."""

_SECRET_BYTES = 32
_LONGEST_EMAIL = 320
_WRONG = "E-mail address or password is wrong."
_OVER = "This session has ended; please log in again."


@dataclass(frozen=True)
class Tokens:
    """What an API client needs to stay logged in. `expires_in` is the access token's, in seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int = int(ACCESS_LIFETIME.total_seconds())


class CodeRequired(Unauthenticated):
    """The password of `user` is right; what is missing is a code of their second factor."""

    def __init__(self, user: User) -> None:
        super().__init__("Please send the code of your authenticator app as well.", code_required=True)
        self.user = user


def log_in(
    connection: Connection, throttle: LoginThrottle, email: str, password: str, address: str, code: str | None = None
) -> User:
    """The user with this password and, if they have a second factor, this code of it; enters their tenant.

    Unauthenticated when the password is wrong, without a hint what is wrong; CodeRequired when the code is missing.
    `address` is the caller's network address, for throttling.
    """
    if len(email) > _LONGEST_EMAIL or len(password) > passwords.LONGEST:
        raise Unauthenticated(_WRONG)
    throttle.admit(email, address)
    tenant_id = repository.tenant_of_email(connection, email)
    account = None
    if tenant_id is not None:
        repository.enter_tenant(connection, tenant_id)
        account = repository.find_account(connection, tenant_id, email)
    right = passwords.is_right(password, account.password_hash if account else None)
    if not right or account is None or account.user.deactivated_at is not None:
        if account is not None:
            audit.account_is(connection, account.user.tenant_id, account.user.id)
        security_log.warning("login.refused", tenant_id=tenant_id and str(tenant_id))
        raise Unauthenticated(_WRONG)
    asked_for_more = second_factor.is_on(connection, account.user)
    throttle.forgive(email, address, known=not asked_for_more)
    if passwords.is_outdated(account.password_hash):
        repository.replace_password_hash(connection, account.user, passwords.hash_password(password))
    if asked_for_more:
        if not code:
            raise CodeRequired(account.user)
        accept_code(connection, throttle, account.user, code, address)
    audit.caller_is(connection, account.user.tenant_id, account.user.id)
    security_log.info("login.accepted", tenant_id=str(tenant_id), user_id=str(account.user.id))
    return account.user


def accept_code(connection: Connection, throttle: LoginThrottle, user: User, code: str, address: str) -> None:
    """Use up a code of the user's second factor. Unauthenticated when it is none, or was used before."""
    throttle.admit_code(user.email, address)
    if not second_factor.use(connection, user, code):
        audit.account_is(connection, user.tenant_id, user.id)
        security_log.warning("login.code_refused", tenant_id=str(user.tenant_id), user_id=str(user.id))
        raise Unauthenticated(
            "This code is not right, or was used already; please take the next one.", code_required=True
        )
    throttle.forgive_code(user.email, address)
    audit.caller_is(connection, user.tenant_id, user.id)


def open_api_session(connection: Connection, keys: SigningKeys, user: User, device: Device) -> Tokens:
    """A new session for an API client, whose access tokens `keys` sign."""
    refresh_secret = secrets.token_bytes(_SECRET_BYTES)
    session = _open(connection, user, SessionKind.API, refresh_secret, REFRESH_LIFETIME, device)
    return _tokens(keys, session, refresh_secret)


def open_console_session(connection: Connection, secret: SecretStr, user: User, device: Device) -> str:
    """A new session for a browser: the value of its cookie. It can't be refreshed; it ends after `CONSOLE_LIFETIME`."""
    unused = secrets.token_bytes(_SECRET_BYTES)
    session = _open(connection, user, SessionKind.CONSOLE, unused, CONSOLE_LIFETIME, device)
    return tokens.sign(secret, CONSOLE_AUDIENCE, CONSOLE_LIFETIME, tid=str(user.tenant_id), sid=str(session.id))


def refresh(connection: Connection, keys: SigningKeys, refresh_token: str) -> Tokens | None:
    """New tokens for a refresh token, which is used up by this; enters its tenant.

    None when the token was used before: somebody copied it, so its session has just been revoked (commit that).
    Unauthenticated when it is no token or its session is over.
    """
    tenant_id, session_id, presented = _parse(refresh_token)
    repository.enter_tenant(connection, tenant_id)
    session = session_repository.find_session(connection, tenant_id, session_id, lock=True)
    if session is None or not session.is_open(now()):
        raise Unauthenticated(_OVER)
    if not hmac.compare_digest(session.refresh_hash, _hash(presented)):
        session_repository.revoke_session(connection, tenant_id, session_id, now())
        audit.account_is(connection, tenant_id, session.user.id)
        audit.action_is(connection, REUSED)
        security_log.warning("session.refresh_token_reused", tenant_id=str(tenant_id), session_id=str(session_id))
        return None
    renewed = secrets.token_bytes(_SECRET_BYTES)
    session_repository.replace_refresh_hash(connection, session, _hash(renewed), now())
    return _tokens(keys, session, renewed)


def log_out(connection: Connection, tenant_id: UUID, session_id: UUID) -> None:
    """End the session: its refresh token, its access tokens and its cookie stop working at once."""
    session_repository.revoke_session(connection, tenant_id, session_id, now())


def use_session(connection: Connection, tenant_id: UUID, session_id: UUID) -> Session:
    """The session, noting that it is in use; Unauthenticated when it has ended, or nobody knows it."""
    session = session_repository.find_session(connection, tenant_id, session_id)
    if session is None or not session.is_open(now()):
        raise Unauthenticated(_OVER)
    session_repository.note_use(connection, session, now())
    return session


def _open(
    connection: Connection, user: User, kind: SessionKind, refresh_secret: bytes, lifetime: timedelta, device: Device
) -> Session:
    at, id_ = now(), new_id()
    session_repository.delete_expired_sessions(connection, user, at)
    box = devices.sealed(connection, user.tenant_id, id_, device)
    session = Session(id_, user, kind, _hash(refresh_secret), box, at, at, at + lifetime, None)
    session_repository.insert_session(connection, session)
    return session


def _tokens(keys: SigningKeys, session: Session, refresh_secret: bytes) -> Tokens:
    user = session.user
    # No role: the user's row says what they may at the moment of asking.
    access = keys.sign(ACCESS_AUDIENCE, ACCESS_LIFETIME, sub=str(user.id), tid=str(user.tenant_id), sid=str(session.id))
    # Tenant and session travel inside: row-level security hides the session from a look-up by its secret alone.
    whole = user.tenant_id.bytes + session.id.bytes + refresh_secret
    return Tokens(access, base64.urlsafe_b64encode(whole).decode().rstrip("="))


def _parse(refresh_token: str) -> tuple[UUID, UUID, bytes]:
    try:
        whole = base64.urlsafe_b64decode(refresh_token + "=" * (-len(refresh_token) % 4))
    except ValueError:
        whole = b""
    if len(whole) != 32 + _SECRET_BYTES:
        raise Unauthenticated("This is not a refresh token.")
    return UUID(bytes=whole[:16]), UUID(bytes=whole[16:32]), whole[32:]


def _hash(secret: bytes) -> bytes:
    # The secret is random over its whole length, so a fast hash is enough: there is nothing to guess.
    return hashlib.sha256(secret).digest()
