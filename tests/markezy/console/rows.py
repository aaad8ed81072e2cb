"""Rows as the running system leaves them: what the console's pages are made of."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from markezy.kernel import personal
from markezy.kernel.events import NewEvent, append
from markezy.kernel.ids import new_id
from markezy.leads.api import get_lead
from markezy.leads.search import index_contacts
from sqlalchemy import Connection, text

from tests.markezy.sealed import seal

STARTED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def add_flow_version(connection: Connection, tenant_id: UUID) -> UUID:
    flow_id, version_id = new_id(), new_id()
    _insert(connection, "flow", tenant_id=tenant_id, id=flow_id, slug=f"f-{flow_id}", name="Questions")
    _insert(
        connection, "flow_version",
        tenant_id=tenant_id, id=version_id, flow_id=flow_id, number=1, definition="{}",
    )  # fmt: skip
    return version_id


def add_lead(connection: Connection, tenant_id: UUID, **wanted: Any) -> UUID:
    """A lead with its conversation; `wanted` overrides the lead's columns."""
    lead_id, conversation_id = new_id(), new_id()
    flow_version_id = add_flow_version(connection, tenant_id)
    _insert(
        connection, "conversation",
        tenant_id=tenant_id, id=conversation_id, lead_id=lead_id, channel="widget", locale="en",
        flow_version_id=flow_version_id, version=1,
    )  # fmt: skip
    lead = {
        "channel": "widget", "locale": "en", "state": "new", "started_at": STARTED, "last_message_at": STARTED,
    } | wanted  # fmt: skip
    person = {"page": {}} | {name: lead.pop(name, None) for name in ("name", "email", "phone", "company")}
    box = seal(connection, tenant_id, lead_id, person, "lead.personal", lead_id)
    _insert(
        connection, "lead",
        tenant_id=tenant_id, id=lead_id, personal=box, conversation_id=conversation_id, flow_version_id=flow_version_id, **lead,
    )  # fmt: skip
    index_contacts(connection, tenant_id, [get_lead(connection, tenant_id, lead_id)])
    return lead_id


def add_answer(
    connection: Connection, tenant_id: UUID, lead_id: UUID, label: str, display: str, ordinal: int = 1
) -> None:
    _insert(
        connection, "lead_answer",
        tenant_id=tenant_id, lead_id=lead_id, question=f"q{ordinal}", ordinal=ordinal, answered_at=STARTED,
        content=seal(
            connection, tenant_id, lead_id, {"label": label, "value": display, "display": display},
            "lead_answer.content", lead_id, f"q{ordinal}",
        ),
    )  # fmt: skip


def say(connection: Connection, tenant_id: UUID, lead_id: UUID, sender: str, words: str, **more: Any) -> None:
    """One message of the lead's conversation, as the tracker store writes it."""
    conversation_id = connection.execute(
        text("SELECT conversation_id FROM lead WHERE tenant_id = :tenant AND id = :lead"),
        {"tenant": tenant_id, "lead": lead_id},
    ).scalar_one()
    event_type = "message.received" if sender == "visitor" else "message.sent"
    data = {"text": words, "channel": "widget", "message_id": str(new_id()), **more}
    append(
        connection, tenant_id, "conversation", conversation_id, None, [NewEvent(event_type, data, sender)], "test-corr"
    )


def add_strategy(connection: Connection, tenant_id: UUID, lead_id: UUID, title: str, with_pdf: bool = True) -> UUID:
    template_id, strategy_id = new_id(), new_id()
    _insert(
        connection, "strategy_template_version",
        tenant_id=tenant_id, id=template_id, format="html", layer="sector", sector=f"s-{template_id}", part="en", number=1,
        source="", author="",
    )  # fmt: skip
    _insert(
        connection, "strategy",
        tenant_id=tenant_id, id=strategy_id, lead_id=lead_id, status="rendered" if with_pdf else "generated",
        title=seal(connection, tenant_id, lead_id, title, "strategy.title", strategy_id),
        html=seal(connection, tenant_id, lead_id, "<p>plan</p>", "strategy.html", strategy_id),
        locale="en", content_hash=b"h",
    )  # fmt: skip
    _insert(
        connection, "strategy_composition", tenant_id=tenant_id, strategy_id=strategy_id, version_id=template_id,
    )  # fmt: skip
    if with_pdf:
        keys = personal.for_writing(connection, tenant_id, [lead_id])[lead_id]
        place = personal.context("strategy_document.body", tenant_id, strategy_id, "application/pdf")
        _insert(
            connection, "strategy_document",
            tenant_id=tenant_id, strategy_id=strategy_id, kind="strategy", media_type="application/pdf",
            body=keys.seal(PDF, place),
        )  # fmt: skip
    return strategy_id


def add_delivery(connection: Connection, tenant_id: UUID, strategy_id: UUID, **wanted: Any) -> None:
    delivery = {
        "channel": "email",
        "recipient": "maya@northfold.example",
        "status": "sent",
        "sent_at": STARTED,
    } | wanted
    lead_id = connection.execute(text("SELECT lead_id FROM strategy WHERE id = :id"), {"id": strategy_id}).scalar_one()
    place = ("delivery.recipient", strategy_id, delivery["channel"])
    delivery["recipient"] = seal(connection, tenant_id, lead_id, delivery["recipient"], *place)
    _insert(connection, "delivery", tenant_id=tenant_id, id=new_id(), strategy_id=strategy_id, **delivery)


def add_outcome(connection: Connection, tenant_id: UUID, strategy_id: UUID, kind: str = "won", **wanted: Any) -> None:
    """What became of the strategy; `wanted` overrides the columns."""
    outcome = {"kind": kind, "source": "staff", "at": STARTED, "amount": None, "currency": None} | wanted
    _insert(connection, "strategy_outcome", tenant_id=tenant_id, strategy_id=strategy_id, **outcome)


def add_sync(connection: Connection, tenant_id: UUID, lead_id: UUID, strategy_id: UUID, **wanted: Any) -> UUID:
    """A sync over a connection of its own, whose id this is."""
    connection_id = new_id()
    _insert(
        connection, "crm_connection",
        tenant_id=tenant_id, id=connection_id, vendor="hubspot", name="HubSpot EU",
        base_url="https://crm.example", credential=b"sealed",
    )  # fmt: skip
    sync = {"status": "synced", "contact_id": "4821", "attempts": 1} | wanted
    _insert(
        connection, "crm_sync",
        tenant_id=tenant_id, id=new_id(), connection_id=connection_id, lead_id=lead_id, strategy_id=strategy_id, **sync,
    )  # fmt: skip
    return connection_id


def add_look_back(connection: Connection, tenant_id: UUID, connection_id: UUID, **wanted: Any) -> None:
    """How looking back over the connection went; `wanted` overrides the columns."""
    look_back = {"looked_at": STARTED} | wanted
    _insert(connection, "crm_look_back", tenant_id=tenant_id, connection_id=connection_id, **look_back)


def add_handover(connection: Connection, tenant_id: UUID, lead_id: UUID, **wanted: Any) -> UUID:
    """A request for a person, waiting since two minutes ago; `wanted` overrides the columns."""
    handover_id = new_id()
    handover = {
        "status": "waiting",
        "reason": "asked",
        "requested_at": datetime.now(UTC) - timedelta(minutes=2),
    } | wanted
    if handover.get("message"):
        box = seal(connection, tenant_id, lead_id, handover["message"], "handover.message", handover_id)
        handover["message"] = box
    _insert(
        connection, "handover",
        tenant_id=tenant_id, id=handover_id, lead_id=lead_id, conversation_id=conversation_of(connection, lead_id), **handover,
    )  # fmt: skip
    return handover_id


def add_news(connection: Connection, tenant_id: UUID, lead_id: UUID, handover_id: UUID, **wanted: Any) -> UUID:
    """What Ravi said, on its way; `wanted` overrides the columns."""
    news_id = new_id()
    news = {"intent": "person_message", "data": {"name": "Ravi", "text": "Hello, I am Ravi"}} | wanted
    news["data"] = seal(connection, tenant_id, lead_id, news["data"], "handover_news.data", news_id)
    _insert(
        connection, "handover_news",
        tenant_id=tenant_id, id=news_id, conversation_id=conversation_of(connection, lead_id), handover_id=handover_id, **news,
    )  # fmt: skip
    return news_id


def conversation_of(connection: Connection, lead_id: UUID) -> UUID:
    """The lead's conversation."""
    found: UUID = connection.execute(
        text("SELECT conversation_id FROM lead WHERE id = :lead"), {"lead": lead_id}
    ).scalar_one()
    return found


def days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def _insert(connection: Connection, table: str, **columns: Any) -> None:
    names = ", ".join(columns)
    places = ", ".join(f":{name}" for name in columns)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), columns)
