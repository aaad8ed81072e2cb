"""Templates' versions, releases and figures over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.strategies.versions.adding import get_version

from tests.markezy.audit.trail import Trail
from tests.markezy.conftest import MakeTenant
from tests.markezy.leads.conversations import staff_token
from tests.markezy.strategies.versions.conftest import BASE_EN, Shelf

Ask = Callable[..., requests.Response]

PART = {"layer": "agency", "part": "en"}


@pytest.fixture
def ask(web_url: str, settings: Settings, tenant_id: UUID) -> Ask:
    """Call the staff API, as an admin of the tenant unless said otherwise."""

    def call(
        method: str, path: str, body: Any = None, tenant: UUID | None = None, role: str = "admin", **more: Any
    ) -> requests.Response:
        token = staff_token(settings, tenant or tenant_id, role)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return requests.request(
            method, f"{web_url}/api/v1{path}", json=body, headers=headers, timeout=20, **more
        )  # fmt: skip

    return call


@pytest.fixture
def add(ask: Ask) -> Callable[[str], str]:
    def call(title: str) -> str:
        added = ask("POST", "/templates/versions", {**PART, "source": f"title: {title}", "note": "new"})
        assert added.status_code == 201, added.text
        id_: str = added.json()["id"]
        return id_

    return call


def publish(ask: Ask, version_id: str, **more: Any) -> requests.Response:
    return ask(
        "POST", "/templates/releases", {**PART, "kind": "publish", "versions": [{"version_id": version_id}], **more}
    )


def test_from_a_version_over_its_release_to_a_rollback(ask: Ask, add: Callable[[str], str]) -> None:
    first, second = add("one"), add("two")
    listed = ask("GET", "/templates/versions", params={"layer": "agency", "limit": 1}).json()
    assert [one["id"] for one in listed["items"]] == [second]
    rest = ask("GET", "/templates/versions", params={"layer": "agency", "cursor": listed["next_cursor"]}).json()
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == ([first], None)
    shown = ask("GET", f"/templates/versions/{first}").json()
    assert (shown["source"], shown["number"], shown["note"]) == ("title: one", 1, "new")
    assert shown["author"].startswith("staff:")

    assert publish(ask, first).status_code == 201
    made = publish(ask, second, note="better", number=1).json()
    assert (made["number"], made["kind"], made["note"]) == (2, "publish", "better")
    assert publish(ask, second, number=1).status_code == 409
    (part,) = ask("GET", "/templates").json()["items"]
    assert (part["layer"], part["release"]["number"]) == ("agency", 2)
    assert [(one["id"], one["weight"]) for one in part["versions"]] == [(second, 1)]

    back = ask("POST", "/templates/releases", {**PART, "kind": "rollback"}).json()
    assert [one["version_id"] for one in back["versions"]] == [first]
    shares = [{"version_id": first, "weight": 1}, {"version_id": second, "weight": 3}]
    assert ask("POST", "/templates/releases", {**PART, "kind": "experiment", "versions": shares}).status_code == 201
    numbers = [one["number"] for one in ask("GET", "/templates/releases", params={"part": "en"}).json()["items"]]
    assert numbers == [4, 3, 2, 1]


def test_what_changed_against_another_version_and_against_what_counts(ask: Ask, add: Callable[[str], str]) -> None:
    first, second = add("one"), add("two")
    change = {"at": "title", "kind": "changed", "before": "one", "after": "two"}
    assert ask("GET", f"/templates/versions/{second}/diff").status_code == 404
    told = ask("GET", f"/templates/versions/{second}/diff", params={"against": first}).json()
    assert (told["items"], told["against"]["id"], "source" in told["against"]) == ([change], first, False)
    publish(ask, first)
    assert ask("GET", f"/templates/versions/{second}/diff").json()["items"] == [change]
    assert ask("GET", f"/templates/versions/{second}/diff", params={"against": "x"}).status_code == 422
    assert ask("GET", f"/templates/versions/{second}/diff", params={"against": str(new_id())}).status_code == 404


def test_a_source_is_tried_out_and_not_kept(ask: Ask) -> None:
    tried = ask("POST", "/templates/preview", {**PART, "source": "title: a\ntitle: b"}).json()
    (finding,) = tried.pop("findings")
    assert (finding["at"], finding["line"], finding["message"]) == ("title", 2, "This name is there twice.")
    assert tried == {"leads": 0, "changes": [], "failures": []}
    assert ask("POST", "/templates/preview", {**PART, "source": "title: a"}).json()["findings"] == []
    assert ask("GET", "/templates/versions").json()["items"] == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"layer": "base"}, 422),
        ({"layer": "none"}, 422),
        ({"part": "de"}, 422),
        ({"sector": "x"}, 422),
        ({"source": "- a"}, 422),
        ({"source": "title: \0"}, 422),
        ({"note": "a\0"}, 422),
        ({"colour": "red"}, 422),
    ],
)
def test_a_wrong_version_is_refused_and_leaves_nothing(ask: Ask, change: dict[str, str], status: int) -> None:
    refused = ask("POST", "/templates/versions", {**PART, "source": "title: a", **change})
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    assert ask("GET", "/templates/versions").json()["items"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "none"},
        {"kind": "experiment"},
        {"kind": "rollback"},
        {"follows_product": True},
        {"kind": "experiment", "follows_product": True},
        {"versions": [{"version_id": "x"}]},
        {"versions": [{"version_id": "{id}"}, {"version_id": "{id}"}]},
        {"number": -1},
    ],
)
def test_a_wrong_release_is_refused_and_leaves_nothing(
    ask: Ask, add: Callable[[str], str], change: dict[str, Any]
) -> None:
    id_ = add("one")
    body = {**PART, "kind": "publish", "versions": [{"version_id": id_}], **change}
    for each in body["versions"]:
        each["version_id"] = each["version_id"].replace("{id}", id_)
    assert ask("POST", "/templates/releases", body).status_code == 422
    assert ask("GET", "/templates/releases").json()["items"] == []


def test_the_same_release_with_the_same_key_is_made_once(ask: Ask, add: Callable[[str], str]) -> None:
    first, second = add("one"), add("two")
    publish(ask, first)
    bearer = ask("GET", "/templates").request.headers["Authorization"]
    headers = {"Idempotency-Key": str(new_id()), "Authorization": bearer}
    publish(ask, second)
    made = [ask("POST", "/templates/releases", {**PART, "kind": "rollback"}, headers=headers) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json() == made[1].json()


def test_everybody_may_look_and_managers_decide(ask: Ask, add: Callable[[str], str]) -> None:
    id_ = add("one")
    for role in ("agent", "analyst", "read_only"):
        for path in ("", "/versions", f"/versions/{id_}", "/releases", "/performance"):
            assert ask("GET", f"/templates{path}", role=role).status_code == 200
        assert ask("POST", "/templates/preview", {**PART, "source": "title: a"}, role=role).status_code == 200
        assert ask("POST", "/templates/versions", {**PART, "source": "title: a"}, role=role).status_code == 403
        assert ask("POST", "/templates/releases", {**PART, "kind": "rollback"}, role=role).status_code == 403


def test_another_agency_s_versions_are_not_found(ask: Ask, add: Callable[[str], str], make_tenant: MakeTenant) -> None:
    id_, stranger = add("one"), make_tenant()
    assert ask("GET", f"/templates/versions/{id_}", tenant=stranger).status_code == 404
    assert ask("GET", f"/templates/versions/{id_}/diff", tenant=stranger).status_code == 404
    body = {**PART, "kind": "publish", "versions": [{"version_id": id_}]}
    assert ask("POST", "/templates/releases", body, tenant=stranger).status_code == 404
    assert ask("GET", "/templates/versions", tenant=stranger).json()["items"] == []
    compared = ask("GET", "/templates/performance", params={"versions": f"{id_},{id_}"}, tenant=stranger)
    assert compared.status_code == 404


def test_bad_pages_and_filters_are_refused(ask: Ask) -> None:
    for path in ("/templates/versions", "/templates/releases", "/templates/performance"):
        for query, status in (
            ({"limit": "x"}, 422),
            ({"limit": "0"}, 422),
            ({"limit": "101"}, 422),
            ({"cursor": "x"}, 400),
            ({"cursor": "WyIiXQ"}, 400),
            ({"sector": "\0"}, 422),
        ):
            assert ask("GET", path, params=query).status_code == status, (path, query)
    for versions in ("x", "x,y", f"{new_id()}", f"{new_id()},{new_id()},{new_id()}"):
        assert ask("GET", "/templates/performance", params={"versions": versions}).status_code == 422


def test_staff_tell_what_became_of_a_strategy_and_versions_show_it(
    ask: Ask, add: Callable[[str], str], database: Database, tenant_id: UUID
) -> None:
    first, second = add("one"), add("two")
    with database.transaction(tenant_id) as connection:
        shelf = Shelf(connection, tenant_id)
        shelf.adopt("base", BASE_EN)
        (strategy_id, _) = (shelf.write(shelf.newest(BASE_EN), *_versions(shelf, first)) for _ in range(2))
    trail = Trail(database, tenant_id)
    won = {"kind": "won", "amount": "900.50", "currency": "EUR"}
    told = ask("POST", f"/strategies/{strategy_id}/outcomes", won, role="agent")
    (shown,) = told.json()["items"]
    assert (told.status_code, shown["amount"], shown["source"]) == (200, "900.50", "staff")
    (entry,) = trail.new()
    assert (entry["action"], entry["subject_id"]) == ("strategy.outcome_recorded", str(strategy_id))
    assert entry["lead_id"] is not None
    assert ask("GET", f"/strategies/{strategy_id}").json()["outcomes"] == told.json()["items"]
    figures = ask("GET", "/templates/performance", params={"layer": "agency"}).json()["items"]
    assert [(one["version"]["id"], one["strategies"], one["revenue"]) for one in figures] == [
        (second, 0, {}), (first, 2, {"EUR": "900.50"}),
    ]  # fmt: skip
    assert figures[1]["rates"]["won"]["rate"] == 0.5
    compared = ask("GET", "/templates/performance", params={"versions": f"{first},{second}", "locale": "fr"}).json()
    assert compared["comparisons"]["won"]["verdict"] == "too_few"
    assert compared["comparisons"]["won"]["text"].startswith("Il est trop tôt")


def _versions(shelf: Shelf, id_: str) -> list[Any]:
    return [get_version(shelf.connection, shelf.tenant_id, UUID(id_))]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "opened"}, 422),
        ({"kind": "won", "amount": "1"}, 422),
        ({"kind": "won", "amount": "1.234", "currency": "EUR"}, 422),
        ({"kind": "won", "amount": -1, "currency": "EUR"}, 422),
        ({"kind": "meeting_booked", "amount": 1, "currency": "EUR"}, 422),
        ({"kind": "lost", "at": "2026-01-01T00:00:00"}, 422),
        ({"kind": "lost", "at": "9999-01-01T00:00:00Z"}, 422),
    ],
)
def test_an_outcome_that_can_not_be_is_refused(
    ask: Ask, database: Database, tenant_id: UUID, body: dict[str, Any], status: int
) -> None:
    with database.transaction(tenant_id) as connection:
        shelf = Shelf(connection, tenant_id)
        strategy_id = shelf.write(shelf.add("one"))
    assert ask("POST", f"/strategies/{strategy_id}/outcomes", body).status_code == status
    assert ask("POST", f"/strategies/{strategy_id}/outcomes", {"kind": "won"}, role="analyst").status_code == 403
    assert ask("POST", f"/strategies/{new_id()}/outcomes", {"kind": "won"}).status_code == 404
