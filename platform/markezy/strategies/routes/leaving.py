"""The link out of an agency's mail: asked first when a person follows it, done at once when their mail program does (RFC 8058)."""

from sanic import Blueprint

from markezy.accounts import api as accounts
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies.delivery.leaving import ONE_CLICK, leave
from markezy.strategies.delivery.links import leaver, read_leaving
from markezy.strategies.routes.documents import explain, notice

blueprint = Blueprint("strategies_leaving")

_FIELD, _, _VALUE = ONE_CLICK.partition("=")


@blueprint.get("/mail/unsubscribe/<token:str>")
@endpoint(leaver, explain, audit=None)
def ask(call: Call, token: str) -> Reply:
    """Ask. Programs follow the links in a letter, too, so this changes nothing."""
    return notice(call.request, "unsubscribe.html.j2", 200, agency=_agency(call))


@blueprint.post("/mail/unsubscribe/<token:str>")
@endpoint(leaver, explain, audit=None)
def unsubscribe(call: Call, token: str) -> Reply:
    """Send nothing more to the address the letter went to."""
    form = call.request.form
    if form is None or form.get(_FIELD) != _VALUE:
        return notice(call.request, "unsubscribe.html.j2", 422, agency=_agency(call))
    leave(call.connection, read_leaving(call.settings.staff_secret, token), call.correlation_id)
    return notice(call.request, "unsubscribed.html.j2", 200, agency=_agency(call))


def _agency(call: Call) -> str:
    return accounts.tenant(call.connection, call.tenant_id).name
