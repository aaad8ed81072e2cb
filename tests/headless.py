"""The machine's Chromium, without a window."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from devstack import chromium


@contextmanager
def headless_browser() -> Iterator[Browser]:
    """A browser that contacts nothing but what a page asks for.

    For fixtures of a module at most: Playwright's loop runs in this thread until the block ends, and nothing else that
    needs a loop, a second browser included, works beside it.
    """
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium was found: install one, or name it in MARKEZY_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()
