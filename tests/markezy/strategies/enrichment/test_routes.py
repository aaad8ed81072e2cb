"""The language model's settings over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from markezy.strategies.enrichment import faults
from sqlalchemy import text

from tests.markezy.leads.conversations import staff_token

GIVEN = {
    "base_url": "https://93.184.216.34/v1", "model": "small-1", "api_key": "sk-secret", "sections": ["content", "summary"],
    "monthly_cap": "20", "price_in": 0.4, "price_out": 1.6, "active": True,
}  # fmt: skip

Call = Callable[..., requests.Response]


@pytest.fixture
def call(web_url: str, settings: Settings, tenant_id: UUID) -> Call:
    def send(method: str, body: Any = None, tenant: UUID | None = None, role: str = "owner") -> requests.Response:
        headers = {"Authorization": f"Bearer {staff_token(settings, tenant or tenant_id, role)}"}
        return requests.request(method, f"{web_url}/api/v1/strategy-model", json=body, headers=headers, timeout=20)

    return send


def test_what_is_configured_is_shown_without_the_key(call: Call) -> None:
    assert call("GET").status_code == 404
    assert call("PUT", GIVEN).status_code == 200
    shown = call("GET")
    assert "sk-secret" not in shown.text
    told = shown.json()
    assert told["sections"] == ["summary", "content"]
    assert float(told["monthly_cap"]) == 20
    assert told["spend"]["calls"] == 0


def test_the_key_is_sealed_and_stays_when_it_is_not_given_again(
    call: Call, database: Database, tenant_id: UUID
) -> None:
    call("PUT", GIVEN)
    without = {name: value for name, value in GIVEN.items() if name != "api_key"}
    assert call("PUT", {**without, "active": False}).json()["active"] is False
    with database.transaction(tenant_id) as connection:
        (box,) = connection.execute(text("SELECT api_key FROM strategy_model")).one()
    assert b"sk-secret" not in bytes(box)


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "http://127.0.0.1:6379/v1"}, {"base_url": "http://169.254.169.254/"}, {"base_url": "file:///etc/passwd"},
        {"base_url": "https://user:secret@93.184.216.34/"}, {"monthly_cap": -1}, {"price_in": "NaN"}, {"sections": []},
        {"sections": ["budget"]}, {"api_key": "two words"}, {"model": ""}, {"more": 1},
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_and_changes_nothing(call: Call, changed: dict[str, Any]) -> None:
    assert call("PUT", {**GIVEN, **changed}).status_code in {400, 422}
    assert call("GET").status_code == 404


def test_the_first_time_a_key_is_needed(call: Call) -> None:
    answer = call("PUT", {name: value for name, value in GIVEN.items() if name != "api_key"})
    assert answer.status_code == 422
    assert "api_key" in answer.json()["detail"]


@pytest.mark.parametrize(
    "url", ["https://93.184.216.35/v1", "https://93.184.216.34:8443/v1", "http://93.184.216.34/v1"]
)
def test_another_host_needs_its_key(call: Call, url: str) -> None:
    call("PUT", GIVEN)
    without = {name: value for name, value in GIVEN.items() if name != "api_key"}
    assert call("PUT", {**without, "base_url": url}).status_code == 422
    assert call("GET").json()["base_url"] == GIVEN["base_url"]
    assert call("PUT", {**without, "base_url": "https://93.184.216.34/v2"}).status_code == 200
    assert call("PUT", {**GIVEN, "base_url": url}).status_code == 200


def test_what_failed_is_told_until_the_model_is_forgotten(call: Call, settings: Settings, tenant_id: UUID) -> None:
    call("PUT", GIVEN)
    assert (call("GET").json()["failures"], call("GET").json()["rests_until"]) == ([], None)
    for _ in range(faults.KEPT + 1):
        faults.note(settings.redis_url.get_secret_value(), tenant_id, "time_out")
    assert [one["reason"] for one in call("GET").json()["failures"]] == ["time_out"] * faults.KEPT
    call("DELETE")
    call("PUT", GIVEN)
    assert call("GET").json()["failures"] == []


def test_it_can_be_forgotten(call: Call) -> None:
    call("PUT", GIVEN)
    assert call("DELETE").status_code == 204
    assert call("GET").status_code == 404
    assert call("DELETE").status_code == 404


def test_agencies_have_models_of_their_own(call: Call, make_tenant: Any) -> None:
    call("PUT", GIVEN)
    assert call("GET", tenant=make_tenant()).status_code == 404


@pytest.mark.parametrize("role", ["agent", "analyst", "read_only"])
def test_it_is_the_managers_business(call: Call, role: str) -> None:
    assert call("GET", role=role).status_code == 403
    assert call("PUT", GIVEN, role=role).status_code == 403
