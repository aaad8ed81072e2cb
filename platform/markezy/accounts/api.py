"""The door to agencies and staff: who may call, who the agency is, and how both come into being.

All functions take a connection whose transaction is scoped to the tenant, unless they say otherwise, and never commit.
"""

import secrets
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import factor_repository, key_repository, repository, resets
from markezy.accounts.api_keys import create as create_api_key
from markezy.accounts.api_keys import list_keys as api_keys_of
from markezy.accounts.api_keys import revoke as revoke_api_key
from markezy.accounts.api_keys import scopes as api_key_scopes
from markezy.accounts.authentication import console_cookie_name, member, staff, visitor
from markezy.accounts.console_access import Pending, console_confirm, console_log_in, console_log_out
from markezy.accounts.devices import device_of
from markezy.accounts.invitations import accept as accept_invitation
from markezy.accounts.invitations import behind as invitation_behind
from markezy.accounts.invitations import invite
from markezy.accounts.invitations import pending as pending_invitations
from markezy.accounts.invitations import resend as resend_invitation
from markezy.accounts.invitations import withdraw as withdraw_invitation
from markezy.accounts.model import ApiKey, Device, Invitation, OpenSession, Tenant, User, UserPage
from markezy.accounts.old_rows import OLD_INVITATIONS, OLD_RESETS, OLD_SESSIONS
from markezy.accounts.own_account import (
    change_password,
    confirm_second_factor,
    end_other_sessions,
    end_session,
    enrol_second_factor,
    open_sessions,
    throttle_of,
    turn_off_second_factor,
)
from markezy.accounts.resets import behind as reset_behind
from markezy.accounts.roles import GRANTS, Role, allows, permissions_of, roles_with
from markezy.accounts.second_factor import Enrolment, recovery_codes_left
from markezy.accounts.second_factor import is_on as has_second_factor
from markezy.accounts.sessions import ACCESS_LIFETIME
from markezy.accounts.team import add as _add
from markezy.accounts.team import change_role, deactivate, reactivate
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Services

__all__ = [
    "ACCESS_LIFETIME",
    "GRANTS",
    "OLD_INVITATIONS",
    "OLD_RESETS",
    "OLD_SESSIONS",
    "ApiKey",
    "Device",
    "Enrolment",
    "Invitation",
    "OpenSession",
    "Pending",
    "Role",
    "Tenant",
    "User",
    "UserPage",
    "accept_invitation",
    "add_user",
    "add_widget_key",
    "allows",
    "api_key_names",
    "api_key_scopes",
    "api_keys_of",
    "change_password",
    "change_role",
    "confirm_second_factor",
    "console_confirm",
    "console_cookie_name",
    "console_log_in",
    "console_log_out",
    "count_by_role",
    "count_second_factors",
    "create_api_key",
    "create_tenant",
    "deactivate",
    "device_of",
    "end_other_sessions",
    "end_session",
    "enrol_second_factor",
    "finish_reset",
    "has_second_factor",
    "invitation_behind",
    "invite",
    "list_users",
    "member",
    "open_sessions",
    "pending_invitations",
    "permissions_of",
    "reactivate",
    "recovery_codes_left",
    "request_reset",
    "resend_invitation",
    "reset_behind",
    "revoke_api_key",
    "save_brand",
    "staff",
    "tenant",
    "turn_off_second_factor",
    "user",
    "users_of",
    "users_who_may",
    "visitor",
    "widget_keys",
    "withdraw_invitation",
]  # fmt: skip

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


def save_brand(connection: Connection, tenant_id: UUID, brand: Mapping[str, Any]) -> None:
    """This is what the agency's documents and pages look like from now on; whoever calls has checked it."""
    repository.save_brand(connection, tenant_id, brand)


def tenant(connection: Connection, tenant_id: UUID) -> Tenant:
    """The agency; NotFound when there is none."""
    found = repository.find_tenant(connection, tenant_id)
    if found is None:
        raise NotFound("There is no such agency.")
    return found


def add_user(connection: Connection, tenant_id: UUID, *, email: str, name: str, role: str, password: str) -> User:
    """A new staff member. Invalid for a malformed address, an unknown role or a short password; Conflict when the address is taken."""
    return _add(connection, tenant_id, email, name, role, password)


def request_reset(connection: Connection, services: Services, email: str, address: str, correlation_id: str) -> None:
    """Have a link to a new password sent, if there is such an account; enters its tenant. TooManyRequests after a few."""
    resets.request(connection, throttle_of(services), email, address, correlation_id)


def finish_reset(connection: Connection, services: Services, token: str, password: str, address: str) -> User:
    """Set a new password by the link's token; enters its tenant. All sessions end. NotFound or Invalid when that can't be."""
    return resets.finish(connection, throttle_of(services), services.settings, token, password, address)


def count_by_role(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """How many active members of staff have each role; roles that nobody has are left out."""
    return repository.count_by_role(connection, tenant_id)


def count_second_factors(connection: Connection, tenant_id: UUID) -> int:
    """How many active members of staff log in with a second factor."""
    return factor_repository.count_in_use(connection, tenant_id)


def user(connection: Connection, tenant_id: UUID, user_id: UUID) -> User:
    """The staff member; NotFound when there is none."""
    found = repository.find_user(connection, tenant_id, user_id)
    if found is None:
        raise NotFound("There is no such user.")
    return found


def users_of(connection: Connection, tenant_id: UUID, user_ids: Collection[UUID]) -> list[User]:
    """These staff members, in no order; who is not there any more is left out."""
    return repository.users_of(connection, tenant_id, user_ids) if user_ids else []


def api_key_names(connection: Connection, tenant_id: UUID, key_ids: Collection[UUID]) -> dict[UUID, str]:
    """What these API keys are called, also those that were revoked."""
    return key_repository.names_of(connection, tenant_id, key_ids) if key_ids else {}


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
