"""Openings that get lost, resume links, and the visitor's own language."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.fake_bot import Conversation, FakeBot
from tests.widget.visitor import bubbles, open_chat, say, storage


@pytest.fixture
def elsewhere(bot: FakeBot) -> Conversation:
    """A conversation begun on another device, with a resume link."""
    conversation = bot.start("on another device", {"widget_key": "wk_test"})
    bot.say(conversation, "visitor", text="I sell lamps.", message_id="m1")
    bot.links["good-token"] = conversation
    return conversation


def test_an_opening_whose_answer_was_lost_makes_no_second_conversation(page: Page, bot: FakeBot) -> None:
    bot.lose_starts = 2
    page.get_by_role("button", name="Open the chat").click()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Fashion")).to_be_visible()
    first, *others = bot.starts
    assert len(others) >= 2
    assert others == [first] * len(others)
    assert len(bot.conversations) == 1


def test_starting_over_is_a_new_opening_by_the_same_visitor(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Start over").click()
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("button", name="Fashion")).to_be_visible()
    (first, before), (second, after) = bot.starts
    assert first != second
    assert before["visitor"] == after["visitor"]


def test_a_page_with_another_flow_starts_its_own_conversation_and_each_is_found_again(
    page: Page, bot: FakeBot, site: str
) -> None:
    open_chat(page)
    say(page, "about my shop")
    expect(page.get_by_text("You said: about my shop")).to_be_visible()
    page.goto(f"{site}/en/?flow=events")
    open_chat(page)
    say(page, "about our fair")
    expect(page.get_by_text("You said: about our fair")).to_be_visible()
    expect(page.get_by_text("about my shop")).to_have_count(0)
    default, events = (conversation.start for conversation in bot.conversations)
    assert (default.get("flow"), events.get("flow")) == (None, "events")
    assert default["visitor"] == events["visitor"]

    page.goto(f"{site}/en/")
    expect(page.get_by_text("You said: about my shop")).to_be_visible()
    page.goto(f"{site}/en/?flow=events")
    expect(page.get_by_text("You said: about our fair")).to_be_visible()
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Start over").click()
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("about our fair")).to_have_count(0)
    assert bot.conversation.start["flow"] == "events"
    page.goto(f"{site}/en/")
    expect(page.get_by_text("You said: about my shop")).to_be_visible()
    assert len(bot.conversations) == 3


def test_a_resume_link_leads_back_into_the_conversation(
    context: BrowserContext, site: str, bot: FakeBot, elsewhere: Conversation
) -> None:
    page = context.new_page()
    page.goto(f"{site}/en/?utm_source=letter#prices&markezy-resume=good-token")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_text("I sell lamps.")).to_be_visible()
    assert page.url == f"{site}/en/?utm_source=letter#prices"
    say(page, "Here I am again.")
    expect(page.get_by_text("You said: Here I am again.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("You said: Here I am again.")).to_be_visible()
    assert bot.conversations == [elsewhere]


def test_the_link_wins_over_the_conversation_on_this_device(
    page: Page, bot: FakeBot, site: str, elsewhere: Conversation
) -> None:
    open_chat(page)
    page.evaluate("location.hash = 'markezy-resume=good-token'")
    expect(page.get_by_text("I sell lamps.")).to_be_visible()
    assert page.url == f"{site}/en/?utm_source=letter"
    expect(page.locator(".banner")).to_be_hidden()
    say(page, "over here")
    expect(page.get_by_text("You said: over here")).to_be_visible()
    assert elsewhere.log[-1]["text"] == "You said: over here"


def test_an_expired_link_says_so_and_offers_to_start_anew(context: BrowserContext, site: str, bot: FakeBot) -> None:
    page = context.new_page()
    page.goto(f"{site}/en/#markezy-resume=too-old")
    expect(page.get_by_text("This link no longer works")).to_be_visible()
    assert page.url == f"{site}/en/"
    assert bot.conversations == []
    assert storage(page) == ["markezy:wk_test"], "this tab's open panel only"
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("button", name="Fashion")).to_be_visible()


def test_an_expired_link_costs_nobody_the_conversation_on_this_device(page: Page, bot: FakeBot, site: str) -> None:
    open_chat(page)
    say(page, "keep me")
    expect(page.get_by_text("You said: keep me")).to_be_visible()
    before = bubbles(page)
    page.goto("about:blank")
    page.goto(f"{site}/en/#markezy-resume=too-old")
    expect(page.get_by_text("This link no longer works")).to_be_visible()
    expect(page.get_by_text("You said: keep me")).to_be_visible()
    assert bubbles(page) == before
    page.get_by_role("button", name="Dismiss").click()
    say(page, "still here")
    expect(page.get_by_text("You said: still here")).to_be_visible()
    assert len(bot.conversations) == 1


def test_a_link_that_could_not_be_looked_up_is_tried_again_on_request(
    context: BrowserContext, site: str, bot: FakeBot, elsewhere: Conversation
) -> None:
    page = context.new_page()
    bot.refuse_with = (503, {"detail": "Busy."})
    page.goto(f"{site}/en/#markezy-resume=good-token")
    expect(page.get_by_text("We can’t reach the chat.")).to_be_visible()
    bot.refuse_with = None
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("I sell lamps.")).to_be_visible()
    assert bot.conversations == [elsewhere]


def test_the_menu_switches_the_language_of_the_chat_and_of_the_widget_for_good(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.locator(".field:visible").fill("half a sentence")
    page.get_by_role("button", name="More options").click()
    expect(page.get_by_role("menuitemradio", name="English")).to_have_attribute("aria-checked", "true")
    page.get_by_role("menuitemradio", name="Français").click()
    expect(page.get_by_text("Bien sûr, continuons en français.")).to_be_visible()
    assert bot.accepted[-1]["payload"] == '/switch_language{"value":"fr"}'
    expect(page.get_by_label("Écrivez un message…").locator("visible=true")).to_have_value("half a sentence")
    assert "Vous: Français" in bubbles(page)
    assert page.locator("#markezy-widget").get_attribute("lang") == "fr"

    page.reload()
    expect(page.get_by_text("Bien sûr, continuons en français.")).to_be_visible()
    page.get_by_role("button", name="Plus d’options").click()
    expect(page.get_by_role("menuitemradio", name="Français")).to_have_attribute("aria-checked", "true")
    page.get_by_role("menuitem", name="Recommencer").click()
    page.get_by_role("button", name="Recommencer").click()
    expect(page.get_by_role("button", name="Fashion")).to_be_visible()
    assert bot.conversation.start["locale"] == "fr"


def test_the_menu_offers_to_continue_later(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Continue later").click()
    expect(page.get_by_text("to which e-mail address")).to_be_visible()
    assert bot.accepted[-1]["payload"] == "/resume_later"
