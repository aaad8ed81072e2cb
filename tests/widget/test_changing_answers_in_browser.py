"""Earlier answers checked and changed: on the recap card and beside the visitor's own lines."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.fake_bot import FakeBot
from tests.widget.interview import EMAIL, RECAP
from tests.widget.visitor import bubbles, faint_texts, open_chat, say, too_small


def answer_three(page: Page) -> None:
    """Sector, channels and e-mail, as far as the question for a date."""
    open_chat(page)
    page.get_by_role("button", name="Food & drink").click()
    page.get_by_label("Google Ads").check()
    page.get_by_label("E-mail").check()
    page.get_by_role("button", name="Confirm").click()
    field = page.locator(".field:visible")
    expect(field).to_have_attribute("type", "email")
    field.fill("maya@oak.example")
    field.press("Enter")
    expect(page.get_by_text("When would you like to start?")).to_be_visible()


def sent(bot: FakeBot) -> str:
    message = bot.accepted[-1]
    return str(message.get("payload") or message["text"])


def test_the_recap_lists_every_answer_once_and_each_can_be_changed(page: Page, bot: FakeBot) -> None:
    answer_three(page)
    bot.say(bot.conversation, "assistant", **RECAP)
    card = page.get_by_role("list").filter(has_text="Assortment")
    expect(card.get_by_role("button")).to_have_count(3)
    expect(card.get_by_role("listitem").nth(1)).to_have_text("ChannelsGoogle Ads, E-mail")
    assert bubbles(page)[-1] == "Assistant: Before I finish, here is what I understood. Is everything right?"
    assert faint_texts(page) == []

    card.get_by_role("button", name="Change: Assortment, Food & drink").click()
    expect(page.get_by_role("button", name="Food & drink", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="Fashion")).not_to_have_attribute("aria-current", "true")
    assert sent(bot) == '/change_answer{"question":"sector"}'
    assert "You: Change my answer" in bubbles(page)
    expect(card).to_be_visible()
    expect(card.get_by_role("button")).to_have_count(0)


def test_only_the_newest_recap_can_be_tapped_and_confirming_ends_it(page: Page, bot: FakeBot) -> None:
    answer_three(page)
    bot.say(bot.conversation, "assistant", **RECAP)
    bot.say(bot.conversation, "assistant", **RECAP)
    cards = page.get_by_role("list").filter(has_text="Assortment")
    expect(cards).to_have_count(2)
    expect(cards.nth(0).get_by_role("button")).to_have_count(0)
    expect(cards.nth(1).get_by_role("button")).to_have_count(3)
    page.get_by_role("button", name="Everything is right").last.click()
    expect(page.get_by_text("Thank you! Your plan")).to_be_visible()
    assert sent(bot) == "/confirm"
    expect(page.get_by_role("list").get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("button", name="Change:")).to_have_count(0)


def test_the_visitor_s_own_answer_can_be_tapped_to_change_it(page: Page, bot: FakeBot) -> None:
    answer_three(page)
    change = page.get_by_role("button", name="Change: Google Ads, E-mail")
    page.mouse.move(0, 0)
    expect(change).to_have_css("opacity", "0")
    page.get_by_text("Google Ads, E-mail").hover()
    expect(change).to_have_css("opacity", "1")
    change.click()
    expect(page.get_by_label("Google Ads")).to_be_checked()
    expect(page.get_by_label("E-mail")).to_be_checked()
    expect(page.get_by_label("Instagram or Facebook")).not_to_be_checked()
    assert sent(bot) == '/change_answer{"question":"channels"}'
    expect(page.get_by_role("button", name="Change: Google Ads, E-mail")).to_have_count(0)
    expect(page.get_by_role("button", name="Change: Food & drink")).to_have_count(1)


def test_the_keyboard_reaches_earlier_answers_behind_the_choices(page: Page, bot: FakeBot) -> None:
    answer_three(page)
    change = page.get_by_role("button", name="Change: maya@oak.example")
    expect(change).to_have_count(1)
    page.locator(".field:visible").focus()
    page.keyboard.press("Shift+Tab")
    expect(change).to_be_focused()
    expect(change).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page.locator(".field:visible")).to_have_value("maya@oak.example")
    expect(page.locator(".field:visible")).to_be_focused()
    page.keyboard.type("new@oak.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Got it.")).to_have_count(2)
    assert sent(bot) == "new@oak.example"


def test_words_already_begun_are_not_replaced_by_the_answer_as_it_stands(page: Page, bot: FakeBot) -> None:
    answer_three(page)
    page.locator(".field:visible").fill("by the way")
    page.get_by_role("button", name="Change: maya@oak.example").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".field:visible")).to_have_attribute("type", "email")
    expect(page.locator(".field:visible")).to_have_value("by the way")


def test_an_answer_left_as_it_was_leaves_the_field_again(page: Page, bot: FakeBot) -> None:
    answer_three(page)
    page.get_by_role("button", name="Change: maya@oak.example").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".field:visible")).to_have_value("maya@oak.example")
    bot.say(bot.conversation, "assistant", **RECAP)
    expect(page.get_by_role("button", name="Everything is right")).to_be_visible()
    expect(page.locator(".field:visible")).to_have_value("")


def test_nothing_can_be_changed_while_a_message_is_on_its_way(page: Page, bot: FakeBot) -> None:
    answer_three(page)
    expect(page.get_by_role("button", name="Change:")).to_have_count(3)
    bot.answering.clear()
    say(page, "just a moment")
    expect(page.locator(".typing")).to_be_visible()
    expect(page.get_by_role("button", name="Change:")).to_have_count(0)
    bot.answering.set()
    expect(page.get_by_text("You said: just a moment")).to_be_visible()
    bot.say(bot.conversation, "assistant", **EMAIL)
    expect(page.get_by_role("button", name="Change: Food & drink")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 1280])
def test_on_a_touch_screen_the_ways_to_change_are_always_in_view_and_large_enough(
    browser_with_touch: BrowserContext, site: str, bot: FakeBot, width: int
) -> None:
    page = browser_with_touch.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/en/")
    answer_three(page)
    expect(page.get_by_role("button", name="Change: Food & drink")).to_have_css("opacity", "1")
    bot.say(bot.conversation, "assistant", **RECAP)
    expect(page.get_by_role("button", name="Change: Channels, Google Ads, E-mail")).to_be_visible()
    assert too_small(page) == []
    assert page.locator(".scroller").evaluate("node => node.scrollWidth <= node.clientWidth")
