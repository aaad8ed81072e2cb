"""A first call that arrives more than once, because its answer was lost or nobody waited for it."""

import json
import os
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

URL = "/webhooks/widget/conversations"


@pytest.fixture
def knock(http: Any, tenant: Any) -> Callable[..., Any]:
    """Opens a conversation under a key, as the tenant's widget or another's."""

    def post(key: str, at: Any = None, **body: Any) -> Any:
        sent = {"widget_key": (at or tenant).widget_key, **body}
        return http.post(URL, json=sent, headers={"Idempotency-Key": key})

    return post


@pytest.fixture
def waiting(log: Any) -> Callable[[], None]:
    """Returns once a statement of the server waits for somebody's row."""

    def wait() -> None:
        until = time.monotonic() + 10
        while not log.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'markezy_app'"):
            assert time.monotonic() < until, "nothing waits"
            time.sleep(0.01)

    return wait


def test_the_same_key_leads_to_the_same_conversation(knock: Callable[..., Any], http: Any, log: Any, bot: Any) -> None:
    key = str(uuid.uuid4())
    first = knock(key, locale="fr")
    before, greetings = (log.count("conversation"), log.count("event"), log.count("inbox")), len(bot.actions.calls)
    second = knock(key.upper(), locale="es")
    assert (first.status_code, second.status_code) == (201, 201), second.text
    assert second.json()["conversation_id"] == first.json()["conversation_id"]
    assert second.json()["messages"] == first.json()["messages"] != []
    assert (log.count("conversation"), log.count("event"), log.count("inbox")) == before
    assert len(bot.actions.calls) == greetings
    told = second.json()
    said = http.post(
        f"{URL}/{told['conversation_id']}/messages",
        json={"id": str(uuid.uuid4()), "text": "bicycles"},
        headers={"Authorization": f"Bearer {told['token']}"},
    )
    assert said.status_code == 200


def test_another_key_and_another_agency_have_their_own_conversations(
    knock: Callable[..., Any], new_tenant: Callable[..., Any], log: Any
) -> None:
    key = str(uuid.uuid4())
    answers = [knock(key), knock(str(uuid.uuid4())), knock(key, at=new_tenant())]
    assert len({answer.json()["conversation_id"] for answer in answers}) == 3


def test_a_key_opens_what_an_outage_had_left_without_its_greeting(knock: Callable[..., Any], bot: Any) -> None:
    key = str(uuid.uuid4())
    bot.actions.failing = True
    assert knock(key).json()["messages"] == []
    bot.actions.failing = False
    assert [message["text"] for message in knock(key).json()["messages"]] == ["Hello! What do you do?"]


def test_the_same_call_many_times_at_once_opens_one_conversation(knock: Callable[..., Any], log: Any) -> None:
    key, before = str(uuid.uuid4()), log.count("conversation")
    with ThreadPoolExecutor(6) as threads:
        answers = [answer.result(30) for answer in [threads.submit(knock, key) for _ in range(6)]]
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({json.dumps(answer.json()["messages"], sort_keys=True) for answer in answers}) == 1
    assert log.count("conversation") == before + 1


def test_a_call_that_is_overtaken_by_its_twin_finds_the_twins_conversation(
    knock: Callable[..., Any], waiting: Callable[[], None], tenant: Any, database_url: str
) -> None:
    key, lead = str(uuid.uuid4()), str(uuid.uuid4())
    conversation_id = str(uuid.uuid5(uuid.UUID(tenant.id), key))
    twin = make_conninfo(os.environ["MARKEZY_TEST_POSTGRES_URL"], dbname=conninfo_to_dict(database_url)["dbname"])
    answers: list[Any] = []
    late = threading.Thread(target=lambda: answers.append(knock(key)))
    with psycopg.connect(twin) as connection:
        connection.execute(
            "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
            " VALUES (%s, %s, %s, 'widget', 'en', %s, 0)",
            (tenant.id, conversation_id, lead, tenant.flow_version_id),
        )
        late.start()
        waiting()
    late.join(20)
    (answer,) = answers
    assert answer.status_code == 201, answer.text
    assert answer.json()["conversation_id"] == conversation_id
    assert [message["text"] for message in answer.json()["messages"]] == ["Hello! What do you do?"]


@pytest.mark.parametrize(
    "key", ["", "1", "00000000-0000-0000-0000-000000000000", "c232ab00-9414-11ec-b3c8-9f6bdeced846"]
)
def test_a_key_that_somebody_else_may_come_up_with_is_refused(knock: Callable[..., Any], log: Any, key: str) -> None:
    before = log.count("conversation")
    answer = knock(key)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]
    assert log.count("conversation") == before
