"""API keys: with what the agency's programs call."""

from datetime import timedelta
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.forms import Refusal, field, fields, one_line, refusal
from markezy.console.pages import API_KEYS, instead, render
from markezy.console.viewers import viewer_of
from markezy.kernel import audit
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from markezy.kernel.http import Call, Reply, endpoint

_LONGEST_NAME = 200
_DAYS = ("30", "90", "365", "never")
"""How long a key may last."""
_REFUSED = {Invalid: "keys.refused.scopes", Forbidden: "keys.refused.role", Conflict: "keys.refused.name"}


@endpoint(staff("api_keys.read"), instead, audit="api_keys.listed")
def keys_page(call: Call) -> Reply:
    """The keys there are, and a form for a new one."""
    return _page(call)


@endpoint(staff("api_keys.write"), instead, audit="api_key.created")
def create(call: Call) -> Reply:
    """Make a key and show it, this once."""
    name, days = one_line(call, "name", _LONGEST_NAME), field(call, "days")
    if not name or days not in _DAYS:
        return _page(call, Invalid("A name is missing."), refused=("keys.refused.unnamed", {}))
    expires_at = None if days == "never" else now() + timedelta(days=int(days))
    by = accounts.user(call.connection, call.tenant_id, call.principal.user_id())
    try:
        _, key = accounts.create_api_key(call.connection, by, name, fields(call, "scopes"), expires_at)
    except (Invalid, Forbidden, Conflict) as problem:
        return _page(call, problem, refused=refusal(problem, _REFUSED))
    return _page(call, shown=key)


@endpoint(staff("api_keys.write"), instead, audit="api_key.revoked")
def revoke(call: Call, key_id: UUID) -> Reply:
    """The key opens nothing from now on."""
    try:
        accounts.revoke_api_key(call.connection, call.tenant_id, key_id)
    except NotFound as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(API_KEYS)
    return Reply.redirect(f"{API_KEYS}?done=revoked")


def _page(
    call: Call, problem: Problem | None = None, refused: Refusal | None = None, shown: str | None = None
) -> Reply:
    found = accounts.api_keys_of(call.connection, call.tenant_id)
    makers = accounts.users_of(call.connection, call.tenant_id, {one.created_by for one in found})
    return render(
        call.request,
        "keys/page.html",
        200 if problem is None else problem.status,
        viewer=viewer_of(call),
        done="keys.done.revoked" if call.query.get("done") == "revoked" else None,
        refusal=refused,
        shown=shown,
        keys=found,
        makers={one.id: one.name for one in makers},
        may_write=accounts.allows(call.principal.role, "api_keys.write"),
        scopes=accounts.api_key_scopes(),
        days=_DAYS,
        now=now(),
        sent={"name": field(call, "name") if problem else "", "scopes": fields(call, "scopes") if problem else []},
    )
