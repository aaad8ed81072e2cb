"""Conversations as the log holds them, written event by event, and the projection that follows."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import Device
from markezy.accounts.repository import insert_user
from markezy.accounts.sessions import open_api_session
from markezy.kernel.db import Database, open_database
from markezy.kernel.events import NewEvent, append
from markezy.kernel.ids import new_id
from markezy.kernel.projection import Projector
from markezy.kernel.settings import Settings
from markezy.leads import api

from tests.markezy.settling import project_all

CONTACT = {"name": "Zoë Martín", "email": "zoe@example.com", "phone": "+33612345678", "company": "Chez Zoë"}
DEVICE = Device("192.0.2.0/24", "Tests")


@dataclass
class Conversation:
    """One lead's conversation, in a database."""

    database: Database
    tenant_id: UUID
    id: UUID = field(default_factory=new_id)
    lead_id: UUID = field(default_factory=new_id)
    flow_version_id: UUID = field(default_factory=new_id)

    def add(self, type_: str, data: dict[str, Any] | None = None, actor: str = "assistant") -> "Conversation":
        with self.database.transaction(self.tenant_id) as connection:
            append(
                connection, self.tenant_id, "conversation", self.id, None, [NewEvent(type_, data or {}, actor)],
                "correlation-1",
            )  # fmt: skip
        return self

    def start(self, channel: str = "widget", locale: str = "fr") -> "Conversation":
        return self.add(
            "conversation.started",
            {
                "channel": channel,
                "locale": locale,
                "lead_id": str(self.lead_id),
                "flow_version_id": str(self.flow_version_id),
                "page": {"url": "https://shop.example/", "referrer": "", "utm": {"source": "ad"}},
                "hidden": {},
            },
            "visitor",
        )

    def ask(self, text: str, **more: Any) -> "Conversation":
        return self.add("message.sent", {"text": text, **more})

    def say(self, text: str, actor: str = "visitor") -> "Conversation":
        data = {"text": text, "intent": "answer", "confidence": 1.0, "message_id": str(new_id()), "channel": "widget"}
        return self.add("message.received", data, actor)

    def answer(self, question: str, value: Any, ordinal: int, *, changed: bool = False) -> "Conversation":
        data = {
            "question": question, "label": f"{question}?", "value": value, "display": f"« {value} »", "ordinal": ordinal,
        }  # fmt: skip
        return self.add(f"qualification.answer_{'changed' if changed else 'recorded'}", data, "visitor")

    def complete(self, outcome: str = "qualified", end: str = "good_fit", **contact: str) -> "Conversation":
        return self.add(
            "qualification.completed", {"end": end, "outcome": outcome, "score": 70, "contact": contact or CONTACT}
        )

    def qualified(self, end: str = "good_fit") -> api.QualifiedLead:
        return api.QualifiedLead(
            self.lead_id, self.id, self.flow_version_id, "fr", end, 70, api.Contact(**CONTACT),
            (api.QualifiedAnswer("goal", "Votre objectif ?", "sales", "Plus de ventes"),),
        )  # fmt: skip


class ReadModel:
    """The projection, run to the end of the log, and the facade on one tenant."""

    def __init__(self, database: Database, relay_database: Database, batch: int = 500) -> None:
        self.database = database
        self.relay_database = relay_database
        self._projector = Projector(relay_database, database, {api.PROJECTION_NAME: _project}, batch)

    def catch_up(self) -> None:
        project_all(self._projector, self.relay_database)

    def lead(self, conversation: Conversation) -> api.Lead:
        self.catch_up()
        with self.database.transaction(conversation.tenant_id) as connection:
            return api.get_lead(connection, conversation.tenant_id, conversation.lead_id)


def _project(*arguments: Any) -> None:
    api.project(*arguments)


def staff_token(settings: Settings, tenant_id: UUID, role: str = "agent", user_id: UUID | None = None) -> str:
    """The access token of a staff member of the tenant, or of somebody who is on its team from now on."""
    with _database(settings).transaction(tenant_id) as connection:
        if user_id is None:
            newcomer = {
                "tenant_id": tenant_id, "id": new_id(), "email": f"{new_id()}@tokens.example", "name": "Somebody",
                "role": role, "password_hash": "none",
            }  # fmt: skip
            user = insert_user(connection, newcomer)
        else:
            user = accounts.user(connection, tenant_id, user_id)
        return open_api_session(connection, settings.signing_keys(), user, DEVICE).access_token


@cache
def _database(settings: Settings) -> Database:
    return open_database(settings, pool_size=1)
