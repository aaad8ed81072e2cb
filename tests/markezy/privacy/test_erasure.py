"""A lead is forgotten: what was kept is gone, what stays tells nothing, and it is done once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel import personal, task
from markezy.kernel.db import Database
from markezy.kernel.projection import Projector
from markezy.kernel.settings import Settings
from markezy.leads import api as leads
from markezy.privacy import api
from markezy.privacy import tasks as _tasks  # noqa: F401 - importing names the tasks
from markezy.privacy.model import digest_of
from sqlalchemy import text

from envelope.boxes import BrokenSeal
from tests.markezy.console.rows import (
    add_delivery,
    add_flow_version,
    add_handover,
    add_news,
    add_outcome,
    add_strategy,
)
from tests.markezy.leads.conversations import CONTACT, Conversation, ReadModel, staff_token
from tests.markezy.settling import project_all


@pytest.fixture
def lead(database: Database, tenant_id: UUID, read_model: ReadModel) -> Conversation:
    """A qualified lead with everything that can be kept of one."""
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
    lead.start().ask("Votre objectif ?").say("Plus de ventes pour mon salon").answer("goal", "sales", 1).complete()
    read_model.catch_up()
    with database.transaction(tenant_id) as connection:
        strategy = add_strategy(connection, tenant_id, lead.lead_id, "Plan pour Chez Zoë")
        add_delivery(connection, tenant_id, strategy)
        add_outcome(connection, tenant_id, strategy, amount=1200, currency="EUR")
        handover = add_handover(connection, tenant_id, lead.lead_id, message="Rappelez-moi")
        add_news(connection, tenant_id, lead.lead_id, handover)
    return lead


@pytest.fixture
def read_model(database: Database, relay_database: Database) -> ReadModel:
    return ReadModel(database, relay_database)


@pytest.fixture
def erase(database: Database, settings: Settings, lead: Conversation) -> Callable[[], None]:
    """Ask for the erasure and run the open tasks of it, as a worker does."""

    def run() -> None:
        with database.transaction(lead.tenant_id) as connection:
            api.request_erasure(connection, lead.tenant_id, lead.lead_id, "staff:x", api.Reason.STAFF, "correlation-1")
            open_rows = connection.execute(
                text("SELECT id, payload FROM outbox WHERE task = 'privacy.erase' AND completed_at IS NULL")
            ).all()
        for row_id, payload in open_rows:
            call = task.TaskCall(lead.tenant_id, row_id, "correlation-1", settings, database)
            task.run("privacy.erase", call, payload)

    return run


def rows(database: Database, tenant_id: UUID, statement: str) -> list[Any]:
    with database.transaction(tenant_id) as connection:
        return list(connection.execute(text(statement)).tuples())


def test_nothing_is_left_but_that_somebody_was_there(
    database: Database, lead: Conversation, erase: Callable[[], None], read_model: ReadModel
) -> None:
    with database.transaction(lead.tenant_id) as connection:
        before = leads.count_by_state(connection, lead.tenant_id)
    erase()
    found = read_model.lead(lead)
    assert found.erased_at is not None
    assert (found.name, found.email, found.phone, found.company, found.page, found.answers) == (
        None, None, None, None, {}, (),
    )  # fmt: skip
    assert found.state == "qualified"
    with database.transaction(lead.tenant_id) as connection:
        tenant_id, lead_id = lead.tenant_id, lead.lead_id
        assert leads.count_by_state(connection, tenant_id) == before
        assert personal.keys_of_one(connection, tenant_id, lead_id) is None
        assert leads.list_leads(connection, tenant_id, search=CONTACT["email"]).items == ()
        assert {entry.text for entry in leads.transcript(connection, tenant_id, lead_id)} <= {""}
        assert leads.lead_at(connection, tenant_id, lead_id, found.erased_at).name is None
    for table in (
        "strategy_document",
        "strategy_outcome",
        "delivery",
        "handover_news",
        "upload",
        "resume_letter",
        "blind_index",
        "lead_answer",
    ):
        assert rows(database, lead.tenant_id, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert rows(database, lead.tenant_id, "SELECT DISTINCT message IS NULL, status FROM handover") == [(True, "closed")]


def test_its_certificate_counts_what_was_removed_and_names_nobody(
    database: Database, lead: Conversation, erase: Callable[[], None]
) -> None:
    erase()
    with database.transaction(lead.tenant_id) as connection:
        done = api.erasure_of(connection, lead.tenant_id, lead.lead_id)
    document = api.certificate(lead.tenant_id, done)
    assert done.state == "completed"
    assert done.digest == digest_of(document)
    assert document["removed"] == {
        "crm_records": 0, "deliveries": 1, "documents": 1, "events_made_unreadable": 6, "exports": 0, "files": 0, "letters": 0,
        "messages": 0, "outcomes": 1, "staff_messages": 1, "strategies": 1,
    }  # fmt: skip
    assert not any(value in str(document) for value in CONTACT.values())


def test_asked_for_again_it_is_the_same_erasure(
    database: Database, lead: Conversation, erase: Callable[[], None], read_model: ReadModel
) -> None:
    erase()
    with database.transaction(lead.tenant_id) as connection:
        first = api.erasure_of(connection, lead.tenant_id, lead.lead_id)
    read_model.catch_up()
    erase()
    with database.transaction(lead.tenant_id) as connection:
        assert api.erasure_of(connection, lead.tenant_id, lead.lead_id) == first
    assert rows(database, lead.tenant_id, "SELECT count(*) FROM event WHERE type = 'lead.erased'") == [(1,)]


def test_what_is_said_afterwards_is_not_kept(
    database: Database, lead: Conversation, erase: Callable[[], None], read_model: ReadModel
) -> None:
    erase()
    lead.say("encore moi, Zoë").answer("city", "Nancy", 2)
    found = read_model.lead(lead)
    assert (found.name, found.answers) == (None, ())
    assert rows(database, lead.tenant_id, "SELECT count(*) FROM event WHERE data::text LIKE '%Nancy%'") == [(0,)]
    assert rows(database, lead.tenant_id, "SELECT count(*) FROM blind_index") == [(0,)]


def test_what_is_written_afterwards_does_not_stop_the_agencys_other_leads(
    database: Database, lead: Conversation, erase: Callable[[], None], read_model: ReadModel
) -> None:
    erase()
    lead.say("encore moi").ask("Bonjour").answer("city", "Nancy", 2).complete()
    other = Conversation(database, lead.tenant_id).start().say("a").answer("goal", "sales", 1)
    assert [one.question for one in read_model.lead(other).answers] == ["goal"]


def test_answers_stored_for_repeats_are_gone_with_the_lead(
    database: Database, settings: Settings, web_url: str, lead: Conversation, erase: Callable[[], None]
) -> None:
    ((handover_id,),) = rows(database, lead.tenant_id, "UPDATE handover SET status = 'away' RETURNING id")
    headers = {
        "Authorization": f"Bearer {staff_token(settings, lead.tenant_id, 'owner')}",
        "Idempotency-Key": str(lead.id),
    }
    close = f"{web_url}/api/v1/handovers/{handover_id}/close"
    first = requests.post(close, headers=headers, timeout=20)
    assert first.json()["lead"]["name"] == CONTACT["name"]
    assert requests.post(close, headers=headers, timeout=20).json() == first.json()
    with database.transaction(lead.tenant_id) as connection:
        (kept,) = connection.execute(text("SELECT key, response FROM idempotency_key")).all()
        with pytest.raises(BrokenSeal):
            personal.unseal(
                personal.tenant_keys(connection, lead.tenant_id), kept.response, "idempotency_key.response",
                lead.tenant_id, kept.key,
            )  # fmt: skip
    erase()
    again = requests.post(close, headers=headers, timeout=20)
    assert (again.status_code, again.json()["message"]) == (200, None)
    assert CONTACT["name"] not in again.text


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 202), ("admin", 202), ("agent", 403), ("analyst", 403), ("read_only", 403)]
)
def test_managers_may_ask_for_it(lead: Conversation, settings: Settings, web_url: str, role: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {staff_token(settings, lead.tenant_id, role)}"}
    url = f"{web_url}/api/v1/leads/{lead.lead_id}/erasure"
    answer = requests.post(url, headers=headers, timeout=10)
    assert answer.status_code == status
    if status == 202:
        assert answer.json()["state"] == "waiting"
        assert requests.get(url, headers=headers, timeout=10).json()["state"] == "waiting"
        assert requests.get(f"{url}/certificate", headers=headers, timeout=10).status_code == 409


def test_another_agency_s_lead_can_not_be_forgotten(
    lead: Conversation, settings: Settings, web_url: str, make_tenant: Callable[[], UUID], database: Database
) -> None:
    headers = {"Authorization": f"Bearer {staff_token(settings, make_tenant(), 'owner')}"}
    url = f"{web_url}/api/v1/leads/{lead.lead_id}/erasure"
    assert requests.post(url, headers=headers, timeout=10).status_code == 404
    assert requests.get(url, headers=headers, timeout=10).status_code == 404
    assert rows(database, lead.tenant_id, "SELECT count(*) FROM erasure") == [(0,)]


def test_a_lead_who_asks_in_the_chat_is_forgotten_once(
    lead: Conversation, database: Database, relay_database: Database
) -> None:
    lead.add("qualification.erasure_requested", {"lead_id": str(lead.lead_id)}, "visitor")
    lead.add("qualification.erasure_requested", {"lead_id": str(lead.lead_id)}, "visitor")
    project_all(Projector(relay_database, database, {api.PROJECTION_NAME: api.project}), relay_database)
    with database.transaction(lead.tenant_id) as connection:
        found = api.erasure_of(connection, lead.tenant_id, lead.lead_id)
        asked = connection.execute(text("SELECT count(*) FROM outbox WHERE task = 'privacy.erase'")).scalar_one()
    assert (found.reason, found.requested_by, asked) == ("lead", "visitor", 1)
