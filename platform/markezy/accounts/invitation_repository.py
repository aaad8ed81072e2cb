"""The SQL of invitations and password resets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from markezy.accounts.model import Invitation, PasswordReset
from markezy.accounts.repository import unique
from markezy.accounts.tables import invitation, password_reset

_INVITATION = tuple(
    invitation.c[name]
    for name in (
        "tenant_id", "id", "email", "name", "role", "round", "invited_by", "created_at", "expires_at", "accepted_at",
        "withdrawn_at",
    )
)  # fmt: skip
_RESET = tuple(password_reset.c[name] for name in ("tenant_id", "id", "user_id", "expires_at", "used_at"))


def insert_invitation(connection: Connection, new: Invitation) -> None:
    """Conflict when this address has an invitation that is neither accepted nor withdrawn."""
    with unique(connection, "This person is invited already; send the invitation again, or withdraw it first."):
        connection.execute(insert(invitation).values(vars(new)))


def find_invitation(
    connection: Connection, tenant_id: UUID, invitation_id: UUID, lock: bool = False
) -> Invitation | None:
    """With `lock`, nobody else changes it before this transaction ends."""
    query = select(*_INVITATION).where(invitation.c.tenant_id == tenant_id, invitation.c.id == invitation_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Invitation(*row)


def pending_invitations(connection: Connection, tenant_id: UUID) -> list[Invitation]:
    """Neither accepted nor withdrawn, expired ones included, in the order they were made."""
    query = select(*_INVITATION).where(invitation.c.tenant_id == tenant_id, *_PENDING).order_by(invitation.c.id)
    return [Invitation(*row) for row in connection.execute(query)]


def withdraw_expired(connection: Connection, tenant_id: UUID, email: str, at: datetime) -> None:
    """Make room for a new invitation of somebody who let one expire."""
    connection.execute(
        update(invitation)
        .where(
            invitation.c.tenant_id == tenant_id,
            func.lower(invitation.c.email) == email.lower(),
            invitation.c.expires_at <= at,
            *_PENDING,
        )
        .values(withdrawn_at=at)
    )


def change_invitation(connection: Connection, tenant_id: UUID, invitation_id: UUID, **values: Any) -> None:
    place = (invitation.c.tenant_id == tenant_id, invitation.c.id == invitation_id)
    connection.execute(update(invitation).where(*place).values(**values))


def insert_reset(connection: Connection, new: PasswordReset) -> None:
    connection.execute(insert(password_reset).values(vars(new)))


def find_reset(connection: Connection, tenant_id: UUID, reset_id: UUID, lock: bool = False) -> PasswordReset | None:
    """With `lock`, nobody else changes it before this transaction ends."""
    query = select(*_RESET).where(password_reset.c.tenant_id == tenant_id, password_reset.c.id == reset_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else PasswordReset(*row)


def use_up_resets(connection: Connection, tenant_id: UUID, user_id: UUID, at: datetime) -> None:
    """No link that was sent to this user works any more."""
    connection.execute(
        update(password_reset)
        .where(
            password_reset.c.tenant_id == tenant_id,
            password_reset.c.user_id == user_id,
            password_reset.c.used_at.is_(None),
        )
        .values(used_at=at)
    )


_PENDING = (invitation.c.accepted_at.is_(None), invitation.c.withdrawn_at.is_(None))
