"""The built widget in a real browser, on a demo agency's page, talking to a bot that lives in this process."""

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from devstack.sandbox.website.page import render_site, site_style
from tests.headless import headless_browser
from tests.widget.fake_bot import FakeBot
from tests.widget.interview import GREETING, answer

WEB = Path(__file__).resolve().parents[2] / "channels/widget/web"


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The widget as the build leaves it; built anew when a source is younger."""
    built = WEB / "dist/widget.js"
    youngest = max(path.stat().st_mtime for path in WEB.glob("src/**/*.*"))
    if not built.exists() or built.stat().st_mtime < youngest:
        subprocess.run(["node", "build.mjs"], cwd=WEB, check=True, timeout=60, capture_output=True)
    return built


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with headless_browser() as browser:
        yield browser


@pytest.fixture
def bot(bundle: Path) -> Iterator[FakeBot]:
    bot = FakeBot(GREETING, answer)
    yield bot
    bot.close()


@pytest.fixture
def site(bot: FakeBot) -> Iterator[str]:
    """An agency's website on another origin than the bot; the path's first part is the language, `/fr/…`; `?flow=` names
    the page's flow."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            locale = self.path.split("/")[1]
            slug = "atelier-nova" if locale == "fr" else "brightlane"
            name = "Atelier Nova" if locale == "fr" else "Brightlane"
            css = self.path.endswith(".css")
            text = site_style(slug, locale) if css else render_site(slug, name, locale, "wk_test", bot.url)
            text = text.replace(f'href="/sites/{slug}/style.css"', f'href="/{locale}/style.css"')
            flow = parse_qs(urlsplit(self.path).query).get("flow", [""])[0]
            body = text.replace("<script ", f'<script data-hidden-partner-code="p7" data-flow="{flow}" ').encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if css else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(8_000)
    yield context
    context.close()


@pytest.fixture
def browser_with_touch(browser: Browser) -> Iterator[BrowserContext]:
    """A device without a mouse."""
    context = browser.new_context(has_touch=True, is_mobile=True, reduced_motion="reduce")
    context.set_default_timeout(8_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Page:
    """A desktop visitor on the English site; the chat is closed."""
    page = context.new_page()
    page.goto(f"{site}/en/?utm_source=letter#prices")
    page.get_by_role("button", name="Open the chat").wait_for()
    return page
