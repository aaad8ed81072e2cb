"""The team's inbox: who waits for a person, who talks to whom, which messages were left."""

from typing import Any
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.pages import INBOX, instead, render
from markezy.console.viewers import viewer_of, waiting
from markezy.handover import api as handover
from markezy.kernel import audit
from markezy.kernel.errors import Conflict
from markezy.kernel.http import Call, Reply, endpoint


@endpoint(staff("handover.read"), instead, audit="handovers.listed")
def inbox_page(call: Call) -> Reply:
    """What is not closed, in three groups; htmx asks for the changing part only."""
    page = handover.inbox(
        call.connection, call.tenant_id, cursor=call.query.get("cursor") or None, limit=handover.LARGEST_PAGE
    )
    context: dict[str, Any] = {
        "groups": {status: [one for one in page.items if one.handover.status == status] for status in _GROUPS},
        "cursor": call.query.get("cursor") or "",
        "next_cursor": page.next_cursor,
        "me": call.principal.user_id(),
        "may_write": accounts.allows(call.principal.role, "handover.write"),
    }
    if call.request.headers.get("hx-request"):
        return render(call.request, "inbox/list.html", **context)
    return render(call.request, "inbox/page.html", viewer=viewer_of(call), **context)


@endpoint(staff("handover.read"), instead, audit=None)
def waiting_badge(call: Call) -> Reply:
    """How many wait, for the navigation of every open page."""
    return render(call.request, "inbox/badge.html", waiting=waiting(call))


@endpoint(staff("handover.write"), instead, audit="handover.closed")
def close(call: Call, handover_id: UUID) -> Reply:
    """Done with a message; back to the inbox, which shows what became of it."""
    desk = handover.Desk(call.connection, call.tenant_id, call.principal.user_id(), call.correlation_id)
    try:
        closed = handover.close(desk, handover_id)
    except Conflict as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(INBOX)
    audit.lead_is(call.connection, closed.lead_id)
    handover.tell_pages(call.services.redis, call.tenant_id, {closed.lead_id})
    return Reply.redirect(INBOX)


_GROUPS = (handover.Status.WAITING, handover.Status.TALKING, handover.Status.AWAY)
"""In the order of urgency."""
