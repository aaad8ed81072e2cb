"""The SQL of sessions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, insert, select, update

from markezy.accounts.model import Session, User
from markezy.accounts.repository import USER
from markezy.accounts.tables import staff_session, staff_user

_USE_IS_NOTED_EVERY = timedelta(minutes=1)
"""Every request would be a write otherwise."""

_SESSION = tuple(
    staff_session.c[name]
    for name in ("id", "kind", "refresh_hash", "device", "created_at", "last_used_at", "expires_at", "revoked_at")
)


def insert_session(connection: Connection, session: Session) -> None:
    connection.execute(
        insert(staff_session).values(
            tenant_id=session.user.tenant_id,
            id=session.id,
            user_id=session.user.id,
            kind=session.kind,
            refresh_hash=session.refresh_hash,
            device=session.device,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            expires_at=session.expires_at,
        )
    )


def find_session(connection: Connection, tenant_id: UUID, session_id: UUID, lock: bool = False) -> Session | None:
    """A session with its user; with `lock`, nobody else changes it before this transaction ends."""
    query = _sessions(tenant_id).where(staff_session.c.id == session_id)
    if lock:
        query = query.with_for_update(of=staff_session)
    row = connection.execute(query).one_or_none()
    return None if row is None else _session(row)


def sessions_of(connection: Connection, user: User) -> list[Session]:
    """All of the user's, the latest used first."""
    query = _sessions(user.tenant_id).where(staff_session.c.user_id == user.id)
    return [_session(row) for row in connection.execute(query.order_by(staff_session.c.last_used_at.desc()))]


def note_use(connection: Connection, session: Session, at: datetime) -> None:
    """Remember that the session is in use, to the minute."""
    if session.last_used_at < at - _USE_IS_NOTED_EVERY:
        connection.execute(_one(session.user.tenant_id, session.id).values(last_used_at=at))


def replace_refresh_hash(connection: Connection, session: Session, refresh_hash: bytes, at: datetime) -> None:
    connection.execute(
        _one(session.user.tenant_id, session.id).values(refresh_hash=refresh_hash, last_used_at=at),
    )


def revoke_session(connection: Connection, tenant_id: UUID, session_id: UUID, at: datetime) -> None:
    """End a session; one that has ended before keeps its time."""
    connection.execute(
        _one(tenant_id, session_id).where(staff_session.c.revoked_at.is_(None)).values(revoked_at=at),
    )


def revoke_all(connection: Connection, tenant_id: UUID, user_id: UUID, at: datetime, but: UUID | None = None) -> int:
    """End the user's sessions, except the one that is named; how many that were."""
    ending = update(staff_session).where(
        staff_session.c.tenant_id == tenant_id,
        staff_session.c.user_id == user_id,
        staff_session.c.revoked_at.is_(None),
    )
    if but is not None:
        ending = ending.where(staff_session.c.id != but)
    return connection.execute(ending.values(revoked_at=at)).rowcount


def delete_expired_sessions(connection: Connection, user: User, at: datetime) -> None:
    connection.execute(
        delete(staff_session).where(
            staff_session.c.tenant_id == user.tenant_id,
            staff_session.c.user_id == user.id,
            staff_session.c.expires_at < at,
        )
    )


def _sessions(tenant_id: UUID) -> Select[Any]:
    of_the_user = (staff_user.c.tenant_id == staff_session.c.tenant_id) & (staff_user.c.id == staff_session.c.user_id)
    return (
        select(*_SESSION, *(column.label(f"user_{column.name}") for column in USER))
        .select_from(staff_session)
        .join(staff_user, of_the_user)
        .where(staff_session.c.tenant_id == tenant_id)
    )


def _session(row: Any) -> Session:
    id_, *rest = row[: len(_SESSION)]
    return Session(id_, User(*row[len(_SESSION) :]), *rest)


def _one(tenant_id: UUID, session_id: UUID) -> Any:
    return update(staff_session).where(staff_session.c.tenant_id == tenant_id, staff_session.c.id == session_id)
