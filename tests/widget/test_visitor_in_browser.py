"""What a visitor sees and does, in a real browser."""

import re
import uuid

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.fake_bot import FakeBot
from tests.widget.visitor import bubbles, open_chat, say, storage

PDF = {"title": "Growth plan", "url": "https://plans.example/p.pdf", "media_type": "application/pdf"}


def test_nothing_is_stored_or_sent_before_the_visitor_opens_the_chat(
    page: Page, bot: FakeBot, context: BrowserContext
) -> None:
    page.wait_for_load_state("networkidle")
    assert storage(page) == []
    assert context.cookies() == []
    assert bot.conversations == []


def test_opening_starts_a_conversation_that_knows_where_the_visitor_came_from(
    page: Page, bot: FakeBot, site: str
) -> None:
    open_chat(page)
    start = dict(bot.conversation.start)
    assert str(uuid.UUID(start.pop("visitor"))) in page.evaluate("localStorage['markezy:wk_test:device']")
    assert start == {
        "widget_key": "wk_test",
        "locale": "en",
        "page": {"url": f"{site}/en/?utm_source=letter", "referrer": "", "utm": {"source": "letter"}},
        "hidden": {"partner_code": "p7"},
    }
    expect(page.get_by_role("dialog", name="Brightlane")).to_be_visible()
    expect(page.get_by_label("Write a message…").locator("visible=true")).to_be_focused()


def test_a_whole_qualification(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.get_by_role("button", name="Food & drink").click()
    expect(page.get_by_role("button", name="Food & drink", exact=True)).to_have_count(0)

    page.get_by_label("Google Ads").check()
    page.get_by_label("E-mail").check()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "2")
    page.get_by_role("button", name="Confirm").click()

    field = page.locator(".field:visible")
    expect(field).to_have_attribute("type", "email")
    field.fill("maya@oak.example")
    field.press("Enter")

    page.get_by_role("button", name="Pick a date").wait_for()
    page.locator("input[type=date]").evaluate(
        "node => { node.value = '2026-12-01'; node.dispatchEvent(new Event('change')) }"
    )
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you!")).to_be_visible()

    said = [message.get("payload") or message["text"] for message in bot.accepted]
    assert said == [
        '/answer{"question":"sector","value":"food"}',
        '/answer{"question":"channels","value":["google_ads","email"]}',
        "maya@oak.example",
        "2026-12-01",
    ]
    assert "You: Google Ads, E-mail" in bubbles(page)


def test_the_menu_goes_back_and_asks_for_a_person(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Talk to a person").click()
    expect(page.get_by_text("Somebody from the team")).to_be_visible()
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Go back one question").click()
    expect(page.get_by_text("Where shall we send your plan?")).to_be_visible()
    assert [message["payload"] for message in bot.accepted] == ["/ask_person", "/go_back"]


def test_the_menu_deletes_what_is_kept_of_the_visitor(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Delete my data").click()
    expect(page.get_by_role("menuitem", name="Delete my data")).to_be_hidden()
    with bot.changed:
        assert bot.changed.wait_for(lambda: bot.accepted, 10)
    assert bot.accepted[-1]["payload"] == "/delete_my_data"


def test_what_to_know_before_writing_stands_at_the_field_and_goes_with_its_question(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    warned = {"type": "text", "question": "audience", "note": "Nothing sensitive, please."}
    bot.say(bot.conversation, "assistant", text="Who do you sell to?", input=warned)
    note = page.get_by_text("Nothing sensitive, please.")
    expect(note).to_be_visible()
    expect(page.get_by_role("textbox", name="Write a message…")).to_have_accessible_description(
        "Nothing sensitive, please."
    )
    bot.say(bot.conversation, "assistant", text="And your address?", input={"type": "email", "question": "email"})
    expect(note).to_be_hidden()


def test_starting_over_asks_first_and_then_begins_a_new_conversation(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    say(page, "hello")
    expect(page.get_by_text("You said: hello")).to_be_visible()
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Start over").click()
    page.get_by_role("button", name="Cancel").click()
    assert len(bot.conversations) == 1
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Start over").click()
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("You said: hello")).to_have_count(0)
    expect(page.get_by_role("button", name="Fashion")).to_be_visible()
    assert len(bot.conversations) == 2


def test_a_reload_brings_the_open_panel_and_the_transcript_back(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.get_by_role("button", name="Fashion").click()
    expect(page.get_by_label("Google Ads")).to_be_visible()
    before = bubbles(page)
    page.reload()
    expect(page.get_by_label("Google Ads")).to_be_visible()
    assert bubbles(page) == before
    assert len(bot.conversations) == 1


def test_news_arrives_by_itself_and_is_counted_while_the_chat_is_closed(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.keyboard.press("Escape")
    bot.say(bot.conversation, "assistant", text="Your plan is ready.", attachment=PDF)
    bot.say(bot.conversation, "staff", text="Hello, Jonas here.")
    launcher = page.get_by_role("button", name="Open the chat, 2 unread messages")
    expect(launcher).to_be_visible()
    page.reload()
    expect(launcher).to_be_visible()
    launcher.click()
    link = page.get_by_role("link", name="Growth plan PDF")
    expect(link).to_have_attribute("href", PDF["url"])
    expect(link).to_have_attribute("target", "_blank")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Open the chat", exact=True)).to_be_visible()


def test_news_missed_while_the_stream_was_broken_is_caught_up(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.hang_up_on_streams = True
    bot.say(bot.conversation, "assistant", text="While you were away.")
    expect(page.get_by_text("While you were away.")).to_have_count(1)
    bot.hang_up_on_streams = False
    bot.say(bot.conversation, "assistant", text="Back again.")
    expect(page.get_by_text("Back again.")).to_have_count(1, timeout=15_000)


def test_another_tab_stays_in_step(page: Page, bot: FakeBot, context: BrowserContext, site: str) -> None:
    open_chat(page)
    other = context.new_page()
    other.goto(f"{site}/en/")
    other.get_by_role("button", name="Open the chat").click()
    say(page, "from the first tab")
    expect(other.get_by_text("You said: from the first tab")).to_be_visible()
    say(other, "from the second tab")
    expect(page.get_by_text("You said: from the second tab")).to_be_visible()
    assert bubbles(page) == bubbles(other)
    assert len(bot.conversations) == 1


def test_what_was_written_offline_arrives_once_and_in_order(page: Page, bot: FakeBot, context: BrowserContext) -> None:
    open_chat(page)
    context.set_offline(True)
    say(page, "first")
    expect(page.get_by_text("Not sent")).to_be_visible()
    say(page, "second")
    context.set_offline(False)
    expect(page.get_by_text("You said: second")).to_be_visible()
    expect(page.get_by_text("Not sent")).to_have_count(0)
    assert [message["text"] for message in bot.accepted] == ["first", "second"]
    assert bubbles(page)[-4:] == [
        "You: first",
        "Assistant: You said: first",
        "You: second",
        "Assistant: You said: second",
    ]


def test_an_answer_lost_on_its_way_doubles_nothing(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.hang_up_on_streams = bot.log_unavailable = True
    bot.lose_answers = 2
    say(page, "only once")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("You said: only once")).to_have_count(1)
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    assert len({message["id"] for message in bot.attempts}) == 1
    assert len(bot.attempts) >= 2
    assert [message["text"] for message in bot.accepted] == ["only once"]
    expect(page.get_by_text("only once")).to_have_count(2)


def test_a_message_seen_in_the_transcript_counts_as_sent_although_its_answer_was_lost(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.lose_answers = 1
    say(page, "heard you")
    expect(page.get_by_text("You said: heard you")).to_have_count(1)
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    assert [message["text"] for message in bot.accepted] == ["heard you"]


def test_a_message_written_before_a_reload_is_still_sent(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.refuse_with = (503, {"detail": "Busy."})
    say(page, "do not forget me")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    page.reload()
    bot.refuse_with = None
    expect(page.get_by_text("You said: do not forget me")).to_be_visible()
    assert [message["text"] for message in bot.accepted] == ["do not forget me"]


def test_the_assistant_is_seen_writing(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.answering.clear()
    say(page, "hello")
    expect(page.get_by_text("The assistant is writing")).to_be_attached()
    expect(page.locator(".typing")).to_be_visible()
    bot.answering.set()
    expect(page.get_by_text("You said: hello")).to_be_visible()
    expect(page.locator(".typing")).to_be_hidden()


def test_a_refused_message_says_why_and_the_conversation_goes_on(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.refuse_with = (422, {"title": "Invalid", "detail": "A message may hold 4000 characters at most."})
    say(page, "too much")
    expect(page.get_by_text("A message may hold 4000 characters at most.")).to_be_visible()
    bot.refuse_with = None
    page.get_by_role("button", name="Fashion").click()
    expect(page.get_by_label("Google Ads")).to_be_visible()


def test_a_conversation_that_has_expired_is_replaced_and_the_words_are_kept(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    bot.hang_up_on_streams = True
    bot.forget_conversations()
    say(page, "are you there?")
    expect(page.get_by_text("Your earlier conversation is no longer available")).to_be_visible()
    expect(page.get_by_role("button", name="Fashion")).to_be_visible()
    assert len(bot.conversations) == 1


def test_a_stored_conversation_that_is_gone_is_replaced_on_reload(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.goto("about:blank")
    bot.forget_conversations()
    page.go_back()
    expect(page.get_by_text("Your earlier conversation is no longer available")).to_be_visible()
    expect(page.get_by_role("button", name="Fashion")).to_be_visible()


def test_a_bot_that_refuses_to_start_says_so_and_may_be_tried_again(page: Page, bot: FakeBot) -> None:
    bot.refuse_with = (404, {"detail": "Unknown widget key."})
    page.get_by_role("button", name="Open the chat").click()
    expect(page.get_by_text("The chat isn’t available right now.")).to_be_visible()
    bot.refuse_with = None
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Fashion")).to_be_visible()


def test_markup_from_anybody_is_shown_as_text(page: Page, bot: FakeBot) -> None:
    open_chat(page)
    page.evaluate("window.hacked = false")
    hostile = '<img src=x onerror="window.hacked=true">'
    say(page, hostile)
    expect(page.get_by_text(f"You said: {hostile}")).to_be_visible()
    assert page.evaluate("window.hacked") is False
    assert page.locator("#markezy-widget img").count() == 0


def test_the_keyboard_alone_is_enough(page: Page, bot: FakeBot) -> None:
    page.locator("a", has_text="See how we work").focus()
    launcher = page.get_by_role("button", name="Open the chat")
    for _ in range(20):
        page.keyboard.press("Tab")
        if launcher.evaluate("node => node.getRootNode().activeElement === node"):
            break
    page.keyboard.press("Enter")
    field = page.get_by_label("Write a message…").locator("visible=true")
    expect(field).to_be_focused()
    expect(page.get_by_role("button", name="Something else")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Something else")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Google Ads")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Google Ads")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Where shall we send your plan?")).to_be_visible()
    page.keyboard.type("maya@oak.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Got it.")).to_be_visible()

    page.get_by_role("button", name="More options").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Talk to a person")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="More options")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Open the chat")).to_be_focused()


def test_a_link_of_the_page_and_the_public_calls_open_the_chat(page: Page) -> None:
    page.get_by_role("link", name="Get your growth plan").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate("Markezy.close()")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("Markezy.onReady(() => Markezy.open())")
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize(("locale", "words"), [("fr", "Écrivez un message…"), ("es", "Escriba un mensaje…")])
def test_the_widget_speaks_the_page_s_language(
    context: BrowserContext, site: str, bot: FakeBot, locale: str, words: str
) -> None:
    page = context.new_page()
    page.goto(f"{site}/{locale}/")
    with page.expect_response("**/conversations"):
        page.locator("#markezy-widget .launcher").click()
    expect(page.get_by_placeholder(words).locator("visible=true")).to_be_visible()
    assert bot.conversation.start["locale"] == locale


def test_on_a_phone_the_panel_fills_the_screen_and_every_target_is_large_enough(
    context: BrowserContext, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_chat(page)
    assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(page.locator("#markezy-widget .launcher")).to_be_hidden()
    page.get_by_role("button", name="Fashion").click()
    expect(page.get_by_label("Google Ads")).to_be_visible()
    targets = page.locator("#markezy-widget :is(button, label, textarea):visible")
    for index in range(targets.count()):
        box = targets.nth(index).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, targets.nth(index).inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_last_line_stays_in_view_when_a_keyboard_takes_half_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_chat(page)
    for words in ("one", "two", "three", "four"):
        say(page, words)
        expect(page.get_by_text(f"You said: {words}")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 420})
    expect(page.get_by_text("You said: four")).to_be_in_viewport(ratio=1)


def test_focus_stays_in_a_panel_that_covers_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_chat(page)
    expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "markezy-widget"


def test_the_page_itself_reports_no_error(context: BrowserContext, site: str, bot: FakeBot) -> None:
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{site}/en/")
    open_chat(page)
    say(page, "hello")
    expect(page.get_by_text("You said: hello")).to_be_visible()
    assert problems == []
    assert re.fullmatch(r"\d+\.\d+\.\d+", page.evaluate("Markezy.version"))
