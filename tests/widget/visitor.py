"""What a visitor does in the widget, and what they see."""

from playwright.sync_api import Page, expect


def open_chat(page: Page) -> None:
    page.get_by_role("button", name="Open the chat").click()
    expect(page.get_by_text("What does your shop sell?")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_label("Write a message…").locator("visible=true").fill(text)
    page.keyboard.press("Enter")


def storage(page: Page) -> list[str]:
    stored: list[str] = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return stored


def bubbles(page: Page) -> list[str]:
    return [text.replace(":\n", ": ", 1) for text in page.locator(".bubble").all_inner_texts()]
