"""Leads over HTTP: the staff API, and the one internal call that says a lead is qualified."""

import re
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.consents import api as consents
from markezy.flows import api as flows
from markezy.kernel.errors import Conflict, Invalid, Malformed
from markezy.kernel.events import Event
from markezy.kernel.http import Call, Reply, endpoint, service
from markezy.leads import api
from markezy.leads.model import Contact, Lead, QualifiedAnswer, QualifiedLead, TranscriptEntry

blueprint = Blueprint("leads")

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The character as JSON writes it: PostgreSQL can't keep it."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContactBody(_Body):
    name: str | None = Field(None, max_length=300)
    email: str | None = Field(None, max_length=320)
    phone: str | None = Field(None, max_length=60)
    company: str | None = Field(None, max_length=300)


class AnswerBody(_Body):
    question: str = Field(min_length=1, max_length=100)
    label: str = Field(max_length=2000)
    value: JsonValue
    display: str = Field(max_length=10_000)


class QualifiedBody(_Body):
    """What the action server tells at the end of a qualification (docs/contracts.md)."""

    conversation_id: UUID
    flow_version_id: UUID
    locale: str = Field(min_length=2, max_length=20)
    end: str = Field(min_length=1, max_length=100)
    score: float = Field(allow_inf_nan=False)
    contact: ContactBody
    answers: list[AnswerBody] = Field(max_length=200)
    consents: dict[str, int] = Field(default_factory=dict, max_length=200)
    """By consent question the version of the text it was asked with, where that is not the flow version's own."""

    def lead(self, lead_id: UUID) -> QualifiedLead:
        """The same in the domain's words."""
        return QualifiedLead(
            lead_id=lead_id,
            conversation_id=self.conversation_id,
            flow_version_id=self.flow_version_id,
            locale=self.locale,
            end=self.end,
            score=round(self.score),
            contact=Contact(**self.contact.model_dump()),
            answers=tuple(QualifiedAnswer(**answer.model_dump()) for answer in self.answers),
        )


@blueprint.post("/internal/leads/<lead_id:uuid>/qualified")
@endpoint(service("actions"), audit="lead.qualified")
def qualified(call: Call, lead_id: UUID) -> Reply:
    """Record that the lead reached a qualified end; 202, because the strategy is written in the background.

    409 with `consents` when the lead has to be asked again, because the words they agreed to have changed since.
    """
    if _NUL.search(call.request.body):
        raise Invalid("The body contains the NUL character, which no text may.")
    body = call.json(QualifiedBody)
    _require_current_consents(call, body)
    lead = body.lead(lead_id)
    api.record_qualified(call.connection, call.tenant_id, lead_id, lead, call.correlation_id)
    return Reply(202, {"lead_id": lead_id})


def _require_current_consents(call: Call, body: QualifiedBody) -> None:
    published = flows.published_beside(call.connection, call.tenant_id, body.flow_version_id)
    renewals = consents.outdated(call.connection, call.tenant_id, body.flow_version_id, published, body.consents)
    if renewals:
        again = [{"question": one.question, "version": one.version, "texts": one.texts} for one in renewals]
        raise Conflict("The words of a consent have changed; ask the lead again.", consents=again)


@blueprint.get("/api/v1/leads")
@endpoint(staff("leads.read"), audit="leads.listed")
def list_leads(call: Call) -> Reply:
    """Leads, newest first; `state` and `search` narrow, `limit` and `cursor` page."""
    page = api.list_leads(
        call.connection,
        call.tenant_id,
        cursor=call.query.get("cursor"),
        limit=_limit(call, 25),
        state=call.query.get("state"),
        search=call.query.get("search"),
    )
    return Reply(200, {"items": [vars(lead) for lead in page.items], "next_cursor": page.next_cursor})


@blueprint.get("/api/v1/leads/<lead_id:uuid>")
@endpoint(staff("leads.read"), audit="lead.read")
def get_lead(call: Call, lead_id: UUID) -> Reply:
    """One lead with their answers."""
    return Reply(200, _lead(api.get_lead(call.connection, call.tenant_id, lead_id)))


@blueprint.get("/api/v1/leads/<lead_id:uuid>/events")
@endpoint(staff("leads.read"), audit="lead.events_read")
def list_events(call: Call, lead_id: UUID) -> Reply:
    """Everything that happened to the lead, oldest first."""
    page = api.events_page(
        call.connection, call.tenant_id, lead_id, cursor=call.query.get("cursor"), limit=_limit(call, api.LARGEST_PAGE)
    )
    return Reply(200, {"items": [_event(event) for event in page.items], "next_cursor": page.next_cursor})


@blueprint.get("/api/v1/leads/<lead_id:uuid>/transcript")
@endpoint(staff("leads.read"), audit="lead.transcript_read")
def get_transcript(call: Call, lead_id: UUID) -> Reply:
    """What was said, all of it: a page of a conversation would be torn out of its context."""
    entries = api.transcript(call.connection, call.tenant_id, lead_id)
    return Reply(200, {"items": [_entry(entry) for entry in entries], "next_cursor": None})


@blueprint.get("/api/v1/leads/<lead_id:uuid>/files/<file_id:uuid>")
@endpoint(staff("leads.read"), audit="file.downloaded")
def get_file(call: Call, lead_id: UUID, file_id: UUID) -> Reply:
    """A file the lead sent, to be saved. No browser shows it by itself: it comes from a stranger."""
    sent = api.file_of(call.connection, call.tenant_id, lead_id, file_id)
    return Reply.file(sent.body, sent.media_type, sent.name, inline=False)


@blueprint.get("/api/v1/leads/<lead_id:uuid>/state")
@endpoint(staff("leads.read"), audit="lead.state_read")
def get_state(call: Call, lead_id: UUID) -> Reply:
    """The lead as they were `at` a time (ISO 8601 with an offset), and what had been done for and with them; without it, as it is now."""
    at = call.query.get("at")
    if at is None:
        lead, journey = api.state_now(call.connection, call.tenant_id, lead_id)
    else:
        lead, journey = api.state_at(call.connection, call.tenant_id, lead_id, _time(at))
    return Reply(200, {**_lead(lead), **asdict(journey)})


class ReviewBody(_Body):
    """What a person decided about a refusal: it stands, the lead is followed up later, or somebody goes on with them."""

    state: Literal["disqualified", "nurture", "handed_over"]
    note: str = Field("", max_length=2000)


@blueprint.post("/api/v1/leads/<lead_id:uuid>/review")
@endpoint(staff("leads.write"), audit="lead.reviewed")
def review(call: Call, lead_id: UUID) -> Reply:
    """Write down what a person decided about a refusal by rules alone. 409 unless the lead is refused."""
    decided = call.json(ReviewBody)
    actor = f"{call.principal.kind}:{call.principal.id}"
    api.review(call.connection, call.tenant_id, lead_id, decided.state, decided.note, actor, call.correlation_id)
    return Reply(200, {"lead_id": lead_id, "state": decided.state})


def _limit(call: Call, default: int) -> int:
    given = call.query.get("limit", str(default))
    if not (given.isascii() and given.isdigit() and len(given) < 6):
        raise Malformed("limit is not a number.")
    return int(given)


def _time(given: str) -> datetime:
    try:
        # A plus sign that was not escaped arrives as a space.
        at = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError:
        raise Malformed("at is not a time; write it like 2026-01-31T09:30:00Z.") from None
    if at.tzinfo is None:
        raise Malformed("at needs an offset; write it like 2026-01-31T09:30:00Z.")
    return at


def _lead(lead: Lead) -> dict[str, Any]:
    return {**vars(lead), "answers": [vars(answer) for answer in lead.answers]}


def _event(event: Event) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if name != "tenant_id"}


def _entry(entry: TranscriptEntry) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": entry.id, "from": entry.sender, "text": entry.text, "at": entry.at}
    for name in ("buttons", "input", "attachment", "progress", "message_id", "name", "question"):
        if value := getattr(entry, name):
            shown[name] = value
    return shown
