"""Files and comparisons over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from markezy.kernel.ids import new_id

from tests.markezy.conftest import MakeTenant
from tests.markezy.flows.conftest import Ask, small_flow


def send(ask: Ask, text: str | bytes, **more: Any) -> Any:
    return ask("POST", "/import", data=text.encode() if isinstance(text, str) else text, **more)


@pytest.fixture
def released(ask: Ask, release: Any) -> Ask:
    release("one")
    return ask


def test_an_exported_flow_comes_back_as_the_same_draft(released: Ask) -> None:
    exported = released("GET", "/shop/export")
    assert exported.headers["Content-Type"].startswith("text/yaml")
    assert "attachment" in exported.headers["Content-Disposition"]
    taken = send(released, exported.text)
    assert taken.status_code == 200, taken.text
    assert (taken.json()["slug"], taken.json()["findings"]) == ("shop", [])
    assert released("GET", "/shop/diff").json() == {"items": []}
    assert released("GET", "/shop/export", params={"version": "draft"}).text == exported.text


def test_a_file_can_become_another_flow(released: Ask) -> None:
    exported = released("GET", "/shop/export").text
    assert send(released, exported, params={"slug": "second"}).json()["slug"] == "second"
    assert released("GET", "/second/draft").status_code == 200


def test_one_key_for_two_destinations_is_refused_instead_of_answered_from_the_first(released: Ask) -> None:
    exported = released("GET", "/shop/export")
    key = {"Idempotency-Key": str(new_id()), "Authorization": exported.request.headers["Authorization"]}
    first = [send(released, exported.text, params={"slug": "a"}, headers=key) for _ in range(2)]
    assert [answer.json()["slug"] for answer in first] == ["a", "a"]
    assert send(released, exported.text, params={"slug": "b"}, headers=key).status_code == 422
    assert released("GET", "/b/draft").status_code == 404


def test_what_changed_is_told_for_people(released: Ask, save: Any) -> None:
    save("two")
    (change,) = (one for one in released("GET", "/shop/diff").json()["items"] if one["after"] == "two")
    assert (change["at"], change["kind"], change["before"]) == ("greeting/en", "changed", "one")
    assert "one" in change["text"]
    assert released("GET", "/shop/diff", params={"from": "1", "to": "1"}).json() == {"items": []}


@pytest.mark.parametrize(
    "text",
    [b"\xff\xfe", "", "- a list", "questions: {", "start: nowhere\nslug: shop", "!!python/object:os.system x"],
)
def test_a_file_that_is_no_flow_is_refused_and_changes_nothing(released: Ask, text: str | bytes) -> None:
    refused = send(released, text)
    assert refused.status_code == 422
    assert refused.json()["detail"]
    assert released("GET", "/shop").json()["draft_revision"] is None


def test_a_file_without_a_slug_says_what_to_do(released: Ask) -> None:
    exported = released("GET", "/shop/export").text.replace("slug: shop\n", "")
    refused = send(released, exported)
    assert refused.status_code == 422
    assert "slug" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/shop/diff", "/shop/export", "/nothing/export"])
def test_another_agencys_flow_is_not_found(released: Ask, make_tenant: MakeTenant, path: str) -> None:
    stranger: UUID = make_tenant()
    assert released("GET", path, tenant=stranger).status_code == 404


@pytest.mark.parametrize("query", [{"from": "newest"}, {"to": "0"}, {"from": "-1"}])
def test_a_version_is_named_properly(released: Ask, query: dict[str, str]) -> None:
    assert released("GET", "/shop/diff", params=query).status_code == 422


def test_who_only_reads_cannot_import(released: Ask) -> None:
    assert send(released, str(small_flow()), role="agent").status_code == 403
