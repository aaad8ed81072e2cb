"""Starting a conversation."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

URL = "/webhooks/widget/conversations"


def test_what_the_page_tells_is_kept_with_the_start(
    arrive: Callable[..., Any], tenant: Any, log: Any, bot: Any
) -> None:
    page = {"url": "https://shop.example/?a=1", "referrer": "https://search.example/", "utm": {"source": "ads"}}
    visitor = arrive(tenant, page=page, hidden={"plan": "pro", "seats": 3})
    rows = log.rows("SELECT type, actor, data FROM event WHERE stream_id = %s AND version = 1", visitor.conversation_id)
    assert (rows[0]["type"], rows[0]["actor"]) == ("conversation.started", "visitor")
    data = rows[0]["data"]
    assert (data["page"], data["hidden"], data["channel"]) == (page, {"plan": "pro", "seats": 3}, "widget")
    assert data["flow_version_id"] == tenant.flow_version_id
    told = bot.actions.calls[-1]["tracker"]["latest_message"]["metadata"]
    assert told["utm"] == {"source": "ads"}
    assert told["hidden"] == {"plan": "pro", "seats": 3}
    assert told["lead_id"] == data["lead_id"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [("es", "es"), ("en", "en"), ("es-MX", "es"), ("de", "fr"), (None, "fr"), ("", "fr"), ("EN_us", "en")],
)
def test_the_language_asked_for_is_given_when_we_speak_it_else_the_agencys(
    arrive: Callable[..., Any], new_tenant: Callable[..., Any], log: Any, asked: str | None, given: str
) -> None:
    visitor = arrive(new_tenant(locale="fr"), locale=asked)
    assert log.rows("SELECT locale FROM conversation WHERE id = %s", visitor.conversation_id) == [{"locale": given}]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"widget_key": "wk_nobody"}, 404),
        ({"widget_key": 7}, 422),
        ({"widget_key": None}, 422),
        ({"widget_key": " "}, 422),
        ({"widget_key": "k" * 201}, 422),
        ({"locale": 7}, 422),
        ({"page": "https://shop.example"}, 422),
        ({"page": {"url": 7}}, 422),
        ({"page": {"url": "u" * 8001}}, 422),
        ({"page": {"utm": []}}, 422),
        ({"page": {"utm": {"source": 7}}}, 422),
        ({"hidden": []}, 422),
        ({"hidden": {"a": {"b": 1}}}, 422),
        ({"hidden": {"a": "x" * 1001}}, 422),
        ({"hidden": {str(number): 1 for number in range(51)}}, 422),
        ({"hidden": {"a": "nul \0"}}, 422),
        ({"hidden": {"a": 2**60}}, 422),
        ({"page": {"url": "\ud800"}}, 422),
        ({"flow": 7}, 422),
        ({"flow": " "}, 422),
        ({"flow": "a\0b"}, 422),
        ({"flow": "x" * 201}, 422),
        ({"flow": "nowhere"}, 404),
    ],
)
def test_a_wrong_start_is_refused_and_leaves_nothing(
    http: Any, tenant: Any, log: Any, change: dict[str, Any], status: int
) -> None:
    before = (log.count("conversation"), log.count("event"), log.count("inbox"))
    response = http.post(URL, content=json.dumps({"widget_key": tenant.widget_key, **change}))
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert (log.count("conversation"), log.count("event"), log.count("inbox")) == before


def test_an_agency_without_a_published_flow_is_told_apart(http: Any, tenant: Any, log: Any) -> None:
    log.run("UPDATE flow SET published_version_id = NULL WHERE tenant_id = %s", tenant.id)
    response = http.post(URL, json={"widget_key": tenant.widget_key})
    assert response.status_code == 503
    assert "retry-after" in response.headers


def test_the_correlation_id_travels_into_inbox_events_and_answer(http: Any, tenant: Any, log: Any) -> None:
    sent = f"trace-{uuid.uuid4()}"
    response = http.post(URL, json={"widget_key": tenant.widget_key}, headers={"X-Correlation-Id": sent})
    assert response.headers["x-correlation-id"] == sent
    conversation_id = response.json()["conversation_id"]
    for table, column in (("event", "stream_id"), ("inbox", "conversation_id")):
        rows = log.rows(f"SELECT DISTINCT correlation_id FROM {table} WHERE {column} = %s", conversation_id)
        assert rows == [{"correlation_id": sent}]


def test_a_correlation_id_in_the_wrong_shape_is_replaced(http: Any, tenant: Any) -> None:
    response = http.post(URL, json={"widget_key": tenant.widget_key}, headers={"X-Correlation-Id": "a b"})
    assert response.status_code == 201
    assert uuid.UUID(response.headers["x-correlation-id"])
