"""Files and comparisons over HTTP."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from markezy.kernel.ids import new_id

from tests.markezy.conftest import MakeTenant
from tests.markezy.flows.conftest import Ask, small_flow

EXPORTS = Path(__file__).parent / "exports"


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


def test_a_bot_from_typebot_becomes_a_draft_with_what_was_left_out(ask: Ask) -> None:
    taken = send(ask, (EXPORTS / "everything_else.json").read_text(), params={"from": "typebot", "locale": "fr"})
    assert taken.status_code == 200, taken.text
    draft = taken.json()
    assert draft["findings"] == []
    assert draft["definition"]["locales"] == ["fr"]
    assert {"group": "Fin", "block": "Code (block 3)"}.items() <= next(
        each for each in draft["not_carried_over"] if each["block"].startswith("Code")
    ).items()
    assert all(each["why"] for each in draft["not_carried_over"])
    kept = ask("GET", f"/{draft['slug']}/draft").json()
    assert (kept["definition"], kept["revision"]) == (draft["definition"], draft["revision"])
    assert ask("POST", f"/{draft['slug']}/publish").status_code == 200


def test_a_bot_can_take_the_place_of_a_draft(released: Ask, save: Any) -> None:
    save("two")
    bot = (EXPORTS / "lead_form.json").read_text()
    taken = send(released, bot, params={"from": "typebot", "locale": "en", "slug": "shop"}).json()
    assert (taken["slug"], taken["name"]) == ("shop", "Lead form")
    assert "interest" in released("GET", "/shop/draft").json()["definition"]["questions"]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"from": "typebot"}, "take en, fr, es"),
        ({"from": "typebot", "locale": "nl"}, "take en, fr, es"),
        ({"from": "excel"}, '"yaml" or "typebot"'),
        ({}, "A flow is a mapping"),
    ],
)
def test_a_bot_nobody_can_read_changes_nothing(released: Ask, params: dict[str, str], says: str) -> None:
    bot = (EXPORTS / "lead_form.json").read_text() if params else "[1]"
    refused = send(released, bot, params={"slug": "shop", **params})
    assert refused.status_code == 422
    assert says in refused.text.replace('\\"', '"')
    assert released("GET", "/shop").json()["draft_revision"] is None


@pytest.mark.parametrize("text", ["{", "[1]", '{"groups": []}', "", "{" * 5000])
def test_what_is_no_bot_is_refused(ask: Ask, text: str) -> None:
    refused = send(ask, text, params={"from": "typebot", "locale": "en"})
    assert (refused.status_code, bool(refused.json()["problems"])) == (422, True)


def test_who_only_reads_cannot_import(released: Ask) -> None:
    assert send(released, str(small_flow()), role="agent").status_code == 403
