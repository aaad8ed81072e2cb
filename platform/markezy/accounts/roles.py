"""Who may do what: the whole permission matrix on one screen."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a staff member is in their agency."""

    OWNER = "owner"
    ADMIN = "admin"
    AGENT = "agent"
    ANALYST = "analyst"
    READ_ONLY = "read_only"


_EVERYONE = frozenset(Role)
_TEAM = frozenset({Role.OWNER, Role.ADMIN, Role.AGENT})
_MANAGERS = frozenset({Role.OWNER, Role.ADMIN})

# An analyst looks at leads and results but has no business in the agency's CRM, nor in the team's inbox.
GRANTS: Mapping[str, frozenset[Role]] = {
    "leads.read": _EVERYONE,
    "leads.write": _TEAM,
    "strategies.read": _EVERYONE,
    "strategies.write": _TEAM,
    "templates.read": _EVERYONE,
    "templates.write": _MANAGERS,
    "strategy_model.read": _MANAGERS,
    "strategy_model.write": _MANAGERS,
    "mail.report": _MANAGERS,
    "brand.read": _EVERYONE,
    "brand.write": _MANAGERS,
    "flows.read": _EVERYONE,
    "flows.write": _MANAGERS,
    "experiments.read": _EVERYONE,
    "experiments.write": _MANAGERS,
    "crm.read": _EVERYONE - {Role.ANALYST},
    "crm.write": _MANAGERS,
    "users.read": _MANAGERS,
    "users.write": _MANAGERS,
    "api_keys.read": _MANAGERS,
    "api_keys.write": _MANAGERS,
    "audit.read": _MANAGERS,
    "consents.read": _EVERYONE,
    "handover.read": _EVERYONE - {Role.ANALYST},
    "handover.write": _TEAM,
    "handover.manage": _MANAGERS,
    "privacy.read": _MANAGERS,
    "privacy.write": _MANAGERS,
}
"""Each permission and the roles that have it."""


def allows(role: str, permission: str) -> bool:
    """Whether `role` has `permission`; a role that this version does not know has none."""
    return role in GRANTS[permission]


def roles_with(permission: str) -> frozenset[Role]:
    """The roles that have `permission`."""
    return GRANTS[permission]


def permissions_of(role: str) -> list[str]:
    """All permissions of `role`, sorted."""
    return sorted(permission for permission in GRANTS if allows(role, permission))
