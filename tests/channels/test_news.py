"""What the platform tells a lead, and messages that got stuck."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

NEWS = {"title": "Strategy for Boats Ltd", "url": "https://platform.example/documents/1"}


@pytest.fixture
def tell(http: Any, service_headers: Callable[..., dict[str, str]], tenant: Any) -> Callable[..., Any]:
    def post(conversation_id: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        sent = service_headers(tenant) if headers is None else headers
        return http.post(f"/webhooks/news/conversations/{conversation_id}", content=json.dumps(body), headers=sent)

    return post


@pytest.fixture
def redrive(http: Any, service_headers: Callable[..., dict[str, str]], tenant: Any) -> Callable[..., Any]:
    def post(message_id: str, channel: str = "widget") -> Any:
        body = {"channel": channel, "message_id": message_id}
        return http.post("/webhooks/news/redrive", json=body, headers=service_headers(tenant))

    return post


def news(**changes: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "intent": "strategy_ready", "data": NEWS, **changes}


def test_news_reach_the_lead_once(visitor: Any, tell: Callable[..., Any], log: Any) -> None:
    body = news()
    first, second = tell(visitor.conversation_id, body), tell(visitor.conversation_id, body)
    assert first.status_code == 200, first.text
    assert first.json() == second.json()
    message = first.json()["messages"][0]
    assert message["attachment"] == {**NEWS, "media_type": "application/pdf"}
    assert visitor.transcript()["messages"][1:] == [message]
    assert log.types(visitor.conversation_id).count("message.sent") == 2
    actors = log.rows(
        "SELECT actor FROM event WHERE stream_id = %s AND type = 'message.received' ORDER BY version",
        visitor.conversation_id,
    )
    assert [row["actor"] for row in actors] == ["visitor", "platform"]


def test_other_news_under_the_same_id_are_a_conflict(visitor: Any, tell: Callable[..., Any]) -> None:
    body = news()
    tell(visitor.conversation_id, body)
    assert tell(visitor.conversation_id, {**body, "data": {**NEWS, "title": "Another"}}).status_code == 409


@pytest.mark.parametrize(
    "change",
    [
        {"id": "1"},
        {"id": None},
        {"intent": "answer"},
        {"intent": "restart"},
        {"intent": ["strategy_ready"]},
        {"data": None},
        {"data": {}},
        {"data": {**NEWS, "title": 7}},
        {"data": {**NEWS, "title": "t" * 301}},
        {"data": {**NEWS, "title": "nul \0"}},
        {"data": {**NEWS, "url": "javascript:alert(1)"}},
        {"data": {**NEWS, "url": "http://["}},
        {"data": {**NEWS, "url": "/documents/1"}},
    ],
)
def test_wrong_news_are_refused_and_leave_nothing(
    visitor: Any, tell: Callable[..., Any], log: Any, change: dict[str, Any]
) -> None:
    before = (log.count("event"), log.count("inbox"))
    response = tell(visitor.conversation_id, news(**change))
    assert response.status_code == 422, response.text
    assert (log.count("event"), log.count("inbox")) == before


def test_news_for_another_tenants_conversation_are_not_taken(
    visitor: Any, tell: Callable[..., Any], new_tenant: Callable[..., Any], service_headers: Callable[..., Any]
) -> None:
    assert tell(visitor.conversation_id, news(), service_headers(new_tenant())).status_code == 404
    assert tell(str(uuid.uuid4()), news()).status_code == 404


def test_only_a_fresh_service_token_for_the_bot_opens_the_door(
    visitor: Any, tell: Callable[..., Any], service_headers: Callable[..., Any], tenant: Any
) -> None:
    refused: list[dict[str, str]] = [
        {},
        visitor.headers,
        service_headers(tenant, aud="platform"),
        service_headers(tenant, aud="visitor"),
        service_headers(tenant, exp=1),
        service_headers(tenant, iat=1),
        service_headers(tenant, tid="somebody"),
        service_headers(tenant, tid=None),
    ]
    for headers in refused:
        assert tell(visitor.conversation_id, news(), headers).status_code == 401


def stuck(log: Any, tenant: Any, conversation_id: str, body: dict[str, Any] | None = None) -> str:
    """A message whose process ended between the inbox and the turn."""
    message_id = str(uuid.uuid4())
    log.run(
        "INSERT INTO inbox (tenant_id, channel, message_id, conversation_id, body, correlation_id, received_at)"
        " VALUES (%s, 'widget', %s, %s, %s, 'trace-of-the-first-try', now() - interval '1 minute')",
        tenant.id,
        message_id,
        conversation_id,
        log.keys(tenant.id, conversation_id).seal_json(
            body or {"text": "bicycles"}, f"inbox.body/{tenant.id}/widget/{message_id}"
        ),
    )
    return message_id


def state(log: Any, message_id: str) -> dict[str, Any]:
    return log.rows(
        "SELECT attempts, processed_at IS NOT NULL AS processed, failure FROM inbox WHERE message_id = %s", message_id
    )[0]


def test_a_message_left_behind_by_a_crash_is_answered_by_the_redrive(
    visitor: Any, redrive: Callable[..., Any], log: Any, tenant: Any
) -> None:
    message_id = stuck(log, tenant, visitor.conversation_id)
    response = redrive(message_id)
    assert response.status_code == 200, response.text
    assert response.json()["messages"][0]["text"].startswith("Noted")
    assert state(log, message_id) == {"attempts": 1, "processed": True, "failure": None}
    traces = log.rows(
        "SELECT DISTINCT event.correlation_id FROM event JOIN inbox ON event.stream_id = inbox.conversation_id"
        " AND version BETWEEN first_version AND last_version WHERE message_id = %s",
        message_id,
    )
    assert traces == [{"correlation_id": "trace-of-the-first-try"}]
    again = visitor.say("bicycles", message_id)
    assert again.json() == response.json() == redrive(message_id).json()
    assert log.types(visitor.conversation_id).count("message.received") == 2


def test_a_message_that_fails_five_times_is_set_aside_until_the_visitor_sends_it_again(
    visitor: Any, redrive: Callable[..., Any], log: Any, tenant: Any, bot: Any
) -> None:
    message_id = stuck(log, tenant, visitor.conversation_id)
    bot.actions.failing = True
    for attempt in range(1, 6):
        assert redrive(message_id).status_code == 503
        assert state(log, message_id)["attempts"] == attempt
    assert state(log, message_id) == {"attempts": 5, "processed": False, "failure": "ActionFailed"}
    assert redrive(message_id).status_code == 409
    assert state(log, message_id)["attempts"] == 5

    bot.actions.failing = False
    assert visitor.say("bicycles", message_id).status_code == 200
    assert state(log, message_id) == {"attempts": 0, "processed": True, "failure": None}


def test_a_message_that_ended_the_process_five_times_is_not_tried_again(
    visitor: Any, redrive: Callable[..., Any], log: Any, tenant: Any
) -> None:
    message_id = stuck(log, tenant, visitor.conversation_id)
    log.run("UPDATE inbox SET attempts = 5 WHERE message_id = %s", message_id)
    assert redrive(message_id).status_code == 409
    assert state(log, message_id)["failure"] is not None
    assert log.types(visitor.conversation_id).count("message.received") == 1


def test_a_greeting_that_failed_is_given_by_the_redrive(
    arrive: Callable[..., Any], redrive: Callable[..., Any], tenant: Any, bot: Any, log: Any
) -> None:
    bot.actions.failing = True
    visitor = arrive(tenant, hidden={"plan": "pro"})
    bot.actions.failing = False
    row = log.rows("SELECT message_id FROM inbox WHERE conversation_id = %s", visitor.conversation_id)[0]
    assert redrive(row["message_id"]).json()["messages"][0]["text"] == "Hello! What do you do?"
    assert bot.actions.calls[-1]["tracker"]["latest_message"]["metadata"]["hidden"] == {"plan": "pro"}


def test_only_messages_of_the_tokens_tenant_are_driven_again(
    visitor: Any, http: Any, log: Any, tenant: Any, new_tenant: Callable[..., Any], service_headers: Callable[..., Any]
) -> None:
    message_id = stuck(log, tenant, visitor.conversation_id)
    body = {"channel": "widget", "message_id": message_id}
    response = http.post("/webhooks/news/redrive", json=body, headers=service_headers(new_tenant()))
    assert response.status_code == 404
    assert state(log, message_id)["attempts"] == 0


@pytest.mark.parametrize("body", [{}, {"channel": "widget"}, {"channel": "smoke", "message_id": str(uuid.uuid4())}])
def test_a_wrong_redrive_is_told(http: Any, tenant: Any, service_headers: Callable[..., Any], body: Any) -> None:
    assert http.post("/webhooks/news/redrive", json=body, headers=service_headers(tenant)).status_code == 422
