"""The settings over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.settings import Settings

from tests.markezy.leads.conversations import staff_token


@pytest.fixture
def ask(web_url: str, settings: Settings, make_tenant: Callable[..., UUID]) -> Callable[..., requests.Response]:
    tenant = make_tenant()

    def call(method: str, role: str = "owner", body: Any = None, of: UUID = tenant) -> requests.Response:
        headers = {"Authorization": f"Bearer {staff_token(settings, of, role)}"}
        return requests.request(method, f"{web_url}/api/v1/resuming/settings", json=body, headers=headers, timeout=20)

    return call


def test_the_settings_are_kept(ask: Callable[..., requests.Response]) -> None:
    assert ask("GET").json() == {"remind": True, "remind_after_hours": 20}
    wanted = {"remind": False, "remind_after_hours": 48}
    assert ask("PUT", body=wanted).json() == wanted
    assert ask("GET", role="analyst").json() == wanted


def test_agencies_have_their_own(ask: Callable[..., requests.Response], make_tenant: Callable[..., UUID]) -> None:
    ask("PUT", body={"remind": False, "remind_after_hours": 48})
    assert ask("GET", of=make_tenant()).json()["remind"] is True


@pytest.mark.parametrize(
    "body",
    [{}, {"remind": "yes", "remind_after_hours": 3}, {"remind": True, "remind_after_hours": 0},
     {"remind": True, "remind_after_hours": 721}, {"remind": True, "remind_after_hours": 1.5}],
)  # fmt: skip
def test_wrong_settings_change_nothing(ask: Callable[..., requests.Response], body: dict[str, Any]) -> None:
    assert ask("PUT", body=body).status_code == 422
    assert ask("GET").json()["remind_after_hours"] == 20


def test_only_managers_change_them(ask: Callable[..., requests.Response]) -> None:
    assert ask("PUT", role="agent", body={"remind": False, "remind_after_hours": 48}).status_code == 403
