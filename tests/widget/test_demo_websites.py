"""The demo agencies' websites, as the sandbox serves them."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
import requests
from sanic import Sanic

from devstack.sandbox.website.page import render_site
from devstack.sandbox.website.routes import website
from devstack.sandbox.website.site import Site

SITES = {
    "brightlane": Site("brightlane", "Brightlane", "en", "wk_one", "http://127.0.0.1:26005"),
    "atelier-nova": Site("atelier-nova", "Atelier Nova", "fr", "wk_two", "http://127.0.0.1:26005"),
}


class Tags(HTMLParser):
    """The start tags of a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The blueprint in an application of its own, behind a real socket."""
    app: Sanic[Any, Any] = Sanic("demo-websites-under-test", configure_logging=False)
    app.ctx.sites = SITES
    app.blueprint(website)
    listening = socket.create_server(("127.0.0.1", 0))
    started, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        running: Any = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await running.startup()
        await running.start_serving()
        started.set()
        await stop.wait()
        running.close()
        for connection in list(running.connections):
            connection.abort()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


def get(url: str) -> requests.Response:
    return requests.get(url, timeout=10)


@pytest.mark.parametrize("slug", SITES)
def test_an_agency_s_page_carries_the_one_script_tag_and_nothing_foreign(server: str, slug: str) -> None:
    page = get(f"{server}/sites/{slug}")
    tags = Tags(page.text)
    assert page.status_code == 200
    (script,) = tags.named("script")
    assert script["src"] == "http://127.0.0.1:26005/webhooks/widget/widget.js"
    assert script["data-widget-key"] == SITES[slug].widget_key
    assert script["data-locale"] == SITES[slug].locale == tags.named("html")[0]["lang"]
    assert [link["href"] for link in tags.named("link")] == ["data:,", f"/sites/{slug}/style.css"]
    assert "script-src http://127.0.0.1:26005;" in page.headers["content-security-policy"]


@pytest.mark.parametrize("slug", SITES)
def test_the_style_sheet_loads_nothing_from_elsewhere(server: str, slug: str) -> None:
    css = get(f"{server}/sites/{slug}/style.css")
    assert css.status_code == 200
    assert css.headers["content-type"].startswith("text/css")
    assert "url(" not in css.text
    assert "@import" not in css.text


def test_an_unknown_website_is_a_404_that_lists_the_known_ones(server: str) -> None:
    page = get(f"{server}/sites/nobody")
    assert page.status_code == 404
    assert [link["href"] for link in Tags(page.text).named("a")] == ["/sites/atelier-nova", "/sites/brightlane"]


def test_an_agency_added_later_gets_the_design_in_its_language() -> None:
    assert "bonnes tables" in render_site("chez-lea", "Chez Léa", "fr", "wk_3", "http://bot/")
    assert "online shops" in render_site("norte", "Norte", "es", "wk_4", "http://bot/")


def test_a_name_with_markup_in_it_stays_a_name() -> None:
    page = render_site("x", '<script>alert(1)</script>"', "en", '"><script>', "http://bot")
    assert len(Tags(page).named("script")) == 1
