"""Strategies as staff and leads open them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
import requests
from markezy.kernel.clock import now
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.kernel.tokens import sign
from markezy.strategies.links import document_url

from tests.markezy.leads.conversations import ReadModel, staff_token
from tests.markezy.strategies.conftest import Desk

Get = Callable[..., requests.Response]


@pytest.fixture
def get(web_url: str, settings: Settings, desk: Desk) -> Get:
    def fetch(path: str, tenant: UUID | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {staff_token(settings, tenant or desk.tenant_id)}"}
        return requests.get(f"{web_url}/api/v1{path}", headers=headers, timeout=20)

    return fetch


@pytest.fixture
def open_link(web_url: str) -> Get:
    def fetch(token: str, language: str = "fr-FR,fr;q=0.9") -> requests.Response:
        return requests.get(f"{web_url}/documents/{token}", headers={"Accept-Language": language}, timeout=20)

    return fetch


def _token(settings: Settings, tenant_id: UUID, strategy_id: UUID) -> str:
    return document_url(settings, tenant_id, strategy_id, now()).rpartition("/")[2]


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


def test_the_leads_link_opens_the_pdf_and_leaves_no_trace(desk: Desk, open_link: Get) -> None:
    answer = open_link(_token(desk.settings, desk.tenant_id, desk.made()))
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("inline")
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_link_ends_after_thirty_days(desk: Desk, open_link: Get) -> None:
    ids = {"tid": str(desk.tenant_id), "sid": str(desk.made())}
    assert open_link(sign(desk.settings.staff_secret, "document", timedelta(seconds=-1), **ids)).status_code == 404
    token = _token(desk.settings, desk.tenant_id, desk.made())
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 30 * 24 * 3600


def test_a_link_that_was_tampered_with_explains_itself_in_the_readers_language(desk: Desk, open_link: Get) -> None:
    answer = open_link(_token(desk.settings, desk.tenant_id, desk.made())[:-4] + "AAAA")
    assert answer.status_code == 404
    assert "Ce lien ne fonctionne plus" in answer.text
    assert '<html lang="fr">' in answer.text
    assert '<html lang="en">' in open_link("x", language="xx").text


def test_other_tokens_and_other_tenants_open_nothing(
    desk: Desk, open_link: Get, settings: Settings, make_tenant: Any
) -> None:
    strategy_id = desk.made()
    assert open_link(staff_token(settings, desk.tenant_id)).status_code == 404
    assert open_link(_token(settings, make_tenant(), strategy_id)).status_code == 404
    for ids in ({"tid": "x", "sid": str(strategy_id)}, {"tid": str(desk.tenant_id), "sid": 7}, {}):
        assert open_link(sign(settings.staff_secret, "document", timedelta(days=1), **ids)).status_code == 404
