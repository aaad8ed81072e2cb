"""A person decides about a refusal that rules alone had decided."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from markezy.leads import api

from tests.markezy.leads.conversations import Conversation, ReadModel, staff_token


@pytest.fixture
def read_model(database: Database, relay_database: Database) -> ReadModel:
    return ReadModel(database, relay_database)


@pytest.fixture
def refused(database: Database, tenant_id: Any, read_model: ReadModel) -> Conversation:
    lead = Conversation(database, tenant_id).start().answer("budget", 0, 1).complete("disqualified", "no_budget")
    read_model.catch_up()
    return lead


@pytest.fixture
def decide(web_url: str, settings: Settings, refused: Conversation) -> Callable[..., requests.Response]:
    def send(state: str, role: str = "agent", **more: Any) -> requests.Response:
        token = staff_token(settings, more.pop("tenant", refused.tenant_id), role)
        url = f"{web_url}/api/v1/leads/{refused.lead_id}/review"
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(url, json={"state": state, **more}, headers=headers, timeout=20)

    return send


@pytest.mark.parametrize("verdict", api.VERDICTS)
def test_the_verdict_is_the_leads_state_and_stands_in_the_log(
    verdict: str, decide: Callable[..., requests.Response], refused: Conversation, read_model: ReadModel
) -> None:
    assert decide(verdict, note="they called us").status_code == 200
    assert read_model.lead(refused).state == verdict
    with refused.database.transaction(refused.tenant_id) as connection:
        event = api.events_of(connection, refused.tenant_id, refused.lead_id)[-1]
    assert (event.type, event.data["note"]) == ("lead.reviewed", "they called us")
    assert event.actor.startswith("staff:")


def test_only_a_refusal_is_reviewed(
    decide: Callable[..., requests.Response], refused: Conversation, read_model: ReadModel
) -> None:
    assert decide("nurture").status_code == 200
    read_model.catch_up()
    assert decide("handed_over").status_code == 409


def test_what_is_no_verdict_changes_nothing(
    decide: Callable[..., requests.Response], refused: Conversation, read_model: ReadModel, make_tenant: Any
) -> None:
    assert decide("qualified").status_code == 422
    assert decide("nurture", note="x" * 2001).status_code == 422
    assert decide("nurture", role="analyst").status_code == 403
    assert decide("nurture", tenant=make_tenant()).status_code == 404
    assert read_model.lead(refused).state == "disqualified"
