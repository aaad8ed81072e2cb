"""A server with a certificate, and one behind a proxy, as browsers and proxies meet them."""

import socket
import ssl
import uuid
from collections.abc import Callable

import pytest
import requests
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from fairuse.addresses import TrustedProxies
from tests.markezy.serving import serving
from tests.transport.conftest import Papers
from transport.guard import HSTS, Guard
from transport.rules import Transport, transport_of

MakeApp = Callable[[Transport], Sanic]
BEHIND_PROXY = transport_of({"MARKEZY_BEHIND_PROXY": "1", "MARKEZY_TRUSTED_PROXIES": "127.0.0.1"})


@pytest.fixture
def make_app() -> MakeApp:
    def make(transport: Transport) -> Sanic:
        app = Sanic(f"guarded-{uuid.uuid4()}", configure_logging=False)
        guard = Guard(transport, TrustedProxies("127.0.0.1"))
        app.register_middleware(guard.on_request, "request")
        app.register_middleware(guard.on_response, "response")

        async def page(_request: Request) -> HTTPResponse:
            return json({})

        app.add_route(page, "/page", methods=["GET", "POST"], name="page")
        app.add_route(page, "/readyz", name="readyz")
        return app

    return make


def test_with_a_certificate_it_speaks_https_and_says_so_for_a_year(make_app: MakeApp, papers: Papers) -> None:
    found = transport_of({"MARKEZY_TLS_CERT": str(papers.certificate), "MARKEZY_TLS_KEY": str(papers.key)})
    with serving(make_app(found), tls=found.server_context()) as url:
        assert url.startswith("https://")
        answer = requests.get(f"{url}/page", timeout=10, verify=str(papers.certificate))
        assert (answer.status_code, answer.headers["Strict-Transport-Security"]) == (200, HSTS)
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{url}/page", timeout=10)


def test_versions_of_tls_that_are_broken_are_not_spoken(make_app: MakeApp, papers: Papers) -> None:
    found = transport_of({"MARKEZY_TLS_CERT": str(papers.certificate), "MARKEZY_TLS_KEY": str(papers.key)})
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with (
        serving(make_app(found), tls=found.server_context()) as url,
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as plain,
        pytest.raises(ssl.SSLError),
    ):
        old.wrap_socket(plain)


def test_behind_a_proxy_who_came_over_https_is_served(make_app: MakeApp) -> None:
    with serving(make_app(BEHIND_PROXY)) as url:
        answer = requests.get(f"{url}/page", headers={"X-Forwarded-Proto": "https"}, timeout=10)
    assert (answer.status_code, answer.headers["Strict-Transport-Security"]) == (200, HSTS)


def test_behind_a_proxy_who_came_without_is_sent_to_https(make_app: MakeApp) -> None:
    headers = {"X-Forwarded-Proto": "http", "Host": "app.example.com:80"}
    with serving(make_app(BEHIND_PROXY)) as url:
        read = requests.get(f"{url}/page?a=1", headers=headers, timeout=10, allow_redirects=False)
        written = requests.post(f"{url}/page", headers=headers, timeout=10)
    assert (read.status_code, read.headers["Location"]) == (308, "https://app.example.com/page?a=1")
    assert written.status_code == 426


def test_a_proxy_that_forgets_to_say_how_they_came_is_not_believed(make_app: MakeApp) -> None:
    with serving(make_app(BEHIND_PROXY)) as url:
        answer = requests.post(f"{url}/page", headers={"X-Forwarded-For": "203.0.113.9"}, timeout=10)
    assert answer.status_code == 426


def test_our_own_processes_and_probes_come_directly(make_app: MakeApp) -> None:
    with serving(make_app(BEHIND_PROXY)) as url:
        assert requests.get(f"{url}/page", timeout=10).status_code == 200
        assert requests.get(f"{url}/readyz", headers={"X-Forwarded-Proto": "http"}, timeout=10).status_code == 200


def test_the_demo_over_plain_http_promises_nothing(make_app: MakeApp) -> None:
    with serving(make_app(Transport())) as url:
        assert "Strict-Transport-Security" not in requests.get(f"{url}/page", timeout=10).headers
