"""Trying drafts and versions out over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from markezy.kernel.db import Database

from tests.markezy.flows.conftest import Ask, question, said, small_flow


def test_a_draft_is_played_step_by_step(ask: Ask, save: Any) -> None:
    save("Good day")

    def step(**body: Any) -> dict[str, Any]:
        answer = ask("POST", "/shop/simulate", {"version": "draft", "locale": "en", **body})
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    begun = step()
    assert [message["text"] for message in begun["messages"]] == ["Good day", "Goal?"]
    assert begun["events"][0]["name"] == "started"
    button = begun["messages"][-1]["buttons"][0]
    asked = step(state=begun["state"], payload=button["payload"])
    assert asked["messages"][-1]["text"] == "Budget?"
    assert asked["events"][0]["data"]["display"] == button["title"]
    answered = step(state=asked["state"], say="2,500 euros")
    assert (answered["state"]["answers"]["budget"]["value"], answered["state"]["score"]) == (2500, 10)
    assert step(state=answered["state"], payload="/go_back")["state"]["pending"] == "budget"
    assert step(state=answered["state"], say="?how much is it")["messages"][0]["text"] == "Free"
    assert step(state=answered["state"], payload='/switch_language{"value":"fr"}')["state"]["locale"] == "fr"


@pytest.mark.parametrize(
    ("origin", "end"),
    [
        ({"channel": "whatsapp"}, "by_phone"),
        ({"utm": {"source": "news"}}, "reader"),
        ({"hidden": {"plan": "gold"}}, "customer"),
        ({"hidden": {"seats": 12}}, "customer"),
        ({}, "done"),
    ],
)
def test_branches_on_where_the_lead_comes_from_can_be_tried(ask: Ask, origin: dict[str, Any], end: str) -> None:
    flow = {**small_flow(), "channels": ["widget", "whatsapp"], "hidden": ["plan", "seats"]}
    more = {"by_phone": "channel == 'whatsapp'", "reader": "utm.source == 'news'"}
    more["customer"] = "hidden.plan == 'gold' || hidden.seats > 10"
    flow["ends"] |= {id_: {"outcome": "nurture", "message": said(id_)} for id_ in more}
    ways = [{"when": when, "to": id_} for id_, when in more.items()]
    flow["questions"]["name"]["next"] = [*ways, *flow["questions"]["name"]["next"]]
    assert ask("PUT", "/shop/draft", {"name": "Shop", "definition": flow}).json()["findings"] == []
    body = {"version": "draft", **origin}
    state = ask("POST", "/shop/simulate", body).json()["state"]
    for words in ("other", "no reason", "Maya"):
        state = ask("POST", "/shop/simulate", {**body, "state": state, "say": words}).json()["state"]
    assert end in (state["end"], state["recap"])


def test_what_was_said_is_put_right_in_words(ask: Ask, save: Any) -> None:
    save("one")

    def say(state: Any, words: str) -> dict[str, Any]:
        shown: dict[str, Any] = ask("POST", "/shop/simulate", {"state": state, "say": words}).json()
        return shown

    state = ask("POST", "/shop/simulate", {}).json()["state"]
    for words in ("sales", "500"):
        state = say(state, words)["state"]
    corrected = say(state, "sorry, I meant 5,000, not 500")
    assert corrected["state"]["answers"]["budget"]["value"] == 5000
    assert corrected["state"]["pending"] == "rich"
    again = say(corrected["state"], "can I change my goal please")
    assert (again["state"]["pending"], again["state"]["answers"]["goal"]["value"]) == ("goal", "sales")


def test_a_file_is_sent_by_its_name(ask: Ask) -> None:
    flow = small_flow()
    flow["start"] = "plan"
    flow["questions"]["plan"] = question("file", "goal", validation={"media_types": ["application/pdf"]})
    ask("PUT", "/shop/draft", {"name": "Shop", "definition": flow})
    state = ask("POST", "/shop/simulate", {}).json()["state"]
    assert ask("POST", "/shop/simulate", {"state": state, "file": "plan.png"}).json()["state"]["pending"] == "plan"
    sent = ask("POST", "/shop/simulate", {"state": state, "file": "plan.pdf"}).json()["state"]
    assert (sent["pending"], sent["answers"]["plan"]["display"]) == ("goal", "plan.pdf")


def test_a_version_is_played_whatever_the_draft_says(ask: Ask, release: Any, save: Any) -> None:
    release("one")
    save("two")
    for version, words in ((1, "one"), ("published", "one"), ("draft", "two")):
        shown = ask("POST", "/shop/simulate", {"version": version}).json()
        assert shown["messages"][0]["text"] == words


def test_playing_touches_no_conversation(ask: Ask, save: Any, database: Database, tenant_id: UUID) -> None:
    save("one")
    begun = ask("POST", "/shop/simulate", {}).json()
    ask("POST", "/shop/simulate", {"state": begun["state"], "say": "sales"})
    with database.transaction(tenant_id) as connection:
        for table in ("conversation", "event", "lead", "inbox"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


@pytest.mark.parametrize(
    "body",
    [
        {"version": 0},
        {"version": "latest"},
        {"say": "hello"},
        {"state": {}},
        {"state": {}, "say": "hello"},
        {"state": {}, "say": "a", "payload": "/stop"},
        {"state": [], "say": "a"},
        {"locale": "e"},
        {"channel": "fax"},
        {"utm": {"source": 7}},
        {"hidden": {"plan": ["gold"]}},
        {"hidden": {f"name_{number}": "x" for number in range(51)}},
        {"file": "plan.pdf"},
        {"state": {}, "say": "a", "file": "plan.pdf"},
        {"surprise": 1},
    ],
)
def test_a_step_that_makes_no_sense_is_refused(ask: Ask, save: Any, body: dict[str, Any]) -> None:
    save("one")
    assert ask("POST", "/shop/simulate", body).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"pending": "nowhere"},
        {"pending": []},
        {"answers": {"nowhere": {"value": 1, "display": "1", "ordinal": 1}}},
        {"answers": {"goal": {"value": {"a": 1}, "display": 7, "ordinal": "x"}}},
        {"answers": []},
        {"set_aside": {"goal": None}},
        {"end": "nowhere"},
        {"recap": "nowhere"},
        {"locale": "xx"},
        {"began_in": {}},
        {"score": "a lot", "pending": "budget"},
        {"utm": 7},
        {"person": ["talking"]},
    ],
)
def test_a_state_somebody_tampered_with_is_refused_or_harmless(ask: Ask, save: Any, change: dict[str, Any]) -> None:
    save("one")
    state = ask("POST", "/shop/simulate", {}).json()["state"]
    for words in ({"say": "sales"}, {"payload": "/go_back"}, {"payload": "/confirm"}):
        answer = ask("POST", "/shop/simulate", {"state": {**state, **change}, **words})
        assert answer.status_code in (200, 422), answer.text


@pytest.mark.parametrize(
    "payload",
    ["answer", "/restart", "/person_joined", "/answer{", "/answer[]", '/answer{"question": 7}', "/answer" + "{" * 900],
)
def test_a_tap_no_button_sends_is_refused(ask: Ask, save: Any, payload: str) -> None:
    save("one")
    state = ask("POST", "/shop/simulate", {}).json()["state"]
    assert ask("POST", "/shop/simulate", {"state": state, "payload": payload}).status_code == 422


def test_a_draft_that_can_not_be_played_says_why(ask: Ask) -> None:
    ask("PUT", "/shop/draft", {"name": "Shop", "definition": {**small_flow(), "start": "nowhere"}})
    refused = ask("POST", "/shop/simulate", {})
    assert refused.status_code == 422
    assert [finding["code"] for finding in refused.json()["findings"]] == ["unknown_target"]


def test_a_simulation_of_any_size_is_not_taken(ask: Ask, save: Any) -> None:
    save("one")
    state = ask("POST", "/shop/simulate", {}).json()["state"]
    assert ask("POST", "/shop/simulate", {"state": {**state, "more": "x" * 300_000}, "say": "a"}).status_code == 422
    assert ask("POST", "/shop/simulate", {"state": state, "say": "x" * 4001}).status_code == 422
