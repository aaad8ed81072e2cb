"""A person in the conversation: their words, the assistant's silence, and who is named for what."""

import os
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis


@pytest.fixture
def tell(http: Any, service_headers: Callable[..., dict[str, str]], tenant: Any, visitor: Any) -> Callable[..., Any]:
    def post(intent: str, **data: Any) -> Any:
        body = {"id": str(uuid.uuid4()), "intent": intent, "data": data}
        url = f"/webhooks/news/conversations/{visitor.conversation_id}"
        return http.post(url, json=body, headers=service_headers(tenant))

    return post


def test_a_persons_words_carry_their_name(visitor: Any, tell: Callable[..., Any], log: Any) -> None:
    ravi = str(uuid.uuid4())
    answer = tell("person_message", name="Ravi Menon", text="Hello,\nhow can I help?", by=ravi)
    assert answer.status_code == 200, answer.text
    (message,) = answer.json()["messages"]
    assert (message["from"], message["name"], message["text"]) == ("staff", "Ravi Menon", "Hello,\nhow can I help?")
    assert visitor.transcript()["messages"][-1] == message
    (row,) = log.rows(
        "SELECT actor, data FROM event WHERE stream_id = %s AND type = 'message.sent' ORDER BY version DESC LIMIT 1",
        visitor.conversation_id,
    )
    assert row["actor"] == f"staff:{ravi}"
    assert not {"custom", "by"} & set(row["data"])


def test_a_turn_without_an_answer_is_kept_and_answered_with_nothing(bot: Any, visitor: Any, log: Any) -> None:
    bot.actions.silent = True
    message_id = str(uuid.uuid4())
    for _ in range(2):
        answer = visitor.post({"id": message_id, "text": "are you there?"})
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"messages": []}
    last = visitor.transcript()["messages"][-1]
    assert (last["from"], last["text"], last["message_id"]) == ("visitor", "are you there?", message_id)
    (row,) = log.rows("SELECT processed_at FROM inbox WHERE message_id = %s", message_id)
    assert row["processed_at"] is not None


def test_what_is_said_to_a_person_reaches_the_readers_of_the_conversation_at_once(
    bot: Any, visitor: Any, tenant: Any
) -> None:
    with Redis.from_url(os.environ["REDIS_URL"]) as redis, redis.pubsub() as hints:
        hints.subscribe(f"markezy:conversation:{tenant.id}:{visitor.conversation_id}")
        assert hints.get_message(timeout=5)["type"] == "subscribe"
        bot.actions.silent = True
        assert visitor.say("are you there?").json() == {"messages": []}
        hint = hints.get_message(ignore_subscribe_messages=True, timeout=5)
    assert hint is not None
    assert visitor.transcript()["messages"][-1]["text"] == "are you there?"


def test_a_message_to_a_person_that_was_left_behind_is_driven_again_without_an_answer(
    bot: Any, visitor: Any, tenant: Any, http: Any, service_headers: Any, log: Any
) -> None:
    bot.actions.failing = True
    message_id = str(uuid.uuid4())
    assert visitor.say("are you there?", message_id).status_code == 503
    bot.actions.failing, bot.actions.silent = False, True
    body = {"channel": "widget", "message_id": message_id}
    for _ in range(2):
        answer = http.post("/webhooks/news/redrive", json=body, headers=service_headers(tenant))
        assert (answer.status_code, answer.json()) == (200, {"messages": []})
    assert log.types(visitor.conversation_id).count("message.received") == 2


def test_a_persons_words_that_were_left_behind_are_driven_again(
    bot: Any, visitor: Any, tell: Callable[..., Any], tenant: Any, http: Any, service_headers: Any, log: Any
) -> None:
    bot.actions.failing = True
    assert tell("person_message", name="Ravi", text="Hello").status_code == 503
    bot.actions.failing = False
    (row,) = log.rows(
        "SELECT channel, message_id FROM inbox WHERE conversation_id = %s AND processed_at IS NULL",
        visitor.conversation_id,
    )
    answer = http.post("/webhooks/news/redrive", json=row, headers=service_headers(tenant))
    assert [(one["from"], one["name"], one["text"]) for one in answer.json()["messages"]] == [
        ("staff", "Ravi", "Hello")
    ]


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("person_joined", "staff"),
        ("person_left", "staff"),
        ("team_away", "platform"),
        ("person_declined", "visitor"),
        ("message_left", "visitor"),
        ("answer_noted", "visitor"),
        ("recap_confirmed", "visitor"),
        ("recap_shown", "assistant"),
    ],
)
def test_the_log_names_who_did_it(bot: Any, visitor: Any, log: Any, name: str, actor: str) -> None:
    bot.actions.events = [{"event": "qualification", "name": name, "data": {"name": "Ravi"}}]
    visitor.say("hello")
    (row,) = log.rows(
        "SELECT actor FROM event WHERE stream_id = %s AND type = %s", visitor.conversation_id, f"qualification.{name}"
    )
    assert row["actor"] == actor


@pytest.mark.parametrize(
    ("intent", "data"),
    [
        ("person_joined", {"name": "Ravi"}),
        ("person_left", {"name": "Ravi"}),
        ("person_message", {"name": "Ravi", "text": "x" * 4000}),
        ("team_away", {"reason": "closed", "opens_at": "2027-03-01T09:00:00+01:00"}),
        ("team_away", {"reason": "busy", "opens_at": ""}),
        ("team_away", {"reason": "busy"}),
        ("reminder", {}),
    ],
)
def test_all_news_of_people_are_taken(tell: Callable[..., Any], intent: str, data: dict[str, Any]) -> None:
    assert tell(intent, **data).status_code == 200


@pytest.mark.parametrize(
    ("intent", "data"),
    [
        ("person_joined", {}),
        ("person_joined", {"name": " "}),
        ("person_message", {"name": "Ravi", "text": ""}),
        ("person_message", {"name": "Ravi", "text": "x" * 4001}),
        ("team_away", {"reason": "lunch"}),
        ("team_away", {"reason": "closed", "opens_at": "tomorrow"}),
        ("team_away", {"reason": "closed", "opens_at": "2027-03-01T09:00:00"}),
        ("team_away", {"reason": "closed", "opens_at": 7}),
    ],
)
def test_wrong_news_of_people_are_refused(
    tell: Callable[..., Any], log: Any, intent: str, data: dict[str, Any]
) -> None:
    before = log.count("inbox")
    assert tell(intent, **data).status_code == 422
    assert log.count("inbox") == before


def test_the_message_that_answered_a_question_says_which(bot: Any, visitor: Any) -> None:
    data = {"question": "city", "label": "City", "value": "Lyon", "display": "Lyon", "ordinal": 3}
    bot.actions.events = [
        {"event": "qualification", "name": "answer_noted", "data": {**data, "question": "budget"}},
        {"event": "qualification", "name": "answer_recorded", "data": data},
    ]
    visitor.say("in Lyon")
    bot.actions.events = []
    visitor.say("why?")
    said = [entry for entry in visitor.transcript()["messages"] if entry["from"] == "visitor"]
    assert [entry.get("question") for entry in said] == ["city", None]


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        ('/change_answer{"question":"city"}', "Change my answer"),
        ("/confirm", "Everything is right"),
        ("/go_on", "Go on without waiting"),
        ("/resume_later", "Continue later"),
        ('/switch_language{"value":"fr"}', "Français"),
    ],
)
def test_what_was_tapped_is_shown_in_words(visitor: Any, payload: str, shown: str) -> None:
    answer = visitor.post({"id": str(uuid.uuid4()), "payload": payload})
    assert answer.status_code == 200, answer.text
    assert [entry["text"] for entry in visitor.transcript()["messages"] if entry["from"] == "visitor"] == [shown]


def test_it_is_shown_in_the_language_switched_to(bot: Any, visitor: Any) -> None:
    bot.actions.events = [{"event": "slot", "name": "qualification", "value": {"locale": "es"}, "timestamp": None}]
    visitor.say("hola")
    bot.actions.events = []
    visitor.post({"id": str(uuid.uuid4()), "payload": "/confirm"})
    assert visitor.transcript()["messages"][-2]["text"] == "Todo está bien"


@pytest.mark.parametrize(
    "payload",
    [
        "/change_answer",
        "/switch_language",
        '/switch_language{"value":7}',
        '/switch_language{"value":["fr"]}',
        '/switch_language{"value":{"file":"018f0000-0000-7000-8000-000000000001"}}',
        '/change_answer{"value":"city"}',
        '/change_answer{"question":""}',
        "/reminder",
        '/person_message{"value":"Ravi"}',
    ],
)
def test_a_button_that_says_too_little_is_refused(visitor: Any, log: Any, payload: str) -> None:
    before = log.count("inbox")
    assert visitor.post({"id": str(uuid.uuid4()), "payload": payload}).status_code == 422
    assert log.count("inbox") == before
