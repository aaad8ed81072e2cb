"""Privacy: for how long things are kept, what people asked for, and the record of processing."""

from collections.abc import Mapping
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.forms import Refusal, field
from markezy.console.pages import PRIVACY, instead, render
from markezy.console.texts import texts_for
from markezy.console.viewers import viewer_of
from markezy.kernel.clock import now
from markezy.kernel.errors import Invalid, Problem
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads
from markezy.privacy import api as privacy

_LISTED = 100
"""Requests of each kind on the page; older ones are found by their person."""


@endpoint(staff("privacy.read"), instead, audit="retention.read")
def retention_page(call: Call) -> Reply:
    """The periods, what the next run removes, and the last runs."""
    return _retention(call)


@endpoint(staff("privacy.write"), instead, audit="retention.changed")
def save_periods(call: Call) -> Reply:
    """Keep things for so many days. A shorter period is saved after a page has shown what it removes."""
    periods = privacy.periods(call.connection, call.tenant_id)
    sent = {one.data_class: field(call, one.data_class).strip() for one in periods}
    wanted = {}
    for one in periods:
        days = sent[one.data_class]
        if not (days.isascii() and days.isdigit() and len(days) < 6 and one.least <= int(days) <= one.most):
            name = privacy.class_words(texts_for(call.request).language)[one.data_class].name
            values = {"name": name, "least": one.least, "most": one.most}
            return _retention(call, Invalid("A period is out of bounds."), ("retention.refused", values), sent)
        wanted[one.data_class] = int(days)
    shorter = [one for one in periods if wanted[one.data_class] < one.days]
    if shorter and field(call, "confirmed") != "yes":
        return _confirm(call, shorter, wanted)
    by = f"{call.principal.kind}:{call.principal.id}"
    privacy.save_periods(call.connection, call.tenant_id, wanted, by)
    return Reply.redirect(f"{PRIVACY}?done=saved")


@endpoint(staff("privacy.read"), instead, audit="privacy_requests.read")
def requests_page(call: Call) -> Reply:
    """Who asked for a copy or to be forgotten, and how far that has come."""
    exports = privacy.recent_exports(call.connection, call.tenant_id, _LISTED)
    erasures = privacy.recent_erasures(call.connection, call.tenant_id, _LISTED)
    asking = {one.requested_by for one in exports} | {one.requested_by for one in erasures}
    users = accounts.users_of(call.connection, call.tenant_id, {id_ for actor in asking if (id_ := _user_id(actor))})
    return render(
        call.request,
        "privacy/requests.html",
        viewer=viewer_of(call),
        exports=exports,
        erasures=erasures,
        leads=leads.summaries_of(call.connection, call.tenant_id, {one.lead_id for one in exports}),
        users={f"staff:{one.id}": one.name for one in users},
    )


@endpoint(staff("privacy.read"), instead, audit="processing.read")
def record_page(call: Call) -> Reply:
    """The record of processing, in the page's language."""
    language = texts_for(call.request).language
    record = privacy.processing_record(call.connection, call.tenant_id, call.settings, language)
    return render(call.request, "privacy/record.html", viewer=viewer_of(call), record=record)


def _retention(
    call: Call, problem: Problem | None = None, refused: Refusal | None = None, sent: Mapping[str, str] | None = None
) -> Reply:
    preview = privacy.preview(call.connection, call.tenant_id, now())
    return render(
        call.request,
        "privacy/retention.html",
        200 if problem is None else problem.status,
        viewer=viewer_of(call),
        done="retention.done" if call.query.get("done") == "saved" else None,
        refusal=refused,
        sent=sent or {},
        may_write=accounts.allows(call.principal.role, "privacy.write"),
        said=privacy.class_words(texts_for(call.request).language),
        periods=privacy.periods(call.connection, call.tenant_id),
        preview=preview,
        leads=leads.summaries_of(call.connection, call.tenant_id, {one.id for one in preview.leads}),
        runs=privacy.recent_runs(call.connection, call.tenant_id),
    )


def _confirm(call: Call, shorter: list[privacy.Period], wanted: Mapping[str, int]) -> Reply:
    preview = privacy.preview(call.connection, call.tenant_id, now(), wanted)
    return render(
        call.request,
        "privacy/confirm.html",
        viewer=viewer_of(call),
        said=privacy.class_words(texts_for(call.request).language),
        shorter=shorter,
        wanted=wanted,
        preview=preview,
        leads=leads.summaries_of(call.connection, call.tenant_id, {one.id for one in preview.leads}),
    )


def _user_id(actor: str) -> UUID | None:
    kind, _, id_ = actor.partition(":")
    try:
        return UUID(id_) if kind == "staff" else None
    except ValueError:
        return None
