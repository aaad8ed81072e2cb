"""One agency with at least one of everything, and words in it that nobody else may ever see."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.roles import Role
from markezy.flows import api as flows
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.privacy import api as privacy
from sqlalchemy import Connection, text

from tests.markezy.console.rows import (
    add_answer,
    add_delivery,
    add_handover,
    add_lead,
    add_news,
    add_strategy,
    add_sync,
    say,
)

ROLES = tuple(role.value for role in Role)


@dataclass
class Agency:
    """Its ids by the names of the routes' parameters, and a token for each role."""

    tenant_id: UUID
    secret: str
    """Stands in every text of this agency."""
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def build(database: Database, settings: Settings, name: str) -> Agency:
    """The agency, committed."""
    tenant_id = new_id()
    agency = Agency(tenant_id, f"{name}secret{tenant_id.hex[-8:]}")
    with database.transaction(tenant_id) as connection:
        accounts.create_tenant(
            connection, tenant_id, slug=f"{name}-{tenant_id}", name=f"Agency {agency.secret}", locale="en", sector="x"
        )
        users = {
            role: accounts.add_user(
                connection, tenant_id, email=f"{role}@{agency.secret}.example", name=f"{role} {agency.secret}",
                role=role, password="correct horse battery",
            )
            for role in ROLES
        }  # fmt: skip
        lead_id = add_lead(
            connection, tenant_id, name=agency.secret, email=f"lead@{agency.secret}.example", state="qualified"
        )
        add_answer(connection, tenant_id, lead_id, "Goal?", f"more {agency.secret}")
        say(connection, tenant_id, lead_id, "visitor", f"I am {agency.secret}")
        strategy_id = add_strategy(connection, tenant_id, lead_id, f"Plan {agency.secret}")
        add_delivery(connection, tenant_id, strategy_id)
        add_sync(connection, tenant_id, lead_id, strategy_id)
        handover_id = add_handover(connection, tenant_id, lead_id, message=f"call {agency.secret}")
        add_news(connection, tenant_id, lead_id, handover_id)
        slug = f"flow-{agency.secret}"
        flows.publish(connection, tenant_id, slug, f"Flow {agency.secret}", _flow(agency.secret))
        export = privacy.request_export(connection, tenant_id, lead_id, "platform", "correlation-1")
        run = privacy.begin(connection, tenant_id, now())
        file_id = _add_file(connection, tenant_id, lead_id, agency.secret)
    agency.ids = {
        "lead_id": str(lead_id),
        "strategy_id": str(strategy_id),
        "handover_id": str(handover_id),
        "file_id": str(file_id),
        "export_id": str(export.id),
        "run_id": str(run.id),
        "user_id": str(users["agent"].id),
        "slug": slug,
        "number": "1",
        "message_id": str(new_id()),
        "experiment_id": str(new_id()),
        "invitation_id": str(new_id()),
        "key_id": str(new_id()),
        "session_id": str(new_id()),
    }
    for role, user in users.items():
        agency.tokens[role] = settings.signing_keys().sign(
            "staff", timedelta(minutes=30), tid=str(tenant_id), role=role, sub=str(user.id), sid=str(new_id())
        )
    return agency


def _add_file(connection: Connection, tenant_id: UUID, lead_id: UUID, secret: str) -> UUID:
    file_id = new_id()
    keys = personal.for_writing(connection, tenant_id, [lead_id])[lead_id]
    conversation = connection.execute(text("SELECT conversation_id FROM lead WHERE id = :id"), {"id": lead_id})
    body = f"%PDF-1.4 {secret}".encode()
    connection.execute(
        text(
            "INSERT INTO upload (tenant_id, id, conversation_id, question, name, media_type, size, body)"
            " VALUES (:tenant, :id, :conversation, 'brief', :name, 'application/pdf', :size, :body)"
        ),
        {
            "tenant": tenant_id,
            "id": file_id,
            "conversation": conversation.scalar_one(),
            "name": personal.seal(keys, {"name": f"{secret}.pdf", "sha256": ""}, "upload.name", tenant_id, file_id),
            "size": len(body),
            "body": keys.seal(body, personal.context("upload.body", tenant_id, file_id)),
        },
    )
    return file_id


def _flow(secret: str) -> dict[str, object]:
    def said(words: str) -> dict[str, str]:
        return {"en": words, "fr": words, "es": words}

    return {
        "locales": ["en", "fr", "es"],
        "greeting": said(f"Hello from {secret}"),
        "start": "goal",
        "questions": {
            "goal": {
                "type": "text",
                "text": said("What?"),
                "help": said("So."),
                "label": said("It"),
                "next": [{"to": "done"}],
            }
        },
        "ends": {"done": {"outcome": "qualified", "message": said("Thank you")}},
    }
