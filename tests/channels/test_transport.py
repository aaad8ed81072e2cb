"""Rasa's server over HTTPS or behind a proxy."""

import asyncio
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sanic import Blueprint, Sanic
from sanic.compat import Header
from sanic.response import HTTPResponse, text

from channels.transport import guard, require_agreement
from transport.guard import HSTS
from transport.rules import InsecureTransport

Ask = Callable[..., HTTPResponse]


@pytest.fixture
def ask() -> Ask:
    """What a guarded blueprint's middleware makes of a request, registered as Sanic will run it.

    Not over a socket: this Sanic serves one application in a process, and that is the tests' bot.
    """

    def run(method: str = "GET", **headers: str) -> HTTPResponse:
        blueprint = Blueprint("guarded", url_prefix="/webhooks/guarded")
        guard(blueprint)

        async def page(_request: Any) -> HTTPResponse:
            return text("here")

        blueprint.add_route(page, "/page", name="page")
        app = Sanic(f"guarded-{uuid.uuid4()}", configure_logging=False)
        app.blueprint(blueprint)
        Sanic._app_registry.pop(app.name)
        (route,) = app.named_request_middleware
        request = SimpleNamespace(
            ip="127.0.0.1", method=method, path="/webhooks/guarded/page", query_string="", headers=Header(headers)
        )
        return asyncio.run(answer(app, route, request))

    async def answer(app: Sanic, route: str, request: Any) -> HTTPResponse:
        found = None
        for middleware in app.named_request_middleware[route]:
            found = found or await middleware(request)
        found = found or text("here")
        for middleware in app.named_response_middleware[route]:
            await middleware(request, found)
        return found

    return run


@pytest.fixture
def behind_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKEZY_BEHIND_PROXY", "1")
    monkeypatch.setenv("MARKEZY_TRUSTED_PROXIES", "127.0.0.1")


def test_behind_a_proxy_https_is_promised_and_plain_http_refused(behind_proxy: None, ask: Ask) -> None:
    served = ask(**{"X-Forwarded-Proto": "https"})
    assert (served.status, served.headers["Strict-Transport-Security"]) == (200, HSTS)
    assert ask(**{"X-Forwarded-Proto": "http"}).status == 308
    assert ask("POST", **{"X-Forwarded-Proto": "http"}).status == 426


def test_the_demo_promises_nothing(ask: Ask) -> None:
    assert "Strict-Transport-Security" not in ask().headers


def test_production_over_plain_http_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKEZY_ENVIRONMENT", "production")
    with pytest.raises(InsecureTransport, match="does not serve plain HTTP"):
        asyncio.run(require_agreement(SimpleNamespace(state=SimpleNamespace(ssl=None)), None))


def test_a_certificate_that_rasa_was_not_given_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKEZY_TLS_CERT", "certificate.pem")
    monkeypatch.setenv("MARKEZY_TLS_KEY", "key.pem")
    with pytest.raises(InsecureTransport, match="--ssl-certificate"):
        asyncio.run(require_agreement(SimpleNamespace(state=SimpleNamespace(ssl=None)), None))
    asyncio.run(require_agreement(SimpleNamespace(state=SimpleNamespace(ssl=object())), None))
