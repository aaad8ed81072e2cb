"""A lead with everything that can be kept of one, and the worker's tasks for their rights."""

from collections.abc import Callable
from uuid import UUID

import pytest
from markezy.consents import api as consents
from markezy.kernel import personal, task
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.projection import Projector
from markezy.kernel.settings import Settings
from markezy.privacy import tasks as _tasks  # noqa: F401 - importing names the tasks
from markezy.strategies import repository
from markezy.strategies.model import DocumentKind
from sqlalchemy import Connection, text

from tests.markezy.console.rows import (
    add_delivery,
    add_flow_version,
    add_handover,
    add_news,
    add_outcome,
    add_strategy,
    add_sync,
)
from tests.markezy.leads.conversations import Conversation, ReadModel
from tests.markezy.sealed import seal
from tests.markezy.settling import project_all

FILE = b"%PDF-1.4 the brief"


@pytest.fixture
def read_model(database: Database, relay_database: Database) -> ReadModel:
    return ReadModel(database, relay_database)


@pytest.fixture
def full_lead(database: Database, tenant_id: UUID, read_model: ReadModel) -> Conversation:
    """A qualified lead with a row in every table that can hold one of theirs."""
    return build_full_lead(database, tenant_id, read_model)


def build_full_lead(database: Database, tenant_id: UUID, read_model: ReadModel) -> Conversation:
    """The same, in an agency of one's choice."""
    with database.transaction(tenant_id) as connection:
        flow_version_id = add_flow_version(connection, tenant_id)
    lead = Conversation(database, tenant_id, flow_version_id=flow_version_id)
    with database.transaction(tenant_id) as connection:
        connection.execute(
            text(
                "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
                " VALUES (:tenant, :id, :lead, 'widget', 'fr', :flow, 1)"
            ),
            {"tenant": tenant_id, "id": lead.id, "lead": lead.lead_id, "flow": flow_version_id},
        )
    lead.start().ask("Votre objectif ?").say("Plus de ventes pour mon salon").answer("goal", "leads", 1)
    lead.answer("goal", "sales", 1, changed=True)
    said = {"question": "consent", "purpose": "contact", "given": True, "locale": "fr", "channel": "widget"}
    ids = {"lead_id": str(lead.lead_id), "flow_version_id": str(flow_version_id)}
    lead.add("qualification.consent_recorded", {**said, **ids}, "visitor").complete()
    consented = Projector(read_model.relay_database, database, {consents.PROJECTION_NAME: consents.project})
    project_all(consented, read_model.relay_database)
    read_model.catch_up()
    with database.transaction(tenant_id) as connection:
        strategy = add_strategy(connection, tenant_id, lead.lead_id, "Plan pour Chez Zoë")
        repository.insert_document(connection, tenant_id, strategy, b"%PDF briefing", DocumentKind.BRIEFING)
        add_delivery(connection, tenant_id, strategy)
        add_outcome(connection, tenant_id, strategy, amount=1200, currency="EUR")
        add_sync(connection, tenant_id, lead.lead_id, strategy)
        handover = add_handover(connection, tenant_id, lead.lead_id, message="Rappelez-moi", status="closed")
        add_news(connection, tenant_id, lead.lead_id, handover)
        add_file(connection, lead, "brief ../../x.pdf")
        add_message(connection, lead, "Plus de ventes pour mon salon")
        add_letter(connection, lead, "zoe@example.com")
    return lead


def add_file(connection: Connection, lead: Conversation, name: str, age: str = "1 hour") -> UUID:
    """A file that the lead sent."""
    file_id = new_id()
    keys = personal.for_writing(connection, lead.tenant_id, [lead.lead_id])[lead.lead_id]
    values = {
        "tenant": lead.tenant_id, "id": file_id, "conversation": lead.id, "size": len(FILE), "age": age,
        "name": personal.seal(keys, {"name": name, "sha256": "ab"}, "upload.name", lead.tenant_id, file_id),
        "body": keys.seal(FILE, personal.context("upload.body", lead.tenant_id, file_id)),
    }  # fmt: skip
    connection.execute(
        text(
            "INSERT INTO upload (tenant_id, id, conversation_id, question, name, media_type, size, body, created_at)"
            " VALUES (:tenant, :id, :conversation, 'brief', :name, 'application/pdf', :size, :body,"
            " now() - CAST(:age AS interval))"
        ),
        values,
    )
    return file_id


def add_message(connection: Connection, lead: Conversation, words: str, age: str = "1 hour", done: bool = True) -> None:
    """A message as the channel accepted it."""
    message_id = str(new_id())
    place = ("inbox.body", "widget", message_id)
    connection.execute(
        text(
            "INSERT INTO inbox (tenant_id, channel, message_id, conversation_id, body, correlation_id, received_at,"
            " processed_at) VALUES (:tenant, 'widget', :id, :conversation, :body, 'c', now() - CAST(:age AS interval),"
            " CASE WHEN :done THEN now() END)"
        ),
        {
            "tenant": lead.tenant_id, "id": message_id, "conversation": lead.id, "age": age, "done": done,
            "body": seal(connection, lead.tenant_id, lead.lead_id, {"text": words}, *place),
        },
    )  # fmt: skip


def add_letter(connection: Connection, lead: Conversation, recipient: str, age: str = "1 hour") -> None:
    """A letter that went out."""
    letter_id = new_id()
    box = seal(connection, lead.tenant_id, lead.lead_id, recipient, "resume_letter.recipient", letter_id)
    connection.execute(
        text(
            "INSERT INTO resume_letter (tenant_id, id, conversation_id, kind, recipient, created_at, sent_at)"
            " VALUES (:tenant, :id, :conversation, 'link', :box, now() - CAST(:age AS interval), now())"
        ),
        {"tenant": lead.tenant_id, "id": letter_id, "conversation": lead.id, "box": box, "age": age},
    )


@pytest.fixture
def work(database: Database, settings: Settings) -> Callable[[UUID, str], int]:
    """Run an agency's open rows of a task, as a worker does; how many there were."""

    def run(tenant_id: UUID, name: str) -> int:
        with database.transaction(tenant_id) as connection:
            rows = connection.execute(
                text(
                    "SELECT id, payload FROM outbox WHERE task = :name AND completed_at IS NULL AND failed_at IS NULL"
                    " ORDER BY created_at"
                ),
                {"name": name},
            ).all()
        for row_id, payload in rows:
            task.run(name, task.TaskCall(tenant_id, row_id, "correlation-1", settings, database), payload)
        return len(rows)

    return run
