"""The lead list and the lead page: read through the domains' doors, shown, and kept up to date in fragments."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.audit import onlookers_of
from markezy.console.consents import consents_of
from markezy.console.editions import editions_of
from markezy.console.pages import HOME, instead, render
from markezy.console.rights import rights_of
from markezy.console.viewers import viewer_of
from markezy.crm import api as crm
from markezy.handover import api as handover
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.ids import new_id
from markezy.leads import api as leads

STATES = ("new", "in_progress", "qualified", "nurture", "handed_over", "disqualified", "stopped")
"""The filter's states in the order of a lead's way."""

_LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Filter:
    """What part of the list is shown."""

    state: str | None
    search: str
    cursor: str | None

    def address(self, **changed: str | None) -> str:
        """The list's address with some of it changed."""
        wanted = {"state": self.state, "q": self.search, "cursor": self.cursor, **changed}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"{HOME}?{query}" if query else HOME


@endpoint(staff("leads.read"), instead, audit="leads.listed")
def lead_list(call: Call) -> Reply:
    """The leads, newest first; htmx asks for the changing part only."""
    shown = _filter(call)
    page = leads.list_leads(
        call.connection, call.tenant_id, cursor=shown.cursor, state=shown.state, search=shown.search or None
    )
    counts = leads.count_by_state(call.connection, call.tenant_id)
    context: dict[str, Any] = {
        "filter": shown,
        "states": STATES,
        "counts": counts,
        "total": sum(counts.values()),
        "page": page,
        "tag": None,
    }
    if not context["total"]:
        context["tag"] = _widget_tag(call)
    if call.request.headers.get("hx-request"):
        return render(call.request, "leads/list.html", **context)
    return render(call.request, "leads/page.html", viewer=viewer_of(call), **context)


@endpoint(staff("leads.read"), instead, audit="lead.opened")
def lead_page(call: Call, lead_id: UUID) -> Reply:
    """One lead: what was said, what came out of it, where it went."""
    return show_lead(call, lead_id)


@endpoint(staff("leads.read"), instead, audit="lead.opened")
def lead_news(call: Call, lead_id: UUID) -> Reply:
    """What the open page of a lead does not show yet: entries behind `after`, everything else anew.

    `document` names the strategy whose PDF is on the page: it is left alone, so that reading it is not interrupted. So is the
    reply box if `replying` says that it is there, and what is being written in it.
    """
    context = _lead(call, lead_id)
    known = call.query.get("after")
    places = {str(entry.id): place for place, entry in enumerate(context["entries"], start=1)}
    context["entries"] = context["entries"][places.get(known or "", 0) :]
    context["last_entry"] = str(context["entries"][-1].id) if context["entries"] else known or ""
    context |= {"shown_document": call.query.get("document", ""), "shown_reply": call.query.get("replying") == "yes"}
    return render(call.request, "lead/news.html", draft="", trouble="", **context)


def show_lead(call: Call, lead_id: UUID, status: int = 200, draft: str = "", trouble: str = "") -> Reply:
    """The lead's page, with a `draft` in the reply box and the `trouble` that it met."""
    context = _lead(call, lead_id)
    return render(
        call.request, "lead/page.html", status,
        viewer=viewer_of(call), draft=draft, trouble=trouble, onlookers=onlookers_of(call, lead_id), **context,
    )  # fmt: skip


def _lead(call: Call, lead_id: UUID) -> dict[str, Any]:
    connection, tenant_id = call.connection, call.tenant_id
    lead, journey = leads.state_now(connection, tenant_id, lead_id)
    entries = leads.transcript(connection, tenant_id, lead_id)
    may = {
        permission: accounts.allows(call.principal.role, permission)
        for permission in (
            "strategies.read",
            "strategies.write",
            "crm.read",
            "handover.read",
            "handover.write",
            "leads.write",
            "privacy.read",
            "privacy.write",
        )
    }
    entry = handover.of_lead(connection, tenant_id, lead) if may["handover.read"] else None
    mine = entry is not None and str(entry.handover.taken_by) == call.principal.id
    return {
        "lead": lead,
        "entry": entry,
        "refused": lead.state == leads.LeadState.DISQUALIFIED,
        "to_review": lead.state == leads.LeadState.DISQUALIFIED and _is_unseen(lead, journey, entry),
        "replying": mine and may["handover.write"] and entry is not None and entry.handover.status == "talking",
        "outgoing": handover.undelivered(connection, tenant_id, entry.handover) if entry else [],
        "message_id": str(new_id()),
        "entries": entries,
        "last_entry": str(entries[-1].id) if entries else "",
        "may": may,
        **(editions_of(call, lead_id, journey) if may["strategies.read"] else {"document": ""}),
        **consents_of(call, lead_id),
        "rights": rights_of(call, lead_id) if may["privacy.read"] else None,
        "syncs": crm.syncs_of_lead(connection, tenant_id, lead_id) if may["crm.read"] else [],
        "look_backs": crm.look_backs(connection, tenant_id) if may["crm.read"] else {},
    }


def _is_unseen(lead: leads.Lead, journey: leads.Journey, entry: handover.InboxEntry | None) -> bool:
    """Whether nobody has looked at the refusal yet, or the lead was refused or asked for a look again since."""
    if journey.reviewed_at is None:
        return True
    asked = entry.handover.requested_at if entry and entry.handover.reason == "review" else None
    return any(moment is not None and moment > journey.reviewed_at for moment in (lead.completed_at, asked))


def _filter(call: Call) -> Filter:
    search = call.query.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]
    return Filter(call.query.get("state") or None, search, call.query.get("cursor") or None)


def _widget_tag(call: Call) -> str:
    """The tag that brings the first lead; empty without a widget key."""
    keys = accounts.widget_keys(call.connection, call.tenant_id)
    if not keys:
        return ""
    return (
        f'<script src="{call.settings.bot_url}/webhooks/widget/widget.js" data-widget-key="{keys[0]}" async></script>'
    )
