"""The audit over HTTP. Reading it is written down like everything else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.audit import api
from markezy.audit.model import Filter, Found
from markezy.kernel.errors import Malformed
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.limits import rules

blueprint = Blueprint("audit", url_prefix="/api/v1/audit")

_CSV = "text/csv; charset=utf-8"


@blueprint.get("/")
@endpoint(staff("audit.read"), audit="audit.read")
def list_entries(call: Call) -> Reply:
    """Who read or changed what, newest first; `actor`, `lead`, `action`, `outcome`, `since` and `until` narrow."""
    limit = call.query.get("limit", "50")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 6):
        raise Malformed("limit is not a number.")
    page = api.entries(
        call.connection, call.tenant_id, _filter(call), cursor=call.query.get("cursor"), limit=int(limit)
    )
    return Reply(200, {"items": [_entry(one) for one in page.items], "next_cursor": page.next_cursor})


@blueprint.get("/export")
@endpoint(staff("audit.read"), kind=rules.EXPENSIVE, audit="audit.exported")
def export(call: Call) -> Reply:
    """The same as CSV, 50,000 entries at most; the header X-Next-Cursor says where the next file begins, if there is more."""
    page = api.entries(
        call.connection, call.tenant_id, _filter(call),
        cursor=call.query.get("cursor"), limit=api.MOST_EXPORTED, most=api.MOST_EXPORTED,
    )  # fmt: skip
    file = Reply.file(api.as_csv(page.items), _CSV, "audit.csv", inline=False)
    more = {"X-Next-Cursor": page.next_cursor} if page.next_cursor else {}
    return Reply(file.status, file.body, {**file.headers, **more}, file.media_type)


def _filter(call: Call) -> Filter:
    lead = call.query.get("lead")
    try:
        lead_id = None if lead is None else UUID(lead)
    except ValueError:
        raise Malformed("lead is not a valid id.") from None
    return Filter(
        call.query.get("actor"), lead_id, call.query.get("action"),
        _time("since", call.query.get("since")), _time("until", call.query.get("until")), call.query.get("outcome"),
    )  # fmt: skip


def _time(name: str, given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        # A plus sign that was not escaped arrives as a space.
        at = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError:
        raise Malformed(f"{name} is not a time; write it like 2026-01-31T09:30:00Z.") from None
    if at.tzinfo is None:
        raise Malformed(f"{name} needs an offset; write it like 2026-01-31T09:30:00Z.")
    return at


def _entry(one: Found) -> dict[str, Any]:
    subject = {"kind": one.subject_kind, "id": one.subject_id, "name": one.subject_name}
    return {
        "id": one.id,
        "at": one.at,
        "actor": {"kind": one.actor_kind, "id": one.actor_id, "name": one.actor_name},
        "session_id": one.session_id,
        "action": one.action,
        "subject": subject if one.subject_kind else None,
        "lead_id": one.lead_id,
        "filters": one.filters,
        "outcome": one.outcome,
        "status": one.status,
        "network": one.network,
        "user_agent": one.program,
        "correlation_id": one.correlation_id,
    }
