"""Mail from the other end: addresses that get none, and what mail servers report."""

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel import audit
from markezy.kernel.errors import Invalid
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies.delivery import returned, suppression
from markezy.strategies.routes.parameters import Body, author_of

blueprint = Blueprint("strategies_mail", url_prefix="/api/v1/mail")

_LONGEST_ADDRESS = 320


class SuppressionBody(Body):
    """Why the address gets no mail."""

    reason: suppression.Reason


@blueprint.get("/suppressions")
@endpoint(staff("strategies.read"), audit="mail_suppression.read")
def get_suppression(call: Call) -> Reply:
    """Whether `address` gets no mail, why and since when."""
    found = suppression.find(call.connection, call.tenant_id, _address(call))
    known = {"reason": None, "at": None} if found is None else vars(found)
    return Reply(200, {"suppressed": found is not None, **known})


@blueprint.put("/suppressions")
@endpoint(staff("strategies.write"), audit="mail_suppression.added")
def add_suppression(call: Call) -> Reply:
    """Send nothing more to `address`, because its owner said so, or it is known not to work. One that is on the list stays as it is,
    unless its owner complained now."""
    wanted, address = call.json(SuppressionBody), _address(call)
    added = suppression.add(call.connection, call.tenant_id, address, wanted.reason)
    return Reply(200, {"suppressed": True, **vars(added)})


@blueprint.delete("/suppressions")
@endpoint(staff("strategies.write"), audit="mail_suppression.lifted")
def lift_suppression(call: Call) -> Reply:
    """Let `address` get mail again, because its owner asked for it or the mailbox works again. 404 when it is not on the list."""
    suppression.lift(call.connection, call.tenant_id, _address(call))
    return Reply(204)


@blueprint.post("/reports")
@endpoint(staff("mail.report"), audit="mail.reported")
def report(call: Call) -> Reply:
    """Take a bounce (RFC 3464) or a complaint (RFC 5965) as the mail server sent it, raw, and say what followed: `bounced`, `complained`,
    `noted` (nothing to be done) or `ignored` (it is not about the strategy's recipient). The same again changes nothing.
    """
    taken = returned.take(call.connection, call.tenant_id, call.request.body, author_of(call), call.correlation_id)
    audit.lead_is(call.connection, taken.lead_id)
    return Reply(200, {"result": taken.result, "strategy_id": taken.strategy_id}, about=taken.lead_id)


def _address(call: Call) -> str:
    given = call.query.get("address", "")
    if not given or len(given) > _LONGEST_ADDRESS:
        raise Invalid('"address" is an e-mail address.')
    return given
