"""Experiments over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings

from tests.markezy.conftest import MakeTenant
from tests.markezy.experiments.test_experiments import publish_two
from tests.markezy.leads.conversations import staff_token

Ask = Callable[..., requests.Response]

WANTED = {
    "flow": "shop",
    "name": "Which greeting?",
    "variants": [{"name": "calm", "weight": 1, "version": 1}, {"name": "bold", "weight": 3, "version": 2}],
}


@pytest.fixture
def ask(web_url: str, settings: Settings, database: Database, tenant_id: UUID) -> Ask:
    """Call the experiments' part of the staff API, as an admin of a tenant with two versions unless said otherwise."""
    with database.transaction(tenant_id) as connection:
        publish_two(connection, tenant_id)

    def call(
        method: str, path: str = "", body: Any = None, tenant: UUID | None = None, role: str = "admin", **more: Any
    ) -> requests.Response:
        token = staff_token(settings, tenant or tenant_id, role)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        address = f"{web_url}/api/v1/experiments{path}"
        return requests.request(method, address, json=body, headers=headers, timeout=20, **more)

    return call


@pytest.fixture
def running(ask: Ask) -> str:
    started = ask("POST", body=WANTED)
    assert started.status_code == 201, started.text
    id_: str = started.json()["id"]
    return id_


def test_an_experiment_from_start_to_stop(ask: Ask, running: str) -> None:
    shown = ask("GET", f"/{running}").json()
    assert (shown["flow"], shown["stopped_at"]) == ("shop", None)
    counted = {"assigned": 0, "completed": 0, "qualified": 0}
    assert [{**each, "flow_version_id": ""} for each in shown["variants"]] == [
        {"name": "bold", "weight": 3, "version": 2, "flow_version_id": "", **counted},
        {"name": "calm", "weight": 1, "version": 1, "flow_version_id": "", **counted},
    ]
    assert ask("POST", body=WANTED).status_code == 409
    assert ask("POST", f"/{running}/stop").json()["stopped_at"] is not None
    assert [one["id"] for one in ask("GET").json()["items"]] == [running]


def test_the_same_start_with_the_same_key_starts_one(ask: Ask) -> None:
    bearer = ask("GET").request.headers["Authorization"]
    headers = {"Idempotency-Key": str(new_id()), "Authorization": bearer}
    first, again = (ask("POST", body=WANTED, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"flow": "unknown"}, 404),
        ({"flow": ""}, 422),
        ({"name": " "}, 422),
        ({"name": "a\0b"}, 422),
        ({"variants": []}, 422),
        ({"variants": [{"name": "a", "version": 1}]}, 422),
        ({"variants": [{"name": "A b", "version": 1}, {"name": "b", "version": 1}]}, 422),
        ({"variants": [{"name": "a", "version": 1, "weight": 0}, {"name": "b", "version": 1}]}, 422),
        ({"variants": [{"name": "a", "version": 1, "weight": 2**70}, {"name": "b", "version": 1}]}, 422),
        ({"variants": [{"name": "a", "version": 9}, {"name": "b", "version": 1}]}, 404),
        ({"colour": "red"}, 422),
    ],
)
def test_a_wrong_experiment_is_refused_and_leaves_nothing(ask: Ask, change: dict[str, Any], status: int) -> None:
    refused = ask("POST", body={**WANTED, **change})
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    assert ask("GET").json()["items"] == []


def test_everybody_may_look_and_managers_may_start(ask: Ask, running: str) -> None:
    for role in ("agent", "analyst", "read_only"):
        assert ask("GET", role=role).status_code == 200
        assert ask("GET", f"/{running}", role=role).status_code == 200
        assert ask("POST", body=WANTED, role=role).status_code == 403
        assert ask("POST", f"/{running}/stop", role=role).status_code == 403
    assert ask("GET", headers={"Authorization": ""}).status_code == 401


def test_another_agencys_experiment_is_not_found(ask: Ask, running: str, make_tenant: MakeTenant) -> None:
    stranger = make_tenant()
    assert ask("GET", tenant=stranger).json()["items"] == []
    assert ask("GET", f"/{running}", tenant=stranger).status_code == 404
    assert ask("POST", f"/{running}/stop", tenant=stranger).status_code == 404
    assert ask("POST", body=WANTED, tenant=stranger).status_code == 404
    assert ask("GET", f"/{running}").json()["stopped_at"] is None


def test_bad_pages_and_ids_are_refused(ask: Ask) -> None:
    for query, status in (
        ({"limit": "x"}, 400),
        ({"limit": "0"}, 422),
        ({"cursor": "x"}, 400),
        ({"cursor": "WyIiLCAiIl0"}, 400),
    ):
        assert ask("GET", params=query).status_code == status
    assert ask("GET", "/nonsense").status_code == 404
    assert ask("GET", f"/{new_id()}").status_code == 404
