"""Settings, mail: whom nothing is sent to. The list knows addresses by their digests only, so that it can be asked but not read."""

from dataclasses import dataclass

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.forms import Faults, field, one_line
from markezy.console.pages import SETTINGS_MAIL, instead, render
from markezy.console.viewers import viewer_of
from markezy.kernel import audit
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies import api as strategies

_LONGEST_ADDRESS = 320
_DONE = ("lifted",)


@dataclass(frozen=True)
class _Found:
    """What the list says of an address, or what has just become of it (`now`: `added`, else "")."""

    address: str
    entry: strategies.Suppression | None
    now: str = ""


@endpoint(staff("strategies.read"), instead, audit=None)
def mail_page(call: Call) -> Reply:
    """The form to ask with, and how many addresses are on the list."""
    return _page(call)


@endpoint(staff("strategies.read"), instead, audit="mail_suppression.read")
def look_up(call: Call) -> Reply:
    """Whether an address gets mail. Sent as a form, so that it stays out of addresses and logs."""
    address = one_line(call, "address", _LONGEST_ADDRESS + 1)
    try:
        entry = strategies.find_suppression(call.connection, call.tenant_id, address)
    except Invalid:
        return _page(call, asked=address, faults={"address": ""})
    return _page(call, asked=address, found=_Found(address, entry))


@endpoint(staff("strategies.write"), instead, audit="mail_suppression.added")
def add(call: Call) -> Reply:
    """Send nothing more to an address."""
    address, given = one_line(call, "new", _LONGEST_ADDRESS + 1), field(call, "reason")
    try:
        reason = strategies.SuppressionReason(given)
        entry = strategies.suppress_mail(call.connection, call.tenant_id, address, reason)
    except Invalid:
        return _page(call, new=address, reason=given, faults={"new": ""})
    except ValueError:
        return _page(call, new=address, faults={"reason": ""})
    return _page(call, found=_Found(address, entry, "added"))


@endpoint(staff("strategies.write"), instead, audit="mail_suppression.lifted")
def lift(call: Call) -> Reply:
    """Let an address get mail again."""
    try:
        strategies.lift_suppression(call.connection, call.tenant_id, field(call, "address"))
    except (NotFound, Invalid) as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(SETTINGS_MAIL)
    return Reply.redirect(f"{SETTINGS_MAIL}?done=lifted")


def _page(
    call: Call,
    asked: str = "",
    found: _Found | None = None,
    new: str = "",
    reason: str = "",
    faults: Faults | None = None,
) -> Reply:
    counts = strategies.count_suppressions(call.connection, call.tenant_id)
    done = call.query.get("done")
    return render(
        call.request, "settings/mail.html", 422 if faults else 200,
        viewer=viewer_of(call),
        done=f"settings.mail.done.{done}" if done in _DONE else None,
        asked=asked,
        found=found,
        new=new,
        reason=reason,
        faults=faults or {},
        counts=counts,
        may_write=accounts.allows(call.principal.role, "strategies.write"),
        sees_model=accounts.allows(call.principal.role, "strategy_model.read"),
    )  # fmt: skip
