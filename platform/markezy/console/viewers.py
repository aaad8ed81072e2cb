"""Who looks at a page, for its header."""

from dataclasses import dataclass

from markezy.accounts import api as accounts
from markezy.accounts.api import Tenant, User
from markezy.handover import api as handover
from markezy.kernel.http import Call
from markezy.strategies import api as strategies


@dataclass(frozen=True)
class Viewer:
    """`waiting` counts the leads who wait for a person; None for a role without an inbox. `reviews` counts the strategies that wait
    for a decision. `sees_templates`, `sees_team`, `sees_privacy` and `sees_settings` open these pages."""

    user: User
    tenant: Tenant
    waiting: int | None
    reviews: int | None
    sees_templates: bool
    sees_team: bool
    sees_privacy: bool
    sees_settings: bool


def viewer_of(call: Call) -> Viewer:
    return Viewer(
        accounts.user(call.connection, call.tenant_id, call.principal.user_id()),
        accounts.tenant(call.connection, call.tenant_id),
        waiting(call),
        reviews(call),
        accounts.allows(call.principal.role, "templates.read"),
        accounts.allows(call.principal.role, "users.read"),
        accounts.allows(call.principal.role, "privacy.read"),
        accounts.allows(call.principal.role, "brand.read"),
    )


def waiting(call: Call) -> int | None:
    """How many leads wait for a person; None when the caller's role has no inbox."""
    if not accounts.allows(call.principal.role, "handover.read"):
        return None
    return handover.count_open(call.connection, call.tenant_id).get(handover.Status.WAITING, 0)


def reviews(call: Call) -> int | None:
    """How many strategies wait for a decision; None when the caller's role sees no strategies."""
    if not accounts.allows(call.principal.role, "strategies.read"):
        return None
    return strategies.count_waiting(call.connection, call.tenant_id)
