"""A lead whose flow asks for consent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from markezy.consents import api
from markezy.flows import api as flows
from markezy.kernel.db import Database
from markezy.kernel.events import NewEvent, append
from markezy.kernel.projection import Projector

from tests.markezy.flows.conftest import question, said, small_flow
from tests.markezy.leads.conversations import Conversation, ReadModel
from tests.markezy.settling import project_all


def asking(words: str, **more: Any) -> dict[str, Any]:
    """A flow that begins with a request for consent in these words."""
    small = small_flow()
    consent = question("consent", ("answers.consent == true", "goal"), "nothing", text=said(words), **more)
    return {**small, "start": "consent", "questions": {"consent": consent, **small["questions"]}}


@dataclass
class World:
    """One agency, its flow, and a lead of it."""

    database: Database
    relay_database: Database
    tenant_id: UUID
    lead: Conversation

    def publish(self, words: str, slug: str = "shop", **more: Any) -> flows.FlowVersion:
        with self.database.transaction(self.tenant_id) as connection:
            return flows.publish(connection, self.tenant_id, slug, "Shop", asking(words, **more))

    def begin(self, version: flows.FlowVersion) -> Conversation:
        """A new lead's conversation on this version, known to the read models."""
        self.lead = Conversation(self.database, self.tenant_id, flow_version_id=version.id).start()
        ReadModel(self.database, self.relay_database).catch_up()
        return self.lead

    def decide(self, given: bool, **more: Any) -> None:
        """The lead answers, as the assistant records it."""
        data = {
            "question": "consent", "purpose": "contact", "given": given, "locale": "fr", "channel": "widget",
            "lead_id": str(self.lead.lead_id), "flow_version_id": str(self.lead.flow_version_id), **more,
        }  # fmt: skip
        self.lead.add("qualification.consent_recorded", data, "visitor")

    def withdraw(self, purpose: str = "contact") -> None:
        with self.database.transaction(self.tenant_id) as connection:
            api.withdraw(
                connection, self.tenant_id, self.lead.lead_id, self.lead.id, purpose, "staff:x", "correlation-1"
            )

    def may(self, purpose: str = api.CONTACT) -> bool:
        lead = self.lead
        with self.database.transaction(self.tenant_id) as connection:
            return api.may(connection, self.tenant_id, lead.lead_id, lead.id, lead.flow_version_id, purpose)

    def texts(self) -> list[tuple[str, int, str]]:
        with self.database.transaction(self.tenant_id) as connection:
            return [(one.purpose, one.version, one.texts["en"]) for one in api.texts(connection, self.tenant_id)]

    def receipts(self) -> list[api.Receipt]:
        """What the projection makes of the log; the newest first."""
        project_all(
            Projector(self.relay_database, self.database, {api.PROJECTION_NAME: api.project}), self.relay_database
        )
        with self.database.transaction(self.tenant_id) as connection:
            return api.receipts_of(connection, self.tenant_id, self.lead.lead_id)

    def append(self, event: NewEvent) -> None:
        with self.database.transaction(self.tenant_id) as connection:
            append(connection, self.tenant_id, "lead", self.lead.lead_id, None, [event], "correlation-1")


@pytest.fixture
def world(database: Database, relay_database: Database, tenant_id: UUID) -> World:
    world = World(database, relay_database, tenant_id, Conversation(database, tenant_id))
    world.begin(world.publish("May we write to you?"))
    return world
