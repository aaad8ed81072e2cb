"""A member of the agency's staff in the chat, as the visitor sees it."""

from playwright.sync_api import Page, expect

from tests.widget.fake_bot import FakeBot
from tests.widget.visitor import bubbles, faint_texts, open_chat, say


def test_a_person_is_named_and_shown_as_present_until_the_assistant_is_back(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.say(bot.conversation, "assistant", text="Ravi has joined the conversation.")
    bot.say(bot.conversation, "staff", name="Ravi", text="Hello, I am here now.")
    bot.say(bot.conversation, "staff", name="Ravi", text="How can I help?")
    expect(page.locator(".presence")).to_have_text("You are talking to Ravi")
    expect(page.locator(".presence-anchor [role=status]")).to_have_text("You are talking to Ravi")
    expect(page.get_by_text("Automated assistant")).to_be_hidden()
    assert bubbles(page)[-2:] == ["Ravi: Hello, I am here now.", "Ravi: How can I help?"]
    expect(page.locator(".sender:visible")).to_have_text(["Ravi"])
    assert faint_texts(page) == []

    bot.say(bot.conversation, "staff", name="Léa", text="And I am Léa.")
    expect(page.locator(".presence")).to_have_text("You are talking to Léa")
    expect(page.locator(".sender:visible")).to_have_text(["Ravi", "Léa"])

    bot.say(bot.conversation, "assistant", text="Léa has handed back to me.")
    expect(page.locator(".presence")).to_be_hidden()
    expect(page.locator(".presence-anchor [role=status]")).to_have_text("You are talking to the assistant again")
    expect(page.get_by_text("Automated assistant")).to_be_visible()


def test_nobody_is_said_to_be_writing_while_a_person_reads(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.say(bot.conversation, "staff", name="Ravi", text="Tell me more.")
    expect(page.locator(".presence")).to_be_visible()
    bot.answering.clear()
    say(page, "We sell shoes.")
    expect(page.get_by_text("We sell shoes.")).to_be_visible()
    expect(page.locator(".typing")).to_be_hidden()
    bot.answering.set()
    expect(page.get_by_text("You said: We sell shoes.")).to_be_visible()


def test_a_person_s_messages_count_as_unread_once_each(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.answering.clear()
    say(page, "Is anybody there?")
    page.keyboard.press("Escape")
    bot.say(bot.conversation, "staff", name="Ravi", text="Yes, I am.")
    bot.say(bot.conversation, "staff", name="Ravi", text="What is it about?")
    expect(page.get_by_role("button", name="Open the chat, 2 unread messages")).to_be_visible()
    bot.answering.set()
    expect(page.get_by_role("button", name="Open the chat, 3 unread messages")).to_be_visible()
    page.reload()
    launcher = page.get_by_role("button", name="Open the chat, 3 unread messages")
    expect(launcher).to_be_visible()
    launcher.click()
    expect(page.get_by_text("What is it about?")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Open the chat", exact=True)).to_be_visible()
