"""A person in the conversation: their words, the assistant's silence, and who is named for what."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def tell(http: Any, service_headers: Callable[..., dict[str, str]], tenant: Any, visitor: Any) -> Callable[..., Any]:
    def post(intent: str, **data: Any) -> Any:
        body = {"id": str(uuid.uuid4()), "intent": intent, "data": data}
        url = f"/webhooks/news/conversations/{visitor.conversation_id}"
        return http.post(url, json=body, headers=service_headers(tenant))

    return post


def test_a_persons_words_carry_their_name(visitor: Any, tell: Callable[..., Any], log: Any) -> None:
    answer = tell("person_message", name="Ravi Menon", text="Hello,\nhow can I help?")
    assert answer.status_code == 200, answer.text
    (message,) = answer.json()["messages"]
    assert (message["from"], message["name"], message["text"]) == ("staff", "Ravi Menon", "Hello,\nhow can I help?")
    assert visitor.transcript()["messages"][-1] == message
    (row,) = log.rows(
        "SELECT actor, data FROM event WHERE stream_id = %s AND type = 'message.sent' ORDER BY version DESC LIMIT 1",
        visitor.conversation_id,
    )
    assert row["actor"] == "staff"
    assert "custom" not in row["data"]


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


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("person_joined", "staff"),
        ("person_left", "staff"),
        ("team_away", "staff"),
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


@pytest.mark.parametrize("payload", ["/change_answer", "/switch_language", '/change_answer{"value":1}', "/reminder"])
def test_a_button_that_says_too_little_is_refused(visitor: Any, log: Any, payload: str) -> None:
    before = log.count("inbox")
    assert visitor.post({"id": str(uuid.uuid4()), "payload": payload}).status_code == 422
    assert log.count("inbox") == before
