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

from markezy.accounts import passwords, repository
from markezy.accounts.model import Session, User
from markezy.accounts.throttle import LoginThrottle
from markezy.kernel import tokens
from markezy.kernel.clock import now
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.ids import new_id
from markezy.kernel.logging import get_logger

log = get_logger(__name__)

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)
CONSOLE_LIFETIME = timedelta(hours=12)
ACCESS_AUDIENCE = "staff"
CONSOLE_AUDIENCE = "console"

_SECRET_BYTES = 32
_LONGEST_EMAIL = 320
_LONGEST_PASSWORD = 1024
"""Characters; more than anybody types, and little enough for the hash not to be fed megabytes."""
_WRONG = "E-mail address or password is wrong."
_OVER = "This session has ended; please log in again."


@dataclass(frozen=True)
class Tokens:
    """What an API client needs to stay logged in. `expires_in` is the access token's, in seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int = int(ACCESS_LIFETIME.total_seconds())


def log_in(connection: Connection, throttle: LoginThrottle, email: str, password: str, address: str) -> User:
    """The user with this password; enters their tenant. Unauthenticated when wrong, without a hint what is wrong.

    `address` is the caller's network address, for throttling.
    """
    if len(email) > _LONGEST_EMAIL or len(password) > _LONGEST_PASSWORD:
        raise Unauthenticated(_WRONG)
    throttle.admit(email, address)
    tenant_id = repository.tenant_of_email(connection, email)
    account = None
    if tenant_id is not None:
        repository.enter_tenant(connection, tenant_id)
        account = repository.find_account(connection, tenant_id, email)
    if not passwords.is_right(password, account.password_hash if account else None) or account is None:
        log.info("login.refused", tenant_id=tenant_id and str(tenant_id))
        raise Unauthenticated(_WRONG)
    throttle.forgive(email, address)
    if passwords.is_outdated(account.password_hash):
        repository.replace_password_hash(connection, account.user, passwords.hash_password(password))
    log.info("login.accepted", tenant_id=str(tenant_id), user_id=str(account.user.id))
    return account.user


def open_api_session(connection: Connection, secret: SecretStr, user: User) -> Tokens:
    """A new session for an API client. `secret` signs staff tokens."""
    refresh_secret = secrets.token_bytes(_SECRET_BYTES)
    session = _open(connection, user, refresh_secret, REFRESH_LIFETIME)
    return _tokens(secret, session, refresh_secret)


def open_console_session(connection: Connection, secret: SecretStr, user: User) -> str:
    """A new session for a browser: the value of its cookie. It can't be refreshed; it ends after `CONSOLE_LIFETIME`."""
    session = _open(connection, user, secrets.token_bytes(_SECRET_BYTES), CONSOLE_LIFETIME)
    return tokens.sign(secret, CONSOLE_AUDIENCE, CONSOLE_LIFETIME, tid=str(user.tenant_id), sid=str(session.id))


def refresh(connection: Connection, secret: SecretStr, refresh_token: str) -> Tokens | None:
    """New tokens for a refresh token, which is used up by this; enters its tenant.

    None when the token was used before: somebody copied it, so its session has just been revoked (commit that).
    Unauthenticated when it is no token or its session is over.
    """
    tenant_id, session_id, presented = _parse(refresh_token)
    repository.enter_tenant(connection, tenant_id)
    session = repository.find_session(connection, tenant_id, session_id, lock=True)
    if session is None or not session.is_open(now()):
        raise Unauthenticated(_OVER)
    if not hmac.compare_digest(session.refresh_hash, _hash(presented)):
        repository.revoke_session(connection, tenant_id, session_id, now())
        log.warning("session.refresh_token_reused", tenant_id=str(tenant_id), session_id=str(session_id))
        return None
    renewed = secrets.token_bytes(_SECRET_BYTES)
    repository.replace_refresh_hash(connection, session, _hash(renewed))
    return _tokens(secret, session, renewed)


def log_out(connection: Connection, tenant_id: UUID, session_id: UUID) -> None:
    """End the session. Its access tokens die with their own expiry, within `ACCESS_LIFETIME`."""
    repository.revoke_session(connection, tenant_id, session_id, now())


def open_session(connection: Connection, tenant_id: UUID, session_id: UUID) -> Session:
    """The session if it is still open; Unauthenticated otherwise."""
    session = repository.find_session(connection, tenant_id, session_id)
    if session is None or not session.is_open(now()):
        raise Unauthenticated(_OVER)
    return session


def _open(connection: Connection, user: User, refresh_secret: bytes, lifetime: timedelta) -> Session:
    repository.delete_expired_sessions(connection, user, now())
    session = Session(new_id(), user, _hash(refresh_secret), now() + lifetime, None)
    repository.insert_session(connection, session)
    return session


def _tokens(secret: SecretStr, session: Session, refresh_secret: bytes) -> Tokens:
    user = session.user
    access = tokens.sign(
        secret, ACCESS_AUDIENCE, ACCESS_LIFETIME,
        sub=str(user.id), tid=str(user.tenant_id), role=user.role, sid=str(session.id),
    )  # fmt: skip
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
