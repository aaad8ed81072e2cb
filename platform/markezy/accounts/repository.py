"""The SQL of agencies and their staff."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from markezy.accounts.model import Account, Tenant, User
from markezy.accounts.tables import staff_user, tenant, widget_key
from markezy.kernel.errors import Conflict

_TENANT_OF_EMAIL = text("SELECT tenant_of_staff_email(:email)")
_ENTER_TENANT = text("SELECT set_config('markezy.tenant_id', :tenant_id, true)")
USER = tuple(
    staff_user.c[name] for name in ("tenant_id", "id", "email", "name", "role", "created_at", "deactivated_at")
)


def tenant_of_email(connection: Connection, email: str) -> UUID | None:
    """The tenant whose staff has this e-mail address; works without a tenant."""
    if "\0" in email:  # PostgreSQL's text can't hold it, so nobody has it
        return None
    found: UUID | None = connection.execute(_TENANT_OF_EMAIL, {"email": email}).scalar()
    return found


def enter_tenant(connection: Connection, tenant_id: UUID) -> None:
    """Scope a transaction that began without a tenant, as login and refresh do: who calls is only known from the request."""
    connection.execute(_ENTER_TENANT, {"tenant_id": str(tenant_id)})


def insert_tenant(connection: Connection, new: Tenant) -> None:
    row = {"slug": new.slug, "name": new.name, "locale": new.locale, "sector": new.sector, "brand": dict(new.brand)}
    with unique(connection, "There is already an agency with this short name."):
        connection.execute(insert(tenant).values(tenant_id=new.id, **row))


def find_tenant(connection: Connection, tenant_id: UUID) -> Tenant | None:
    row = connection.execute(select(tenant).where(tenant.c.tenant_id == tenant_id)).one_or_none()
    return None if row is None else Tenant(row.tenant_id, row.slug, row.name, row.locale, row.sector, row.brand)


def save_brand(connection: Connection, tenant_id: UUID, brand: Mapping[str, Any]) -> None:
    connection.execute(update(tenant).where(tenant.c.tenant_id == tenant_id).values(brand=dict(brand)))


def insert_widget_key(connection: Connection, tenant_id: UUID, key: str) -> None:
    with unique(connection, "This widget key is in use already."):
        connection.execute(insert(widget_key).values(tenant_id=tenant_id, key=key))


def count_by_role(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """How many active members of staff have each role; roles that nobody has are left out."""
    query = (
        select(staff_user.c.role, func.count())
        .where(staff_user.c.tenant_id == tenant_id, staff_user.c.deactivated_at.is_(None))
        .group_by(staff_user.c.role)
    )
    return dict(connection.execute(query).tuples().all())


def widget_keys(connection: Connection, tenant_id: UUID) -> list[str]:
    """The tenant's widget keys, oldest first."""
    query = select(widget_key.c.key).where(widget_key.c.tenant_id == tenant_id).order_by(widget_key.c.created_at)
    return list(connection.execute(query).scalars())


def insert_user(connection: Connection, values: Mapping[str, Any]) -> User:
    with unique(connection, "There is already an account with this e-mail address."):
        return User(*connection.execute(insert(staff_user).values(**values).returning(*USER)).one())


def find_account(connection: Connection, tenant_id: UUID, email: str) -> Account | None:
    query = select(*USER, staff_user.c.password_hash).where(
        staff_user.c.tenant_id == tenant_id, text("lower(staff_user.email) = lower(:email)").bindparams(email=email)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Account(User(*row[: len(USER)]), row.password_hash)


def find_user(connection: Connection, tenant_id: UUID, user_id: UUID) -> User | None:
    query = select(*USER).where(staff_user.c.tenant_id == tenant_id, staff_user.c.id == user_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else User(*row)


def users_after(connection: Connection, tenant_id: UUID, after: UUID | None, limit: int) -> list[User]:
    """Users in the order they joined, starting behind `after`."""
    query = select(*USER).where(staff_user.c.tenant_id == tenant_id).order_by(staff_user.c.id).limit(limit)
    if after is not None:
        query = query.where(staff_user.c.id > after)
    return [User(*row) for row in connection.execute(query)]


def users_of(connection: Connection, tenant_id: UUID, user_ids: Collection[UUID]) -> list[User]:
    """These users, in no order."""
    query = select(*USER).where(staff_user.c.tenant_id == tenant_id, staff_user.c.id.in_(user_ids))
    return [User(*row) for row in connection.execute(query)]


def users_with_roles(connection: Connection, tenant_id: UUID, roles: Collection[str]) -> list[User]:
    """Users who can log in, in the order they joined."""
    query = select(*USER).where(staff_user.c.tenant_id == tenant_id, staff_user.c.role.in_(roles))
    query = query.where(staff_user.c.deactivated_at.is_(None))
    return [User(*row) for row in connection.execute(query.order_by(staff_user.c.id))]


def lock_active(connection: Connection, tenant_id: UUID, role: str) -> list[UUID]:
    """Who has this role and can log in; nobody else changes that before this transaction ends."""
    query = (
        select(staff_user.c.id)
        .where(staff_user.c.tenant_id == tenant_id, staff_user.c.role == role, staff_user.c.deactivated_at.is_(None))
        .order_by(staff_user.c.id)
        .with_for_update()
    )
    return list(connection.execute(query).scalars())


def change_user(connection: Connection, tenant_id: UUID, user_id: UUID, values: Mapping[str, Any]) -> None:
    connection.execute(
        update(staff_user).where(staff_user.c.tenant_id == tenant_id, staff_user.c.id == user_id).values(**values)
    )


def password_hash_of(connection: Connection, user: User) -> str:
    query = select(staff_user.c.password_hash).where(
        staff_user.c.tenant_id == user.tenant_id, staff_user.c.id == user.id
    )
    return str(connection.execute(query).scalar_one())


def replace_password_hash(connection: Connection, user: User, password_hash: str) -> None:
    connection.execute(
        update(staff_user)
        .where(staff_user.c.tenant_id == user.tenant_id, staff_user.c.id == user.id)
        .values(password_hash=password_hash)
    )


@contextmanager
def unique(connection: Connection, refusal: str) -> Iterator[None]:
    """Turn a violated uniqueness into a Conflict with `refusal`, and leave a transaction that still works."""
    try:
        with connection.begin_nested():
            yield
    except IntegrityError as error:
        if not isinstance(error.orig, UniqueViolation):
            raise
        raise Conflict(refusal) from None
