"""The team: who is on it, who was invited, what each role may."""

from collections.abc import Callable
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import Role, User, staff
from markezy.console.forms import Refusal, field, one_line, refusal
from markezy.console.pages import TEAM, instead, render
from markezy.console.viewers import viewer_of
from markezy.kernel import audit
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from markezy.kernel.http import Call, Reply, endpoint

_LONGEST_NAME = 200
_MEMBERS = {Forbidden: "team.refused.owner", Conflict: "team.refused.last", Invalid: "team.refused.role"}
_INVITING = {Forbidden: "team.refused.owner", Conflict: "team.refused.known", Invalid: "team.refused.address"}
_DONE = {
    "invited": "team.done.invited",
    "resent": "team.done.resent",
    "withdrawn": "team.done.withdrawn",
    "changed": "team.done.changed",
}
"""What the redirects below say was done."""


@endpoint(staff("users.read"), instead, audit="users.listed")
def team_page(call: Call) -> Reply:
    """Members, invitations, and the matrix of permissions."""
    return _page(call)


@endpoint(staff("users.write"), instead, audit="invitation.sent")
def invite(call: Call) -> Reply:
    """Send somebody a link with which they join."""
    email, name, role = field(call, "email").strip(), one_line(call, "name", _LONGEST_NAME), field(call, "role")
    if not name:
        return _page(call, Invalid("A name is missing."), invitation=("team.refused.name", {}))
    try:
        accounts.invite(call.connection, _user(call), email, name, role, call.correlation_id)
    except (Forbidden, Conflict, Invalid) as problem:
        return _page(call, problem, invitation=refusal(problem, _INVITING))
    return _done("invited")


@endpoint(staff("users.write"), instead, audit="invitation.resent")
def resend(call: Call, invitation_id: UUID) -> Reply:
    """Send a new link; the one before stops working."""
    try:
        accounts.resend_invitation(call.connection, _user(call), invitation_id, call.correlation_id)
    except (Conflict, NotFound) as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(TEAM)
    except Forbidden as problem:
        return _page(call, problem, invitation=refusal(problem, _INVITING))
    return _done("resent")


@endpoint(staff("users.write"), instead, audit="invitation.withdrawn")
def withdraw(call: Call, invitation_id: UUID) -> Reply:
    """The link stops working."""
    try:
        accounts.withdraw_invitation(call.connection, call.tenant_id, invitation_id)
    except (Conflict, NotFound) as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(TEAM)
    return _done("withdrawn")


@endpoint(staff("users.write"), instead, audit="user.role_changed")
def change_role(call: Call, user_id: UUID) -> Reply:
    """Give a member another role, at once."""
    return _change(call, lambda by: accounts.change_role(call.connection, by, user_id, field(call, "role")))


@endpoint(staff("users.write"), instead, audit="user.deactivated")
def deactivate(call: Call, user_id: UUID) -> Reply:
    """Somebody left: they are out at once."""
    return _change(call, lambda by: accounts.deactivate(call.connection, by, user_id))


@endpoint(staff("users.write"), instead, audit="user.reactivated")
def reactivate(call: Call, user_id: UUID) -> Reply:
    """Somebody is back."""
    return _change(call, lambda by: accounts.reactivate(call.connection, by, user_id))


def _change(call: Call, change: Callable[[User], User]) -> Reply:
    try:
        change(_user(call))
    except (Forbidden, Conflict, Invalid) as problem:
        return _page(call, problem, members=refusal(problem, _MEMBERS))
    return _done("changed")


def _page(call: Call, problem: Problem | None = None, **refusals: Refusal) -> Reply:
    me = _user(call)
    page = accounts.list_users(
        call.connection, call.tenant_id, cursor=call.query.get("cursor") or None, limit=accounts.LARGEST_PAGE
    )
    return render(
        call.request,
        "team/page.html",
        200 if problem is None else problem.status,
        viewer=viewer_of(call),
        done=_DONE.get(call.query.get("done", "")),
        refusals={"members": None, "invitation": None, **refusals},
        me=me,
        may_write=accounts.allows(me.role, "users.write"),
        members=page.items,
        next_cursor=page.next_cursor,
        invitations=accounts.pending_invitations(call.connection, call.tenant_id),
        now=now(),
        roles=list(Role),
        given=[role for role in Role if role != Role.OWNER or me.role == Role.OWNER],
        grants=accounts.GRANTS,
        sent={name: field(call, name) if problem else "" for name in ("email", "name", "role")},
    )


def _done(what: str) -> Reply:
    return Reply.redirect(f"{TEAM}?done={what}")


def _user(call: Call) -> User:
    return accounts.user(call.connection, call.tenant_id, call.principal.user_id())
