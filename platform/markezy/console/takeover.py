"""The lead page's take-over: taking the conversation, answering, handing it back."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from markezy.accounts.api import staff
from markezy.console.forms import field
from markezy.console.leads import show_lead
from markezy.console.pages import HOME, instead
from markezy.console.texts import texts_for
from markezy.handover import api as handover
from markezy.kernel import audit
from markezy.kernel.errors import Conflict, Invalid, Malformed
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.ids import new_id
from markezy.leads import api as leads


@endpoint(staff("handover.write"), instead, audit="handover.taken")
def take(call: Call, lead_id: UUID) -> Reply:
    """Talk to the lead; when a colleague was faster, the page shows who."""
    return _change(call, lead_id, handover.take)


@endpoint(staff("handover.write"), instead, audit="handover.released")
def release(call: Call, lead_id: UUID) -> Reply:
    """Hand the lead back to the assistant."""
    return _change(call, lead_id, handover.release)


@endpoint(staff("leads.write"), instead, audit="lead.reviewed")
def review(call: Call, lead_id: UUID) -> Reply:
    """Decide about a refusal that rules alone had decided. When it is none any more, the page shows what it is."""
    actor = f"{call.principal.kind}:{call.principal.id}"
    try:
        leads.review(call.connection, call.tenant_id, lead_id, field(call, "state"), "", actor, call.correlation_id)
    except Conflict as late:
        audit.outcome_is(call.connection, late.status)
    return Reply.redirect(f"{HOME}/{lead_id}")


@endpoint(staff("handover.write"), instead, audit="message.sent")
def say(call: Call, lead_id: UUID) -> Reply:
    """Say something. Scripts get the id of the next message, or in plain words why this one was not taken."""
    form: Any = call.request.form or {}
    words = form.get("text") or ""
    try:
        message_id = UUID(form.get("id") or "")
    except ValueError:
        raise Malformed("The message has no id; load the page again.") from None
    scripted = bool(call.request.headers.get("hx-request"))
    try:
        handover.reply(_desk(call), lead_id, message_id, words)
    except (Conflict, Invalid) as problem:
        trouble = texts_for(call.request)(_trouble(call, lead_id, problem), most=handover.LONGEST_TEXT)
        if scripted:
            return Reply(problem.status, trouble.encode(), {}, "text/plain; charset=utf-8")
        return show_lead(call, lead_id, problem.status, draft=words, trouble=trouble)
    handover.tell_pages(call.services.redis, call.tenant_id, {lead_id})
    if scripted:
        return Reply(200, b"", {"HX-Trigger": json.dumps({"replied": {"next": str(new_id())}})}, "text/plain")
    return Reply.redirect(f"{HOME}/{lead_id}#reply-text")


def _change(call: Call, lead_id: UUID, change: Callable[[handover.Desk, UUID], handover.Handover]) -> Reply:
    try:
        changed = change(_desk(call), lead_id)
    except Conflict as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(f"{HOME}/{lead_id}#conversation")
    handover.tell_pages(call.services.redis, call.tenant_id, {lead_id})
    place = "reply-text" if changed.status == handover.Status.TALKING else "conversation"
    return Reply.redirect(f"{HOME}/{lead_id}#{place}")


def _trouble(call: Call, lead_id: UUID, problem: Conflict | Invalid) -> str:
    """Which of the console's texts says why."""
    if isinstance(problem, Invalid):
        return "reply.unfit"
    lead = leads.get_lead(call.connection, call.tenant_id, lead_id)
    current = handover.of_lead(call.connection, call.tenant_id, lead)
    return "reply.colleague" if current and current.handover.taken_by else "reply.not_taken"


def _desk(call: Call) -> handover.Desk:
    return handover.Desk(call.connection, call.tenant_id, call.principal.user_id(), call.correlation_id)
