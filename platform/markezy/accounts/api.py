"""The door to agencies and staff: who may call, who the agency is, and how both come into being.

All functions take a connection whose transaction is scoped to the tenant, unless they say otherwise, and never commit.
"""

import secrets
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection

from markezy.accounts import passwords, repository, sessions
from markezy.accounts.authentication import console_cookie_name, require_own_page, staff
from markezy.accounts.model import Tenant, User, UserPage
from markezy.accounts.roles import Role, allows, permissions_of, roles_with
from markezy.accounts.throttle import LoginThrottle
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Cookie, Services
from markezy.kernel.ids import new_id

__all__ = [
    "Role", "Tenant", "User", "UserPage", "add_user", "add_widget_key", "allows", "console_log_in", "console_log_out",
    "create_tenant", "list_users", "permissions_of", "require_own_page", "staff", "tenant", "user", "users_of", "users_who_may",
    "widget_keys",
]  # fmt: skip

SHORTEST_PASSWORD = 10
LARGEST_PAGE = 100


def create_tenant(
    connection: Connection,
    tenant_id: UUID,
    *,
    slug: str,
    name: str,
    locale: str,
    sector: str,
    brand: Mapping[str, Any] | None = None,
) -> Tenant:
    """A new agency under an id the caller made up, in a transaction already scoped to it. Conflict when the slug is taken."""
    created = Tenant(tenant_id, slug, name, locale, sector, brand or {})
    repository.insert_tenant(connection, created)
    return created


def tenant(connection: Connection, tenant_id: UUID) -> Tenant:
    """The agency; NotFound when there is none."""
    found = repository.find_tenant(connection, tenant_id)
    if found is None:
        raise NotFound("There is no such agency.")
    return found


def add_user(connection: Connection, tenant_id: UUID, *, email: str, name: str, role: str, password: str) -> User:
    """A new staff member. Invalid for a malformed address, an unknown role or a short password; Conflict when the address is taken."""
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Invalid(f"This is not an e-mail address: {error}") from None
    if role not in set(Role):
        raise Invalid(f"There is no role {role!r}; there are {', '.join(Role)}.")
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(f"A password has at least {SHORTEST_PASSWORD} characters.")
    return repository.insert_user(
        connection,
        {
            "tenant_id": tenant_id,
            "id": new_id(),
            "email": address,
            "name": name,
            "role": role,
            "password_hash": passwords.hash_password(password),
        },
    )


def user(connection: Connection, tenant_id: UUID, user_id: UUID) -> User:
    """The staff member; NotFound when there is none."""
    found = repository.find_user(connection, tenant_id, user_id)
    if found is None:
        raise NotFound("There is no such user.")
    return found


def users_of(connection: Connection, tenant_id: UUID, user_ids: Collection[UUID]) -> list[User]:
    """These staff members, in no order; who is not there any more is left out."""
    return repository.users_of(connection, tenant_id, user_ids) if user_ids else []


def users_who_may(connection: Connection, tenant_id: UUID, permission: str) -> list[User]:
    """Everybody whose role has `permission`, in the order they joined."""
    return repository.users_with_roles(connection, tenant_id, roles_with(permission))


def list_users(connection: Connection, tenant_id: UUID, *, cursor: str | None = None, limit: int = 25) -> UserPage:
    """Staff in the order they joined. Invalid when the cursor was not one of ours or the limit is out of range."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid(f"limit goes from 1 to {LARGEST_PAGE}.")
    try:
        after = UUID(cursor) if cursor else None
    except ValueError:
        raise Invalid("This cursor is not valid; start again without one.") from None
    found = repository.users_after(connection, tenant_id, after, limit + 1)
    more = len(found) > limit
    return UserPage(tuple(found[:limit]), str(found[limit - 1].id) if more else None)


def add_widget_key(connection: Connection, tenant_id: UUID, key: str | None = None) -> str:
    """A key with which the agency's website opens conversations; a random one unless given. It is public, not a secret."""
    added = key or f"wk_{secrets.token_urlsafe(18)}"
    repository.insert_widget_key(connection, tenant_id, added)
    return added


def widget_keys(connection: Connection, tenant_id: UUID) -> list[str]:
    """The agency's widget keys, oldest first."""
    return repository.widget_keys(connection, tenant_id)


def console_log_in(
    connection: Connection, services: Services, email: str, password: str, address: str
) -> tuple[User, Cookie]:
    """The user and the cookie of a new browser session, from a transaction without a tenant, which this enters.

    Unauthenticated when the credentials are wrong, TooManyRequests after too many failures from `address`.
    """
    settings = services.settings
    throttle = LoginThrottle(services.redis, settings.staff_secret)
    known = sessions.log_in(connection, throttle, email, password, address)
    value = sessions.open_console_session(connection, settings.staff_secret, known)
    return known, _cookie(services, value, int(sessions.CONSOLE_LIFETIME.total_seconds()))


def console_log_out(connection: Connection, services: Services, tenant_id: UUID, session_id: UUID) -> Cookie:
    """End a browser session; the cookie that removes the browser's."""
    sessions.log_out(connection, tenant_id, session_id)
    return _cookie(services, "", 0)


def _cookie(services: Services, value: str, max_age: int) -> Cookie:
    secure = services.settings.platform_url.startswith("https://")
    return Cookie(console_cookie_name(services.settings), value, max_age, secure=secure)
