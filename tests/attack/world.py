"""One agency with at least one of everything, and words in it that nobody else may ever see."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts import invitation_repository, repository, resets, sessions
from markezy.accounts.model import Device, PasswordReset
from markezy.accounts.roles import Role
from markezy.experiments import api as experiments
from markezy.flows import api as flows
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.privacy import api as privacy
from markezy.strategies.versions import releasing
from markezy.strategies.versions.adding import add_version
from markezy.strategies.versions.model import Place
from sqlalchemy import Connection, text

from tests.markezy.console.rows import (
    add_answer,
    add_delivery,
    add_handover,
    add_lead,
    add_news,
    add_strategy,
    add_sync,
    conversation_of,
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
        owner = users["owner"]
        lead_id = add_lead(
            connection, tenant_id, name=agency.secret, email=f"lead@{agency.secret}.example", state="qualified"
        )
        add_answer(connection, tenant_id, lead_id, "Goal?", f"more {agency.secret}")
        say(connection, tenant_id, lead_id, "visitor", f"I am {agency.secret}")
        strategy_id = add_strategy(connection, tenant_id, lead_id, f"Plan {agency.secret}")
        add_delivery(connection, tenant_id, strategy_id)
        part = Place.named("agency", "", "en")
        version = add_version(connection, tenant_id, part, f"title: Plan of {agency.secret}", "staff:x", agency.secret)
        releasing.publish(connection, tenant_id, part, version.id, "staff:x", agency.secret)
        connection_id = add_sync(connection, tenant_id, lead_id, strategy_id, deal_id=f"deal-{agency.secret}")
        handover_id = add_handover(connection, tenant_id, lead_id, message=f"call {agency.secret}")
        message_id = add_news(connection, tenant_id, lead_id, handover_id, data={"name": "Ravi", "text": agency.secret})
        slug = f"flow-{agency.secret}"
        for words in ("Hello", "Good day"):
            flows.publish(connection, tenant_id, slug, f"Flow {agency.secret}", _flow(f"{words} from {agency.secret}"))
        variants = [experiments.NewVariant(name, 1, number) for number, name in enumerate("ab", start=1)]
        experiment = experiments.start(connection, tenant_id, slug, f"Trial {agency.secret}", variants, owner.id)
        invited = f"invited@{agency.secret}.example"
        invitation = accounts.invite(connection, owner, invited, f"New {agency.secret}", "agent", "correlation-1")
        key, _ = accounts.create_api_key(connection, owner, f"Key {agency.secret}", ["leads.read"], None)
        reset = PasswordReset(tenant_id, new_id(), owner.id, now() + resets.LIFETIME)
        invitation_repository.insert_reset(connection, reset)
        export = privacy.request_export(connection, tenant_id, lead_id, "platform", "correlation-1")
        run = privacy.begin(connection, tenant_id, now())
        agency.ids = {
            "lead_id": str(lead_id),
            "conversation_id": str(conversation_of(connection, lead_id)),
            "strategy_id": str(strategy_id),
            "connection_id": str(connection_id),
            "version_id": str(version.id),
            "handover_id": str(handover_id),
            "message_id": str(message_id),
            "file_id": str(_add_file(connection, tenant_id, lead_id, agency.secret)),
            "letter_id": str(_add_letter(connection, tenant_id, lead_id, agency.secret)),
            "export_id": str(export.id),
            "run_id": str(run.id),
            "user_id": str(users["agent"].id),
            "slug": slug,
            "number": "1",
            "experiment_id": str(experiment.id),
            "invitation_id": str(invitation.id),
            "key_id": str(key.id),
            "reset_id": str(reset.id),
        }
    for role in ROLES:
        agency.tokens[role], agency.ids["session_id"] = log_in(database, settings, agency, role)
    return agency


def log_in(database: Database, settings: Settings, agency: Agency, role: str) -> tuple[str, str]:
    """An access token of a session of its own, good for as long as a long run takes; and the session's id."""
    email = f"{role}@{agency.secret}.example"
    with database.transaction(agency.tenant_id) as connection:
        found = repository.find_account(connection, agency.tenant_id, email)
        assert found is not None
        opened = sessions.open_api_session(connection, settings.signing_keys(), found.user, Device("", "attacker"))
    claims = settings.signing_keys().verify("staff", opened.access_token, ("sub", "sid"))
    token = settings.signing_keys().sign(
        "staff", timedelta(hours=3), tid=str(agency.tenant_id), role=role, sub=claims["sub"], sid=claims["sid"]
    )
    return token, str(claims["sid"])


def _add_letter(connection: Connection, tenant_id: UUID, lead_id: UUID, secret: str) -> UUID:
    letter_id = new_id()
    keys = personal.for_writing(connection, tenant_id, [lead_id])[lead_id]
    recipient = personal.seal(keys, f"lead@{secret}.example", "resume_letter.recipient", tenant_id, letter_id)
    connection.execute(
        text(
            "INSERT INTO resume_letter (tenant_id, id, conversation_id, kind, recipient)"
            " VALUES (:tenant, :id, :conversation, 'link', :recipient)"
        ),
        {
            "tenant": tenant_id,
            "id": letter_id,
            "conversation": conversation_of(connection, lead_id),
            "recipient": recipient,
        },
    )
    return letter_id


def _add_file(connection: Connection, tenant_id: UUID, lead_id: UUID, secret: str) -> UUID:
    file_id = new_id()
    keys = personal.for_writing(connection, tenant_id, [lead_id])[lead_id]
    body = f"%PDF-1.4 {secret}".encode()
    connection.execute(
        text(
            "INSERT INTO upload (tenant_id, id, conversation_id, question, name, media_type, size, body)"
            " VALUES (:tenant, :id, :conversation, 'brief', :name, 'application/pdf', :size, :body)"
        ),
        {
            "tenant": tenant_id,
            "id": file_id,
            "conversation": conversation_of(connection, lead_id),
            "name": personal.seal(keys, {"name": f"{secret}.pdf", "sha256": ""}, "upload.name", tenant_id, file_id),
            "size": len(body),
            "body": keys.seal(body, personal.context("upload.body", tenant_id, file_id)),
        },
    )
    return file_id


def _flow(greeting: str) -> dict[str, object]:
    def said(words: str) -> dict[str, str]:
        return {"en": words, "fr": words, "es": words}

    return {
        "locales": ["en", "fr", "es"],
        "greeting": said(greeting),
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
