"""The lead's side of a delivery: their link, opened as browsers and as programs open it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.clock import now
from markezy.kernel.settings import Settings
from markezy.strategies.delivery.links import document_url

from tests.markezy.strategies.conftest import Desk

Open = Callable[..., requests.Response]

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "fr-FR,fr;q=0.9",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


def token_of(settings: Settings, tenant_id: UUID, strategy_id: UUID) -> str:
    return document_url(settings, tenant_id, strategy_id, now()).rpartition("/")[2]


@pytest.fixture
def open_link(web_url: str) -> Open:
    """Follow a link by its token as a browser does; other headers and another method by name."""

    def fetch(token: str, rest: str = "", method: str = "GET", **headers: str) -> requests.Response:
        told: dict[str, Any] = {**BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return requests.request(method, f"{web_url}/documents/{token}{rest}", headers=told, timeout=20)

    return fetch


@pytest.fixture
def link(desk: Desk) -> str:
    """The token of the link to a strategy that is ready."""
    return token_of(desk.settings, desk.tenant_id, desk.made())
