"""API keys: with what an agency's programs call, each for some permissions only.

A key is `mk_<prefix>_<secret>`. The prefix finds it; of the secret, 256 random bits, only a hash is kept.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import key_repository, repository
from markezy.accounts.model import ApiKey, User
from markezy.accounts.roles import GRANTS, allows
from markezy.kernel import audit
from markezy.kernel.clock import now
from markezy.kernel.errors import Forbidden, Invalid, NotFound, Unauthenticated
from markezy.kernel.http import Principal, Services
from markezy.kernel.ids import new_id
from markezy.kernel.logging import security_log

KIND = "api_key"
"""What a `Principal` is that came with a key."""
MARK = "mk_"
FOR_PEOPLE_ONLY = frozenset({"users.write", "api_keys.write"})
"""No key may let people or keys in: a stolen one could make itself successors."""

_PREFIX_BYTES = 6
_SECRET_BYTES = 32
_REFUSED = "This API key is not valid; ask an administrator of your agency for a new one."


def scopes() -> list[str]:
    """What a key may be for, sorted."""
    return sorted(GRANTS.keys() - FOR_PEOPLE_ONLY)


def create(
    connection: Connection, by: User, name: str, wanted: Collection[str], expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """A new key and the key itself, which can't be read again.

    Invalid for unknown scopes or a time that is over, Forbidden for what `by` may not do themselves, Conflict when a key has this name.
    """
    unknown = set(wanted) - set(scopes())
    if unknown or not wanted:
        raise Invalid(f"A key has one or more of these scopes: {', '.join(scopes())}.")
    beyond = sorted(scope for scope in wanted if not allows(by.role, scope))
    if beyond:
        raise Forbidden(f"Your role does not include {', '.join(beyond)}, so your keys can't either.")
    if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now()):
        raise Invalid("expires_at is a time in the future, with its time zone.")
    prefix, secret = secrets.token_hex(_PREFIX_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(
        by.tenant_id, new_id(), prefix, _digest(secret), name, tuple(sorted(set(wanted))), by.id, now(), expires_at, None, None
    )  # fmt: skip
    key_repository.insert_key(connection, key)
    audit.subject_is(connection, "key", key.id)
    security_log.info("api_key.created", tenant_id=str(by.tenant_id), api_key_id=str(key.id), user_id=str(by.id))
    return key, f"{MARK}{prefix}_{secret}"


def list_keys(connection: Connection, tenant_id: UUID) -> list[ApiKey]:
    """The agency's keys that were not revoked, the newest first."""
    return key_repository.keys_of(connection, tenant_id)


def find(connection: Connection, tenant_id: UUID, key_id: UUID) -> ApiKey:
    """NotFound when there is none."""
    found = key_repository.find_key(connection, tenant_id, key_id)
    if found is None:
        raise NotFound("There is no such API key.")
    return found


def revoke(connection: Connection, tenant_id: UUID, key_id: UUID) -> None:
    """The key opens nothing from now on. NotFound when there is none; again: nothing happens."""
    find(connection, tenant_id, key_id)
    key_repository.revoke_key(connection, tenant_id, key_id, now())
    security_log.info("api_key.revoked", tenant_id=str(tenant_id), api_key_id=str(key_id))


def principal_of(token: str, services: Services) -> Principal:
    """Who calls with this key; Unauthenticated when it is none, is revoked, or has expired."""
    prefix, _, secret = token.removeprefix(MARK).partition("_")
    with services.database.unscoped() as connection:
        tenant_id = key_repository.tenant_of_prefix(connection, prefix) if _looks_like_one(prefix) else None
        if tenant_id is None:
            raise Unauthenticated(_REFUSED)
        repository.enter_tenant(connection, tenant_id)
        key = key_repository.find_by_prefix(connection, tenant_id, prefix)
        if key is None or not hmac.compare_digest(key.digest, _digest(secret)) or not key.is_good(now()):
            security_log.warning("api_key.refused", tenant_id=str(tenant_id), api_key_id=key and str(key.id))
            raise Unauthenticated(_REFUSED)
        key_repository.note_use(connection, key, now())
    return Principal(key.tenant_id, str(key.id), KIND, scopes=frozenset(key.scopes))


def _looks_like_one(prefix: str) -> bool:
    return len(prefix) == 2 * _PREFIX_BYTES and prefix.isascii() and prefix.isalnum()


def _digest(secret: str) -> bytes:
    # The secret is random over its whole length, so a fast hash is enough: there is nothing to guess.
    return hashlib.sha256(secret.encode()).digest()
