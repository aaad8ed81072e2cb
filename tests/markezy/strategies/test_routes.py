"""Strategies as staff open them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings

from tests.markezy.leads.conversations import ReadModel, staff_token
from tests.markezy.strategies.conftest import Desk

Get = Callable[..., requests.Response]


@pytest.fixture
def get(web_url: str, settings: Settings, desk: Desk) -> Get:
    def fetch(path: str, tenant: UUID | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {staff_token(settings, tenant or desk.tenant_id)}"}
        return requests.get(f"{web_url}/api/v1{path}", headers=headers, timeout=20)

    return fetch


def test_staff_see_a_leads_strategy_with_its_deliveries(
    desk: Desk, get: Get, database: Any, relay_database: Any
) -> None:
    strategy_id = desk.made()
    desk.run("strategies.email", strategy_id=str(strategy_id))
    ReadModel(database, relay_database).catch_up()
    (shown,) = get(f"/leads/{desk.lead_id}/strategies").json()["items"]
    assert shown == get(f"/strategies/{strategy_id}").json()
    assert (shown["id"], shown["has_pdf"], shown["locale"]) == (str(strategy_id), True, "fr")
    assert [(one["channel"], one["status"]) for one in shown["deliveries"]] == [("email", "sent")]


def test_staff_open_the_pdf_in_the_browser(desk: Desk, get: Get) -> None:
    answer = get(f"/strategies/{desk.made()}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.content.startswith(b"%PDF")


def test_a_strategy_without_pdf_has_none_to_open(desk: Desk, get: Get) -> None:
    desk.run("strategies.generate", lead_id=str(desk.lead_id))
    assert get(f"/strategies/{desk.strategy.id}/pdf").status_code == 404


def test_a_foreign_strategy_is_not_found(desk: Desk, get: Get, make_tenant: Any) -> None:
    strategy_id, other = desk.made(), make_tenant()
    for path in (f"/strategies/{strategy_id}", f"/strategies/{strategy_id}/pdf", f"/leads/{desk.lead_id}/strategies"):
        assert get(path, tenant=other).status_code == 404
    assert get(f"/strategies/{new_id()}").status_code == 404
