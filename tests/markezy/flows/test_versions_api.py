"""Drafts and versions over HTTP, as staff of an agency see them."""

from typing import Any
from uuid import UUID

import pytest
from markezy.flows import api
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id

from tests.markezy.conftest import MakeTenant
from tests.markezy.flows.conftest import Ask, greeting, small_flow


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


def test_the_shape_of_a_definition_is_published(ask: Ask) -> None:
    answer = ask("GET", "/schema.json", role="read_only")
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    assert set(schema["required"]) == {"locales", "greeting", "start", "questions", "ends"}
    assert schema["additionalProperties"] is False
    assert ask("GET", "/schema.json", headers={"Authorization": ""}).status_code == 401


def test_visitors_get_the_oldest_published_flow_until_the_agency_chooses_another(ask: Ask) -> None:
    body = {"name": "Flow", "definition": small_flow()}
    for slug in ("draft", "shop", "events"):
        assert ask("PUT", f"/{slug}/draft", body).status_code == 200

    def defaults() -> list[str]:
        return [flow["slug"] for flow in ask("GET", "").json()["items"] if flow["default"]]

    assert defaults() == []
    for slug in ("shop", "events"):
        assert ask("POST", f"/{slug}/publish").status_code == 200
    assert defaults() == ["shop"]
    chosen = ask("PUT", "/events/default")
    assert (chosen.status_code, chosen.json()) == (200, ask("GET", "/events").json())
    assert chosen.json()["default"] is True
    assert ask("GET", "/shop").json()["default"] is False
    assert defaults() == ["events"]
    assert ask("PUT", "/shop/default").json()["default"] is True
    assert ask("POST", "/draft/publish").status_code == 200
    assert defaults() == ["shop"], "a choice stands, also when an older flow is published later"


def test_only_a_published_flow_can_be_the_default(ask: Ask, release: Any, save: Any) -> None:
    assert ask("PUT", "/shop/default").status_code == 404
    save("one")
    refused = ask("PUT", "/shop/default")
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert ask("POST", "/shop/publish").status_code == 200
    assert ask("PUT", "/shop/default").status_code == 200


WRITES = [
    ("PUT", "/shop/draft", {"name": "Shop", "definition": small_flow()}),
    ("DELETE", "/shop/draft", None),
    ("POST", "/shop/publish", {"note": ""}),
    ("POST", "/shop/rollback", {}),
    ("PUT", "/shop/default", None),
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
