"""The SQL of API keys."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, text, update

from markezy.accounts.model import ApiKey
from markezy.accounts.repository import unique
from markezy.accounts.tables import api_key

_TENANT_OF_PREFIX = text("SELECT tenant_of_api_key(:prefix)")
_USE_IS_NOTED_EVERY = timedelta(minutes=1)
"""Every call of a program would be a write otherwise."""

_KEY = tuple(
    api_key.c[name]
    for name in (
        "tenant_id", "id", "prefix", "digest", "name", "scopes", "created_by", "created_at", "expires_at", "last_used_at",
        "revoked_at",
    )
)  # fmt: skip


def tenant_of_prefix(connection: Connection, prefix: str) -> UUID | None:
    """The tenant whose key begins like this; works without a tenant."""
    found: UUID | None = connection.execute(_TENANT_OF_PREFIX, {"prefix": prefix}).scalar()
    return found


def insert_key(connection: Connection, key: ApiKey) -> None:
    """Conflict when a key that counts has this name."""
    with unique(connection, "There is already a key with this name; choose another one, or revoke that one first."):
        connection.execute(insert(api_key).values({**vars(key), "scopes": list(key.scopes)}))


def find_by_prefix(connection: Connection, tenant_id: UUID, prefix: str) -> ApiKey | None:
    query = select(*_KEY).where(api_key.c.tenant_id == tenant_id, api_key.c.prefix == prefix)
    return _key(connection.execute(query).one_or_none())


def find_key(connection: Connection, tenant_id: UUID, key_id: UUID) -> ApiKey | None:
    query = select(*_KEY).where(api_key.c.tenant_id == tenant_id, api_key.c.id == key_id)
    return _key(connection.execute(query).one_or_none())


def keys_of(connection: Connection, tenant_id: UUID) -> list[ApiKey]:
    """Those that were not revoked, the newest first."""
    query = select(*_KEY).where(api_key.c.tenant_id == tenant_id, api_key.c.revoked_at.is_(None))
    rows = connection.execute(query.order_by(api_key.c.created_at.desc(), api_key.c.id.desc()))
    return [key for row in rows if (key := _key(row)) is not None]


def names_of(connection: Connection, tenant_id: UUID, key_ids: Collection[UUID]) -> dict[UUID, str]:
    """What these keys are called, also those that were revoked."""
    query = select(api_key.c.id, api_key.c.name).where(api_key.c.tenant_id == tenant_id, api_key.c.id.in_(key_ids))
    return {row.id: row.name for row in connection.execute(query)}


def note_use(connection: Connection, key: ApiKey, at: datetime) -> None:
    """Remember that the key is in use, to the minute."""
    if key.last_used_at is None or key.last_used_at < at - _USE_IS_NOTED_EVERY:
        connection.execute(_one(key.tenant_id, key.id).values(last_used_at=at))


def revoke_key(connection: Connection, tenant_id: UUID, key_id: UUID, at: datetime) -> None:
    connection.execute(_one(tenant_id, key_id).where(api_key.c.revoked_at.is_(None)).values(revoked_at=at))


def _key(row: Any) -> ApiKey | None:
    if row is None:
        return None
    values = row._asdict()
    return ApiKey(**{**values, "scopes": tuple(values["scopes"])})


def _one(tenant_id: UUID, key_id: UUID) -> Any:
    return update(api_key).where(api_key.c.tenant_id == tenant_id, api_key.c.id == key_id)
