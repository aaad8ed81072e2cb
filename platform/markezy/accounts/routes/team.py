"""The agency's staff: who they are, inviting, roles, leaving."""

from uuid import UUID

from pydantic import Field
from sanic import Blueprint

from markezy.accounts import api
from markezy.accounts.api import staff
from markezy.accounts.routes import shown
from markezy.accounts.routes.callers import Body, caller
from markezy.kernel.errors import Invalid
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.http.fields import Name

blueprint = Blueprint("team", url_prefix="/api/v1")


class Newcomer(Body):
    """Who is to join."""

    email: str = Field(min_length=1, max_length=320)
    name: Name
    role: str = Field(max_length=40)


class Change(Body):
    """What is to be different; what is left out stays."""

    role: str | None = Field(None, max_length=40)
    active: bool | None = None


@blueprint.get("/users")
@endpoint(staff("users.read"), audit="users.listed")
def users(call: Call) -> Reply:
    """The agency's staff, in the order they joined."""
    limit = call.query.get("limit", "25")
    if not (limit.isascii() and limit.isdigit()):
        raise Invalid("limit is a number.")
    page = api.list_users(call.connection, call.tenant_id, cursor=call.query.get("cursor"), limit=int(limit))
    return Reply(200, {"items": [shown.user(user) for user in page.items], "next_cursor": page.next_cursor})


@blueprint.post("/users")
@endpoint(staff("users.write"), audit="invitation.sent")
def invite(call: Call) -> Reply:
    """Invite somebody: they get a link by e-mail, good for a week, and choose their password themselves."""
    given = call.json(Newcomer)
    made = api.invite(call.connection, caller(call), given.email, given.name, given.role, call.correlation_id)
    return Reply(201, shown.invitation(made))


@blueprint.patch("/users/<user_id:uuid>")
@endpoint(staff("users.write"), audit="user.changed")
def change_user(call: Call, user_id: UUID) -> Reply:
    """Give somebody another role, or end or renew their access. Whoever is deactivated is out at once."""
    given, by = call.json(Change), caller(call)
    if given.role is not None:
        api.change_role(call.connection, by, user_id, given.role)
    if given.active is not None:
        (api.reactivate if given.active else api.deactivate)(call.connection, by, user_id)
    return Reply(200, shown.user(api.user(call.connection, call.tenant_id, user_id)))


@blueprint.get("/invitations")
@endpoint(staff("users.read"), audit="users.listed")
def invitations(call: Call) -> Reply:
    """Who was invited and has not come yet, in the order they were invited."""
    return Reply(
        200, {"items": [shown.invitation(one) for one in api.pending_invitations(call.connection, call.tenant_id)]}
    )


@blueprint.post("/invitations/<invitation_id:uuid>/resend")
@endpoint(staff("users.write"), audit="invitation.resent")
def resend(call: Call, invitation_id: UUID) -> Reply:
    """Send a new link, good for another week. The one before stops working."""
    again = api.resend_invitation(call.connection, caller(call), invitation_id, call.correlation_id)
    return Reply(200, shown.invitation(again))


@blueprint.delete("/invitations/<invitation_id:uuid>")
@endpoint(staff("users.write"), audit="invitation.withdrawn")
def withdraw(call: Call, invitation_id: UUID) -> Reply:
    """The link stops working."""
    api.withdraw_invitation(call.connection, call.tenant_id, invitation_id)
    return Reply(204)
