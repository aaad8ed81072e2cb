"""Addresses an agency may enter that lead into the operator's own network."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import requests
from markezy.kernel.errors import Invalid
from markezy.kernel.outgoing import check_url, session

from tests.attack.tally import Attacks
from tests.listening import listening

KIND = "addresses into the operator's network"
HOSTS = (
    "127.0.0.1", "127.1", "127.255.255.254", "0.0.0.0", "0", "2130706433", "0x7f000001", "0177.0.0.1", "localhost",
    "localhost.", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.1",
    "198.18.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fc00::1]",
    "[fd12:3456::1]", "[fe80::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "①②⑦.⓪.⓪.①",
)  # fmt: skip
SPELLINGS = (
    "http://{}/", "https://{}/", "http://{}:6379/", "http://user@{}/", "http://user:pass@{}/", "http://{}#@example.com/",
    "http://{}?@example.com/", "//{}/", "ftp://{}/", "file://{}/etc/passwd", "gopher://{}:6379/_x", "dict://{}:11211/",
    "http:\\\\{}\\", " http://{}/", "http://{}:99999/",
)  # fmt: skip


def test_no_spelling_of_a_private_address_passes(attacks: Attacks) -> None:
    for host in HOSTS:
        for spelling in SPELLINGS:
            url = spelling.format(host)
            attacks.held(KIND, url, _is_refused(url))
    attacks.check(KIND)


def _is_refused(url: str) -> bool:
    try:
        check_url(url)
    except Invalid:
        return True
    return False


@contextmanager
def unreachable(redirect_to: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """A server on this machine that must not be reached: its port, and what reached it."""
    reached: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(302 if redirect_to else 200)
            if redirect_to:
                self.send_header("Location", redirect_to)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with listening(Handler) as port:
        yield port, reached


def test_a_name_that_leads_elsewhere_after_the_check_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, attacks: Attacks
) -> None:
    real: Callable[..., Any] = socket.getaddrinfo
    answers = iter(["93.184.216.34"])

    def rebinding(host: str, *arguments: Any, **options: Any) -> Any:
        """Public when it is checked, private when it is connected to."""
        if host == "rebind.example":
            host = next(answers, "127.0.0.1")
        return real(host, *arguments, **options)

    with unreachable() as (port, reached):
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        url = f"http://rebind.example:{port}/latest/meta-data"
        check_url(url)
        with pytest.raises(requests.ConnectionError):
            session().get(url, timeout=5)
        attacks.held(KIND, "DNS rebinding", reached == [])
    attacks.check(KIND)


def test_a_redirect_into_the_network_is_not_followed(attacks: Attacks) -> None:
    with unreachable() as (port, reached):
        inside = f"http://127.0.0.1:{port}/admin"
        with unreachable(redirect_to=inside) as (outer, _), pytest.raises(requests.ConnectionError):
            session({f"127.0.0.1:{outer}"}).get(f"http://127.0.0.1:{outer}/", timeout=5)
        attacks.held(KIND, "a redirect", reached == [])
    attacks.check(KIND)


def test_what_the_operator_allowed_is_reached() -> None:
    with unreachable() as (port, reached):
        assert session({f"127.0.0.1:{port}"}).get(f"http://127.0.0.1:{port}/crm", timeout=5).status_code == 200
        assert reached == ["/crm"]
