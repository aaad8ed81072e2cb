"""The SQL of second factors."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from markezy.accounts.model import User
from markezy.accounts.tables import staff_recovery_code, staff_totp, staff_user


@dataclass(frozen=True)
class Factor:
    """A row of `staff_totp`; `secret` is sealed."""

    secret: bytes = field(repr=False)
    last_step: int
    confirmed_at: datetime | None


def find(connection: Connection, user: User, lock: bool = False) -> Factor | None:
    """The user's second factor, confirmed or not; with `lock`, nobody else uses it before this transaction ends."""
    query = select(staff_totp.c.secret, staff_totp.c.last_step, staff_totp.c.confirmed_at).where(_is(staff_totp, user))
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Factor(*row)


def replace(connection: Connection, user: User, secret: bytes) -> None:
    """A new secret that is still to be confirmed."""
    delete_of(connection, user)
    connection.execute(insert(staff_totp).values(tenant_id=user.tenant_id, user_id=user.id, secret=secret))


def confirm(connection: Connection, user: User, step: int, at: datetime, digests: Iterable[bytes]) -> None:
    connection.execute(update(staff_totp).where(_is(staff_totp, user)).values(confirmed_at=at, last_step=step))
    owner = {"tenant_id": user.tenant_id, "user_id": user.id}
    connection.execute(insert(staff_recovery_code), [{**owner, "digest": digest} for digest in digests])


def note_step(connection: Connection, user: User, step: int) -> None:
    connection.execute(update(staff_totp).where(_is(staff_totp, user)).values(last_step=step))


def use_recovery_code(connection: Connection, user: User, digest: bytes, at: datetime) -> bool:
    """Whether there was an unused one with this digest; it is used now."""
    using = update(staff_recovery_code).where(
        _is(staff_recovery_code, user),
        staff_recovery_code.c.digest == digest,
        staff_recovery_code.c.used_at.is_(None),
    )
    return connection.execute(using.values(used_at=at)).rowcount == 1


def count_recovery_codes(connection: Connection, user: User) -> int:
    """How many are left."""
    query = select(func.count()).where(_is(staff_recovery_code, user), staff_recovery_code.c.used_at.is_(None))
    return int(connection.execute(query).scalar_one())


def count_in_use(connection: Connection, tenant_id: UUID) -> int:
    """How many active members of staff log in with one."""
    mine = (staff_user.c.tenant_id == staff_totp.c.tenant_id) & (staff_user.c.id == staff_totp.c.user_id)
    query = (
        select(func.count())
        .select_from(staff_totp.join(staff_user, mine))
        .where(
            staff_totp.c.tenant_id == tenant_id,
            staff_totp.c.confirmed_at.is_not(None),
            staff_user.c.deactivated_at.is_(None),
        )
    )
    return connection.execute(query).scalar_one()


def delete_of(connection: Connection, user: User) -> None:
    """The second factor with its recovery codes."""
    connection.execute(delete(staff_totp).where(_is(staff_totp, user)))


def _is(table: Any, user: User) -> Any:
    return (table.c.tenant_id == user.tenant_id) & (table.c.user_id == user.id)
