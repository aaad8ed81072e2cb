"""Drafts, versions and simulations over HTTP, as staff of an agency see them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.flows import api
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings

from tests.markezy.conftest import MakeTenant
from tests.markezy.flows.conftest import said, small_flow
from tests.markezy.leads.conversations import staff_token

Ask = Callable[..., requests.Response]


def greeting(words: str) -> dict[str, Any]:
    return {**small_flow(), "greeting": said(words)}


@pytest.fixture
def ask(web_url: str, settings: Settings, tenant_id: UUID) -> Ask:
    """Call the flows' part of the staff API, as the tenant's admin unless said otherwise."""

    def call(
        method: str, path: str, body: Any = None, tenant: UUID | None = None, role: str = "admin", **more: Any
    ) -> requests.Response:
        token = staff_token(settings, tenant or tenant_id, role)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        address = f"{web_url}/api/v1/flows{path}"
        return requests.request(method, address, json=body, headers=headers, timeout=20, **more)

    return call


@pytest.fixture
def save(ask: Ask) -> Callable[..., dict[str, Any]]:
    def put(words: str, revision: int | None = None) -> dict[str, Any]:
        answer = ask("PUT", "/shop/draft", {"name": "Shop", "definition": greeting(words), "revision": revision})
        assert answer.status_code == 200, answer.text
        draft: dict[str, Any] = answer.json()
        return draft

    return put


@pytest.fixture
def release(ask: Ask, save: Callable[..., dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """Save and publish."""

    def publish(words: str) -> dict[str, Any]:
        save(words)
        answer = ask("POST", "/shop/publish", {"note": words})
        assert answer.status_code == 200, answer.text
        version: dict[str, Any] = answer.json()
        return version

    return publish


def test_a_flow_goes_from_draft_to_version_and_back(ask: Ask, save: Any) -> None:
    assert save("one")["findings"] == []
    assert ask("GET", "/shop").json()["draft_revision"] == 1
    first = ask("POST", "/shop/publish", {"note": "The beginning"}).json()
    assert (first["number"], first["note"], first["definition"]["greeting"]["en"]) == (1, "The beginning", "one")
    save("two")
    assert ask("POST", "/shop/publish").json()["number"] == 2
    shown = ask("GET", "/shop").json()
    assert (shown["number"], shown["draft_revision"], shown["published_version_id"] != first["id"]) == (2, None, True)
    assert ask("POST", "/shop/rollback", {"number": 2}).json()["number"] == 1
    refused = ask("POST", "/shop/rollback")
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert ask("GET", "/shop/versions/2").json()["definition"]["greeting"]["en"] == "two"


def test_two_who_change_a_draft_at_once_do_not_lose_each_others_work(ask: Ask, save: Any) -> None:
    save("one")
    mine = {"name": "Shop", "definition": greeting("mine"), "revision": 1}
    assert ask("PUT", "/shop/draft", mine).json()["revision"] == 2
    theirs = ask("PUT", "/shop/draft", {**mine, "definition": greeting("theirs")})
    assert (theirs.status_code, theirs.json()["revision"]) == (409, 2)
    assert ask("GET", "/shop/draft").json()["definition"]["greeting"]["en"] == "mine"


def test_unfinished_work_is_kept_with_its_findings_and_not_published(ask: Ask) -> None:
    body = {"name": "Shop", "definition": {**small_flow(), "start": "nowhere"}}
    kept = ask("PUT", "/shop/draft", body)
    assert kept.status_code == 200
    assert [finding["at"] for finding in kept.json()["findings"]] == ["start"]
    assert ask("GET", "/shop/draft").json()["findings"] == kept.json()["findings"]
    assert ask("POST", "/shop/check").json()["findings"] == kept.json()["findings"]
    refused = ask("POST", "/shop/publish", {"note": ""})
    assert (refused.status_code, refused.json()["findings"]) == (422, kept.json()["findings"])


def test_a_definition_can_be_checked_without_being_kept(ask: Ask) -> None:
    assert ask("POST", "/shop/check", {"definition": small_flow()}).json() == {"findings": []}
    found = ask("POST", "/shop/check", {"definition": {}}).json()["findings"]
    assert {finding["code"] for finding in found} == {"malformed"}
    assert ask("GET", "/shop").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": "", "definition": small_flow()}, 422),
        ({"name": "a\0b", "definition": small_flow()}, 422),
        ({"name": "Shop", "definition": []}, 422),
        ({"name": "Shop", "definition": {}}, 422),
        ({"name": "Shop", "definition": {**small_flow(), "greeting": {"en": "a\0b"}}}, 422),
        ({"name": "Shop", "definition": small_flow(), "revision": 0}, 422),
        ({"name": "Shop", "definition": small_flow(), "revision": 7}, 409),
        ({"name": "Shop", "definition": small_flow(), "colour": "red"}, 422),
        ([], 422),
    ],
)
def test_a_wrong_draft_is_refused_and_leaves_nothing(ask: Ask, body: Any, status: int) -> None:
    refused = ask("PUT", "/shop/draft", body)
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    assert ask("GET", "").json()["items"] == []


@pytest.mark.parametrize("raw", [b"", b"{", b'{"name": "\\ud800", "definition": {}}', b"\xff"])
def test_a_body_that_is_no_json_is_refused(ask: Ask, raw: bytes) -> None:
    assert ask("PUT", "/shop/draft", data=raw).status_code == 400


def test_a_repeated_write_with_the_same_key_has_one_effect(ask: Ask, release: Any) -> None:
    for words in ("one", "two", "three"):
        release(words)
    key = {"Idempotency-Key": str(new_id()), "Authorization": ask("GET", "").request.headers["Authorization"]}
    answers = [ask("POST", "/shop/rollback", headers=key).json()["number"] for _ in range(2)]
    assert answers == [2, 2]
    assert ask("GET", "/shop").json()["number"] == 2


def test_versions_come_page_by_page(ask: Ask, release: Any) -> None:
    for words in ("one", "two", "three"):
        release(words)
    first = ask("GET", "/shop/versions", params={"limit": "2"}).json()
    assert [(each["number"], each["published"]) for each in first["items"]] == [(3, True), (2, False)]
    second = ask("GET", "/shop/versions", params={"cursor": first["next_cursor"]}).json()
    assert ([each["number"] for each in second["items"]], second["next_cursor"]) == ([1], None)
    for cursor in ("x", "W10", "WyJ4Il0", "WyItMSJd"):
        assert ask("GET", "/shop/versions", params={"cursor": cursor}).status_code == 400
    for number in ("0", "4", "-1", "x", "1" * 30, "²"):
        assert ask("GET", f"/shop/versions/{number}").status_code == 404


def test_a_discarded_draft_is_gone_however_often(ask: Ask, release: Any, save: Any) -> None:
    release("one")
    save("two")
    assert [ask("DELETE", "/shop/draft").status_code for _ in range(2)] == [204, 204]
    assert ask("GET", "/shop/draft").status_code == 404
    assert ask("GET", "/shop").json()["number"] == 1


WRITES = [
    ("PUT", "/shop/draft", {"name": "Shop", "definition": small_flow()}),
    ("DELETE", "/shop/draft", None),
    ("POST", "/shop/publish", {"note": ""}),
    ("POST", "/shop/rollback", {}),
]
READS = [
    ("GET", "/shop", None),
    ("GET", "/shop/versions", None),
    ("GET", "/shop/versions/1", None),
    ("GET", "/shop/draft", None),
    ("POST", "/shop/check", None),
    ("POST", "/shop/simulate", {"version": "draft"}),
    ("POST", "/shop/simulate", {"version": 1}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_who_may_only_read_changes_nothing(ask: Ask, release: Any, method: str, path: str, body: Any) -> None:
    release("one")
    for role in ("agent", "analyst", "read_only"):
        assert ask(method, path, body, role=role).status_code == 403
    assert ask("GET", "/shop", role="read_only").json()["number"] == 1


@pytest.mark.parametrize(("method", "path", "body"), READS)
def test_everybody_on_the_staff_may_look(ask: Ask, release: Any, save: Any, method: str, path: str, body: Any) -> None:
    release("one")
    save("two")
    assert ask(method, path, body, role="read_only").status_code == 200
    anonymous = {"Authorization": ""}
    assert ask(method, path, body, headers=anonymous).status_code == 401


@pytest.mark.parametrize(("method", "path", "body"), [*READS, *WRITES[1:]])
def test_another_agencys_flow_is_not_found(
    ask: Ask, release: Any, save: Any, make_tenant: MakeTenant, method: str, path: str, body: Any
) -> None:
    release("one")
    save("two")
    assert ask(method, path, body, tenant=make_tenant()).status_code == 404
    assert ask("GET", "/shop").json()["draft_revision"] == 2


def test_the_same_slug_of_another_agency_is_another_flow(
    ask: Ask, release: Any, make_tenant: MakeTenant, database: Database, tenant_id: UUID
) -> None:
    release("ours")
    theirs = make_tenant()
    ask("PUT", "/shop/draft", {"name": "Theirs", "definition": greeting("theirs")}, tenant=theirs)
    assert ask("POST", "/shop/publish", {}, tenant=theirs).json()["number"] == 1
    with database.transaction(tenant_id) as connection:
        assert api.published_version(connection, tenant_id, "shop").definition["greeting"]["en"] == "ours"


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
