"""The review queue: strategies that the check held back, and what somebody decides about them."""

from typing import Any

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.pages import instead, render
from markezy.console.strategies import grouped
from markezy.console.viewers import reviews, viewer_of
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads
from markezy.strategies import api as strategies

_DONE = ("approved", "discarded", "decided")


@endpoint(staff("strategies.read"), instead, audit="strategies.review_listed")
def review_page(call: Call) -> Reply:
    """What waits for a decision, the longest waiting first; htmx asks for the changing part only."""
    waiting = strategies.review_queue(call.connection, call.tenant_id)
    context: dict[str, Any] = {
        "waiting": [(one, grouped(one.findings, one.headings)) for one in waiting],
        "leads": leads.summaries_of(call.connection, call.tenant_id, {one.lead_id for one in waiting}),
        "may_write": accounts.allows(call.principal.role, "strategies.write"),
        "anchor_of": strategies.anchor_of,
    }
    if call.request.headers.get("hx-request"):
        return render(call.request, "review/list.html", **context)
    done = call.query.get("done")
    return render(
        call.request, "review/page.html",
        viewer=viewer_of(call), done=f"review.done.{done}" if done in _DONE else None, **context,
    )  # fmt: skip


@endpoint(staff("strategies.read"), instead, audit=None)
def review_badge(call: Call) -> Reply:
    """How many wait, for the navigation of every open page."""
    return render(call.request, "inbox/badge.html", waiting=reviews(call))
