"""A lead goes on elsewhere: they ask for a link in the chat, get it by mail, and open it in another browser."""

import re
import uuid
from typing import Any

import requests
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import eventually


def test_a_link_from_the_mail_leads_back_into_the_conversation(
    page: Page, browser: Browser, demo: dict[str, Any]
) -> None:
    site = demo["mail_url"].removesuffix("/mail")
    address = f"{uuid.uuid4().hex}@somebody.example"
    page.goto(f"{site}/sites/brightlane")
    page.get_by_role("button", name="Open the chat").click()
    widget = page.locator("#markezy-widget")
    widget.get_by_role("button", name="It is running", exact=True).click()
    expect(widget.get_by_role("button", name="Home & garden", exact=True)).to_be_visible()
    field = widget.locator(".field:visible")
    for said in ("can I continue later on another device?", address):
        before = widget.locator(".bubble").count()
        field.fill(said)
        field.press("Enter")
        expect(widget.locator(".bubble").nth(before + 1)).to_be_visible()

    (mail,) = eventually(lambda: _mails(demo, address), "the letter")
    found = re.search(r"http\S+#markezy-resume=\S+", mail["text"])
    assert found, mail["text"]
    link = found.group()

    elsewhere = browser.new_context(viewport={"width": 390, "height": 844})
    other = elsewhere.new_page()
    other.goto(link)
    there = other.locator("#markezy-widget")
    expect(there.locator(".bubble").filter(has_text=address).first).to_be_visible(timeout=30_000)
    assert "markezy-resume" not in other.url
    there.get_by_role("button", name="Home & garden", exact=True).click()
    expect(there.get_by_role("button", name="Shopify", exact=True)).to_be_visible()
    expect(widget.get_by_role("button", name="Shopify", exact=True)).to_be_visible()
    elsewhere.close()


def _mails(demo: dict[str, Any], to: str) -> list[dict[str, Any]]:
    items = requests.get(demo["mail_url"], timeout=30).json()["items"]
    return [mail for mail in items if to in mail["to"]]
