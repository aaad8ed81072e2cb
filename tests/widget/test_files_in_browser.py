"""A file as an answer: chosen or dropped, checked, sent, given up, tried again."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.widget.fake_bot import FakeBot
from tests.widget.interview import BRIEF
from tests.widget.visitor import bubbles, faint_texts, open_chat, too_small

PDF: FilePayload = {"name": "Our brief.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 our brief"}


@pytest.fixture
def asked(page: Page, bot: FakeBot) -> Page:
    """The page with the question for a file pending."""
    open_chat(page)
    bot.say(bot.conversation, "assistant", **BRIEF)
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    return page


def choose(page: Page, file: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)


def test_a_chosen_file_is_sent_and_becomes_the_answer(asked: Page, bot: FakeBot) -> None:
    choose(asked, PDF)
    expect(asked.get_by_text("Thank you, I have your file.")).to_be_visible()
    (file,) = bot.files
    assert (file.question, file.name, file.media_type, file.body) == (
        "brief", "Our brief.pdf", "application/pdf", PDF["buffer"],
    )  # fmt: skip
    assert bot.accepted[-1]["payload"] == f'/answer{{"question":"brief","value":{{"file":"{file.id}"}}}}'
    assert "You: Our brief.pdf" in bubbles(asked)
    expect(asked.get_by_role("button", name="Choose a file")).to_have_count(0)


def test_a_file_may_be_dropped(asked: Page, bot: FakeBot) -> None:
    dropped = asked.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["\\u0089PNG"], "logo.PNG", { type: "" }));
          return data;
        }"""
    )
    asked.locator(".file").dispatch_event("drop", {"dataTransfer": dropped})
    expect(asked.get_by_text("Thank you, I have your file.")).to_be_visible()
    assert [(file.name, file.media_type) for file in bot.files] == [("logo.PNG", "image/png")]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ({**PDF, "name": "brief.docx"}, "This kind of file can’t be read here."),
        ({**PDF, "name": "brief.exe", "mimeType": "application/octet-stream"}, "This kind of file can’t be read here."),
        ({**PDF, "buffer": b"x" * (2 * 1024 * 1024 + 1)}, "This file is too large."),
        ({**PDF, "buffer": b""}, "This file could not be accepted."),
    ],
)
def test_a_file_that_will_not_do_is_not_sent_and_the_visitor_reads_why(
    asked: Page, bot: FakeBot, file: FilePayload, sentence: str
) -> None:
    choose(asked, file)
    expect(asked.get_by_role("alert")).to_have_text(
        f"{sentence} Please choose another one (PDF, PNG, JPG, GIF, WEBP, up to 2 MB)."
    )
    assert bot.files == []
    assert faint_texts(asked) == []
    choose(asked, PDF)
    expect(asked.get_by_text("Thank you, I have your file.")).to_be_visible()


def test_the_progress_is_shown_and_sending_can_be_given_up(asked: Page, bot: FakeBot) -> None:
    bot.taking_files.clear()
    choose(asked, {**PDF, "buffer": b"%PDF-" + b"x" * 1_500_000})
    bar = asked.get_by_role("progressbar", name="Our brief.pdf")
    expect(bar).to_have_attribute("aria-valuenow", "100")
    expect(asked.locator(".file-about")).to_have_text("Our brief.pdf 1.4 MB")
    expect(asked.get_by_role("button", name="Cancel")).to_be_focused()
    assert too_small(asked) == []
    asked.keyboard.press("Enter")
    expect(asked.get_by_role("button", name="Choose a file")).to_be_focused()
    bot.taking_files.set()
    assert [message.get("payload") for message in bot.accepted] == []


def test_a_file_that_could_not_be_sent_can_be_tried_again(asked: Page, bot: FakeBot) -> None:
    bot.refuse_files_with = 503
    choose(asked, PDF)
    expect(asked.get_by_role("alert")).to_have_text("We can’t reach the chat. Please check your connection.")
    expect(asked.get_by_role("button", name="Retry")).to_be_focused()
    bot.refuse_files_with = None
    asked.keyboard.press("Enter")
    expect(asked.get_by_text("Thank you, I have your file.")).to_be_visible()
    assert len(bot.files) == 1


def test_a_file_the_bot_refuses_is_replaced_by_another(asked: Page, bot: FakeBot) -> None:
    bot.refuse_files_with = 415
    choose(asked, PDF)
    expect(asked.get_by_role("alert")).to_contain_text("This file could not be accepted.")
    expect(asked.get_by_role("button", name="Choose a file")).to_be_focused()
    bot.refuse_files_with = None
    choose(asked, PDF)
    expect(asked.get_by_text("Thank you, I have your file.")).to_be_visible()


def test_answering_otherwise_gives_the_file_up(asked: Page, bot: FakeBot) -> None:
    bot.taking_files.clear()
    choose(asked, PDF)
    expect(asked.get_by_role("button", name="Cancel")).to_be_visible()
    asked.get_by_role("button", name="Skip this one").click()
    expect(asked.get_by_text("Thank you, I have your file.")).to_be_visible()
    bot.taking_files.set()
    assert [message["payload"] for message in bot.accepted] == ['/answer{"question":"brief","value":""}']
