"""The visitor's messages: answered once, however often they arrive."""

import json
import socket
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest


def test_a_new_conversation_greets_with_buttons(visitor: Any, log: Any) -> None:
    assert [message["text"] for message in visitor.greeting] == ["Hello! What do you do?"]
    assert visitor.greeting[0]["buttons"][0]["title"] == "An online shop"
    assert log.types(visitor.conversation_id)[0] == "conversation.started"


def test_free_text_is_read_by_the_nlu_and_answered(visitor: Any, log: Any) -> None:
    response = visitor.say("We sell bicycles")
    assert response.status_code == 200, response.text
    assert [message["text"] for message in response.json()["messages"]] == ["Noted, number 2."]
    received = log.rows(
        "SELECT data FROM event WHERE stream_id = %s AND type = 'message.received' ORDER BY version DESC LIMIT 1",
        visitor.conversation_id,
    )[0]["data"]
    assert (received["text"], received["intent"]) == ("We sell bicycles", "answer")


def test_a_button_is_shown_by_its_title_and_reaches_rasa_without_nlu(visitor: Any, bot: Any) -> None:
    payload = visitor.greeting[0]["buttons"][0]["payload"]
    assert visitor.tap(payload).status_code == 200
    said = [entry for entry in visitor.transcript()["messages"] if entry["from"] == "visitor"]
    assert said[0]["text"] == "An online shop"
    latest = bot.actions.calls[-1]["tracker"]["latest_message"]
    assert latest["intent"]["name"] == "answer"
    assert {each["entity"]: each["value"] for each in latest["entities"]} == {"question": "business", "value": "shop"}


def test_the_same_message_again_gets_the_same_answer_and_has_no_second_effect(visitor: Any, log: Any, bot: Any) -> None:
    id_ = str(uuid.uuid4())
    first = visitor.say("bicycles", id_)
    types, calls = log.types(visitor.conversation_id), len(bot.actions.calls)
    second = visitor.say("bicycles", id_)
    assert (second.status_code, second.json()) == (200, first.json())
    assert log.types(visitor.conversation_id) == types
    assert len(bot.actions.calls) == calls


def test_an_id_in_capitals_is_the_same_id(visitor: Any) -> None:
    id_ = str(uuid.uuid4())
    assert visitor.say("bicycles", id_).json() == visitor.say("bicycles", id_.upper()).json()


def test_the_same_message_while_the_first_is_under_way_waits_for_its_answer(visitor: Any, log: Any, bot: Any) -> None:
    id_ = str(uuid.uuid4())
    before = len(bot.actions.calls)
    bot.actions.gate.clear()
    bot.actions.arrived.clear()
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(visitor.say, "bicycles", id_) for _ in range(4)]
        assert bot.actions.arrived.wait(10)
        bot.actions.gate.set()
        responses = [answer.result(30) for answer in answers]
    assert [response.status_code for response in responses] == [200] * 4
    assert all(response.json() == responses[0].json() for response in responses)
    assert len(bot.actions.calls) == before + 1
    assert log.types(visitor.conversation_id).count("message.received") == 2


def test_the_same_id_with_another_text_is_a_conflict(visitor: Any, log: Any) -> None:
    id_ = str(uuid.uuid4())
    visitor.say("bicycles", id_)
    before = log.types(visitor.conversation_id)
    response = visitor.say("boats", id_)
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert log.types(visitor.conversation_id) == before


def test_an_id_from_another_conversation_is_a_conflict(arrive: Callable[..., Any], tenant: Any) -> None:
    one, other = arrive(tenant), arrive(tenant)
    id_ = str(uuid.uuid4())
    assert one.say("bicycles", id_).status_code == 200
    assert other.say("bicycles", id_).status_code == 409


def test_two_tenants_may_use_the_same_id(arrive: Callable[..., Any], new_tenant: Callable[..., Any]) -> None:
    id_ = str(uuid.uuid4())
    for visitor in (arrive(new_tenant()), arrive(new_tenant())):
        assert visitor.say("bicycles", id_).status_code == 200


def test_a_failing_action_server_is_told_and_the_message_stays_pending(visitor: Any, log: Any, bot: Any) -> None:
    id_, before = str(uuid.uuid4()), log.types(visitor.conversation_id)
    bot.actions.failing = True
    response = visitor.say("bicycles", id_)
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert log.types(visitor.conversation_id) == before
    assert log.rows("SELECT processed_at FROM inbox WHERE message_id = %s", id_) == [{"processed_at": None}]

    bot.actions.failing = False
    assert visitor.say("bicycles", id_).status_code == 200
    assert log.types(visitor.conversation_id).count("message.received") == 2


def test_a_greeting_that_failed_does_not_lose_the_conversation(
    arrive: Callable[..., Any], tenant: Any, bot: Any, log: Any
) -> None:
    bot.actions.failing = True
    visitor = arrive(tenant)
    assert visitor.greeting == []
    (pending,) = log.rows("SELECT * FROM inbox WHERE conversation_id = %s", visitor.conversation_id)
    tenant_id = str(pending["tenant_id"])
    place = f"inbox.body/{tenant_id}/widget/{pending['message_id']}"
    assert log.keys(tenant_id, visitor.conversation_id).open_json(pending["body"], place) == {"payload": "/start"}
    assert pending["processed_at"] is None


def test_a_visitor_who_hangs_up_is_answered_all_the_same(visitor: Any, bot: Any, log: Any) -> None:
    id_ = str(uuid.uuid4())
    bot.actions.gate.clear()
    bot.actions.arrived.clear()
    hangs_up = threading.Thread(target=_post_and_hang_up, args=(visitor, id_, bot.actions.arrived))
    hangs_up.start()
    hangs_up.join(20)
    bot.actions.gate.set()
    assert visitor.say("bicycles", id_).status_code == 200
    assert log.types(visitor.conversation_id).count("message.received") == 2


def _post_and_hang_up(visitor: Any, id_: str, arrived: threading.Event) -> None:
    address = urlsplit(str(visitor.http.base_url))
    body = json.dumps({"id": id_, "text": "bicycles"}).encode()
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(
            f"POST {visitor.path}/messages HTTP/1.1\r\nHost: bot\r\nAuthorization: Bearer {visitor.token}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        assert arrived.wait(10)


@pytest.mark.parametrize("text", ["/restart", "/session_start", '/strategy_ready{"title":"x"}', "  /start", "/back"])
def test_text_with_a_slash_is_an_answer_and_no_command(visitor: Any, log: Any, text: str) -> None:
    assert visitor.say(text).status_code == 200
    received = log.rows(
        "SELECT data->>'intent' AS intent FROM event WHERE stream_id = %s AND type = 'message.received'"
        " ORDER BY version DESC LIMIT 1",
        visitor.conversation_id,
    )
    assert received == [{"intent": "answer"}]


def test_the_transcript_is_read_in_pages_and_from_an_entry_on(visitor: Any) -> None:
    visitor.say("bicycles")
    whole = visitor.transcript()["messages"]
    assert [entry["from"] for entry in whole] == ["assistant", "visitor", "assistant"]
    assert visitor.transcript(after=whole[0]["id"])["messages"] == whole[1:]
    assert visitor.transcript(after=whole[-1]["id"]) == {"messages": []}


def test_an_unknown_entry_to_read_from_is_told(visitor: Any, arrive: Callable[..., Any], tenant: Any) -> None:
    foreign = arrive(tenant).greeting[0]["id"]
    for after, status in ((foreign, 404), (str(uuid.uuid4()), 404), ("yesterday", 422)):
        response = visitor.http.get(f"{visitor.path}/messages", headers=visitor.headers, params={"after": after})
        assert response.status_code == status


def test_a_restarted_database_costs_one_retry_at_most(visitor: Any, log: Any) -> None:
    log.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'markezy_app'")
    id_ = str(uuid.uuid4())
    statuses = [visitor.say("bicycles", id_).status_code for _ in range(3)]
    assert statuses[-1] == 200
    assert set(statuses) <= {200, 503}
    assert log.types(visitor.conversation_id).count("message.received") == 2
