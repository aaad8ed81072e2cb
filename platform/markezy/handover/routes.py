"""Handovers over HTTP: the inbox, taking over, answering, handing back, and when somebody is there."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.handover import api
from markezy.handover.model import HandoverSettings, InboxEntry, News
from markezy.handover.office_hours import DAYS
from markezy.kernel import audit
from markezy.kernel.errors import Malformed
from markezy.kernel.http import Call, Reply, endpoint

blueprint = Blueprint("handover", url_prefix="/api/v1")

_Time = Annotated[str, Field(max_length=5)]
_Span = tuple[_Time, _Time]


class MessageBody(BaseModel):
    """What staff say. `id` is the client's own: sent again, it is the same message."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    text: str


class SettingsBody(BaseModel):
    """When somebody is there, and who is told."""

    model_config = ConfigDict(extra="forbid")

    timezone: str = Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9+_/-]+$")
    office_hours: dict[str, list[_Span]] | None
    notify_email: str = Field("", max_length=320)
    answer_seconds: int = 180

    def settings(self) -> HandoverSettings:
        """The same in the domain's words, days in their order."""
        given = self.office_hours
        hours = given and {day: given[day] for day in sorted(given, key=_place)}
        return HandoverSettings(self.timezone, hours, self.notify_email.strip(), self.answer_seconds)


@blueprint.get("/handovers")
@endpoint(staff("handover.read"), audit="handovers.listed")
def list_handovers(call: Call) -> Reply:
    """The inbox, the latest requested first: what is not closed, or what has one `status`; `limit` and `cursor` page."""
    limit = call.query.get("limit", "25")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 6):
        raise Malformed("limit is not a number.")
    page = api.inbox(
        call.connection, call.tenant_id,
        status=call.query.get("status"), cursor=call.query.get("cursor"), limit=int(limit),
    )  # fmt: skip
    return Reply(200, {"items": [_entry(entry) for entry in page.items], "next_cursor": page.next_cursor})


@blueprint.post("/handovers/<handover_id:uuid>/close")
@endpoint(staff("handover.write"), audit="handover.closed")
def close(call: Call, handover_id: UUID) -> Reply:
    """Done with a message that was left."""
    return _changed(call, api.close(_desk(call), handover_id))


@blueprint.post("/leads/<lead_id:uuid>/handover/take")
@endpoint(staff("handover.write"), audit="handover.taken")
def take(call: Call, lead_id: UUID) -> Reply:
    """Talk to the lead instead of the assistant."""
    return _changed(call, api.take(_desk(call), lead_id))


@blueprint.post("/leads/<lead_id:uuid>/handover/release")
@endpoint(staff("handover.write"), audit="handover.released")
def release(call: Call, lead_id: UUID) -> Reply:
    """Hand the lead back to the assistant."""
    return _changed(call, api.release(_desk(call), lead_id))


@blueprint.post("/leads/<lead_id:uuid>/messages")
@endpoint(staff("handover.write"), audit="message.sent")
def say(call: Call, lead_id: UUID) -> Reply:
    """Say something to the lead; 202, because it is delivered in the background, in order."""
    given = call.json(MessageBody)
    said = api.reply(_desk(call), lead_id, given.id, given.text)
    api.tell_pages(call.services.redis, call.tenant_id, {lead_id})
    return Reply(202, _message(said))


@blueprint.get("/leads/<lead_id:uuid>/messages/<message_id:uuid>")
@endpoint(staff("handover.read"), audit="message.read")
def get_message(call: Call, lead_id: UUID, message_id: UUID) -> Reply:
    """How far a message of staff has come: `pending`, `delivered`, or `failed` with the reason."""
    return Reply(200, _message(api.message(call.connection, call.tenant_id, lead_id, message_id)))


@blueprint.get("/handover/settings")
@endpoint(staff("handover.manage"), audit=None)
def get_settings(call: Call) -> Reply:
    """The agency's settings, or the defaults."""
    return Reply(200, vars(api.read_settings(call.connection, call.tenant_id)))


@blueprint.put("/handover/settings")
@endpoint(staff("handover.manage"), audit="handover_settings.changed")
def put_settings(call: Call) -> Reply:
    """Replace the settings. `office_hours` null: always open; a day that is left out: closed."""
    wanted = call.json(SettingsBody).settings()
    return Reply(200, vars(api.save_settings(call.connection, call.tenant_id, wanted)))


def _desk(call: Call) -> api.Desk:
    return api.Desk(call.connection, call.tenant_id, call.principal.user_id(), call.correlation_id)


def _changed(call: Call, handover: api.Handover) -> Reply:
    audit.lead_is(call.connection, handover.lead_id)
    api.tell_pages(call.services.redis, call.tenant_id, {handover.lead_id})
    return Reply(200, _entry(api.entry_of(call.connection, call.tenant_id, handover)), about=handover.lead_id)


def _entry(entry: InboxEntry) -> dict[str, Any]:
    handover = entry.handover
    lead = entry.lead and {
        name: getattr(entry.lead, name) for name in ("name", "company", "state", "locale", "messages")
    }
    taken_by = handover.taken_by and {"id": handover.taken_by, "name": entry.taken_by_name}
    return {**vars(handover), "taken_by": taken_by, "lead": lead}


def _message(news: News) -> dict[str, Any]:
    return {
        "id": news.id, "text": news.data["text"], "name": news.data["name"], "status": news.status,
        "failure": news.failure, "created_at": news.created_at, "delivered_at": news.delivered_at,
    }  # fmt: skip


def _place(day: str) -> int:
    return DAYS.index(day) if day in DAYS else len(DAYS)
