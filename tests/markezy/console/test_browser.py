"""The console in a real browser: live, by keyboard, without scripts, and over a link from another site."""

import re
from collections.abc import Iterator

import pytest
from markezy.handover.api import tell_pages
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from tests.headless import headless_browser
from tests.markezy.console import rows
from tests.markezy.console.conftest import PASSWORD


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with headless_browser() as browser:
        yield browser


@pytest.fixture
def complaints() -> list[str]:
    """Errors and refusals that browsers reported. A test that provokes some takes them out."""
    return []


@pytest.fixture
def open_page(chromium, make_staff, complaints):
    """Somebody who logged in by typing, and their page. Errors and refusals of the browser fail the test."""
    contexts = []

    def start(**options) -> tuple[object, Page]:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        person = make_staff()
        page.goto(f"{person.url}/console/leads")
        page.get_by_label("E-mail").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Leads")).to_be_visible()
        return person, page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def happens(database, redis):
    """Write something of a lead's and tell the open pages, as the projection does."""

    def run(person, function, *arguments, **wanted):
        with database.transaction(person.tenant_id) as connection:
            result = function(connection, person.tenant_id, *arguments, **wanted)
        lead_id = result if function is rows.add_lead else arguments[0]
        tell_pages(redis, person.tenant_id, {lead_id})
        return result

    return run


def test_new_lead_appears_in_the_open_list(open_page, happens):
    person, page = open_page()
    expect(page.get_by_role("heading", name="Get your first lead")).to_be_visible()
    happens(person, rows.add_lead, name="Maya Lindqvist")
    expect(page.get_by_role("link", name="Maya Lindqvist")).to_be_visible()


def test_conversation_grows_on_the_open_page_and_the_document_stays(open_page, happens):
    person, page = open_page()
    lead_id = happens(person, rows.add_lead, name="Maya Lindqvist")
    happens(person, rows.say, lead_id, "assistant", "What is your budget?")
    page.goto(f"{person.url}/console/leads/{lead_id}")
    expect(page.locator("#entries li.entry")).to_have_count(1)
    happens(person, rows.say, lead_id, "visitor", "About 5k")
    expect(page.locator("#entries")).to_contain_text("About 5k")
    happens(person, rows.add_strategy, lead_id, "A plan for Northfold")
    document = page.locator("iframe.document")
    expect(document).to_have_count(1)
    document.evaluate("element => { element.dataset.sameElement = 'yes'; }")
    happens(person, rows.say, lead_id, "visitor", "Thank you")
    expect(page.locator("#entries")).to_contain_text("Thank you")
    expect(page.locator("#entries li.entry")).to_have_count(3)
    expect(document).to_have_attribute("data-same-element", "yes")


def test_search_follows_the_typing_and_its_address_can_be_shared(open_page, happens):
    person, page = open_page()
    for name in ("Maya", "Tom"):
        happens(person, rows.add_lead, name=name)
    expect(page.locator(".leads tbody tr")).to_have_count(2)
    page.get_by_label("Search by name").press_sequentially("may", delay=20)
    expect(page.locator(".leads tbody tr")).to_have_count(1)
    expect(page).to_have_url(f"{person.url}/console/leads?q=may")
    page.reload()
    expect(page.locator(".leads tbody tr")).to_have_count(1)


def test_page_works_by_keyboard_alone(open_page, happens):
    person, page = open_page()
    happens(person, rows.add_lead, name="Maya Lindqvist")
    link = page.get_by_role("link", name="Maya Lindqvist")
    expect(link).to_be_visible()
    page.reload()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(25):
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Maya Lindqvist")).to_be_visible()


def test_everything_is_reachable_without_scripts(open_page, happens):
    person, page = open_page(java_script_enabled=False)
    happens(person, rows.add_lead, name="Maya", state="qualified")
    happens(person, rows.add_lead, name="Tom")
    page.goto(f"{person.url}/console/leads")
    page.get_by_role("link", name="Qualified 1").click()
    expect(page.locator(".leads tbody tr")).to_have_count(1)
    page.goto(f"{person.url}/console/leads")
    page.get_by_label("Search by name").fill("tom")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Tom").click()
    expect(page.get_by_role("heading", name="Tom")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_link_from_another_site_opens_the_console_without_a_second_login(open_page):
    person, page = open_page()
    # `localhost` and `127.0.0.1` are two sites to a browser.
    page.route("http://localhost/mail", lambda route: route.fulfill(
        content_type="text/html", body=f'<a href="{person.url}/console/leads?state=new">Your lead</a>'
    ))  # fmt: skip
    page.goto("http://localhost/mail")
    page.get_by_role("link", name="Your lead").click()
    expect(page.get_by_role("heading", name="Leads")).to_be_visible()
    expect(page).to_have_url(f"{person.url}/console/leads?state=new")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out_sideways(open_page, happens, width, scheme):
    person, page = open_page(color_scheme=scheme)
    lead_id = happens(
        person, rows.add_lead,
        name="Lucía Fernández de Córdoba y Martínez", company="Verdemar" * 12, email="l" * 60 + "@verdemar.example",
    )  # fmt: skip
    happens(person, rows.say, lead_id, "visitor", "x" * 300)
    page.set_viewport_size({"width": width, "height": 800})
    happens(person, rows.add_handover, lead_id, status="away", message="y" * 300)
    privacy_pages = (
        "/console/privacy",
        "/console/privacy/requests",
        "/console/privacy/record",
        f"/console/leads/{lead_id}/forget",
    )
    settings_pages = ("/console/settings", "/console/settings/model", "/console/settings/mail")
    for path in ("/console/leads", f"/console/leads/{lead_id}", "/console/inbox", *privacy_pages, *settings_pages):
        page.goto(person.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("language", ["fr", "es"])
def test_navigation_has_room_in_every_language(open_page, language):
    person, page = open_page()
    page.context.set_extra_http_headers({"Accept-Language": language})
    page.goto(f"{person.url}/console/settings")
    tops = page.locator("nav.sections a").evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")
    assert len(set(tops)) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_logo_that_is_too_large_is_told_before_it_is_sent(open_page, tmp_path):
    person, page = open_page()
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200_000))
    page.goto(f"{person.url}/console/settings")
    page.get_by_label("Logo").set_input_files(photo)
    expect(page.get_by_role("alert")).to_contain_text("larger than 100 kB")
    expect(page.get_by_label("Logo")).to_have_value("")


def test_settings_work_without_scripts(open_page, complaints):
    _, page = open_page(java_script_enabled=False)
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Phone").fill("call us")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Phone")).to_be_focused()
    expect(page.get_by_label("Phone")).to_have_accessible_description(re.compile("Write the number with digits"))
    complaints.clear()  # the refusal is the point
    page.get_by_label("Phone").fill("020 7946 0311")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="The next documents look like this")).to_be_visible()
    page.get_by_role("link", name="Mail", exact=True).click()
    page.get_by_label("E-mail").fill("maya@lead.example")
    page.get_by_role("button", name="Send nothing there").click()
    page.get_by_text("Let it get mail again").click()
    page.get_by_role("button", name="Yes, take it off the list").click()
    expect(page.get_by_role("status").filter(has_text="The address may get mail again.")).to_be_visible()


def test_visitor_who_waits_appears_in_the_badge_of_any_page_and_in_the_inbox(open_page, happens):
    person, page = open_page()
    lead_id = happens(person, rows.add_lead, name="Claire Dubois")
    other_id = happens(person, rows.add_lead, name="Tom")
    page.goto(f"{person.url}/console/leads/{other_id}")
    expect(page.locator("#waiting")).to_be_empty()
    happens(person, rows.add_handover, lead_id)
    expect(page.locator("#waiting")).to_have_text("1 waiting")
    expect(page.get_by_role("status")).to_have_text("A visitor is waiting for a person.")
    page.get_by_role("link", name="Inbox").click()
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    happens(person, rows.add_handover, other_id, status="away", message="Call me on Monday")
    expect(page.get_by_text("Call me on Monday")).to_be_visible()
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_text("Call me on Monday")).to_have_count(0)
    expect(page.get_by_role("link", name="Claire Dubois")).to_be_visible()


def test_somebody_takes_over_answers_by_keyboard_and_hands_back(open_page, happens):
    person, page = open_page()
    lead_id = happens(person, rows.add_lead, name="Claire Dubois")
    happens(person, rows.say, lead_id, "visitor", "May I talk to somebody?")
    page.goto(f"{person.url}/console/leads/{lead_id}")
    happens(person, rows.add_handover, lead_id)
    expect(page.get_by_text("Claire Dubois wants to talk to a person")).to_be_visible()
    page.get_by_role("button", name="Take over").press("Enter")
    box = page.get_by_label("Write to the visitor")
    expect(box).to_be_focused()
    page.keyboard.type("Hello Claire,")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("how can I help?")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    expect(page.locator("#outgoing .bubble")).to_have_text("Hello Claire,\nhow can I help?")
    expect(page.get_by_text("Sending…")).to_be_visible()
    page.keyboard.type("One more thing")
    page.keyboard.press("Enter")
    expect(page.locator("#outgoing .bubble")).to_have_count(2)
    page.keyboard.type("A draft")
    happens(person, rows.say, lead_id, "staff", "Hello Claire,\nhow can I help?", name="Olivia")
    expect(page.locator("#entries li[data-sender=staff]")).to_contain_text("Olivia")
    expect(box).to_have_value("A draft")
    expect(box).to_be_focused()
    page.get_by_role("button", name="Hand back to the assistant").click()
    expect(page.get_by_text("The assistant is looking after this conversation.")).to_be_visible()
    expect(box).to_have_count(0)


def test_draft_stays_when_it_can_not_be_sent(open_page, happens, complaints):
    person, page = open_page()
    lead_id = happens(person, rows.add_lead, name="Claire Dubois")
    page.goto(f"{person.url}/console/leads/{lead_id}")
    page.get_by_role("button", name="Take over").click()
    box = page.get_by_label("Write to the visitor")
    box.fill("A long thought")
    page.route("**/messages", lambda route: route.abort(), times=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("we can’t be reached right now")
    expect(box).to_have_value("A long thought")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.locator("#outgoing .bubble")).to_have_text("A long thought")
    box.fill("Too late")
    page.context.request.post(f"{person.url}/console/leads/{lead_id}/release", headers={"Origin": person.url})
    happens(person, rows.say, lead_id, "visitor", "Are you there?")
    expect(page.get_by_text("The assistant is looking after this conversation.")).to_be_visible()
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Take it over first; your text is still here.")
    expect(box).to_have_value("Too late")
    complaints.clear()


def test_audit_is_narrowed_by_keyboard_and_fits_a_telephone(open_page):
    person, page = open_page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{person.url}/console/audit")
    page.get_by_label("What").focus()
    page.keyboard.type("Logi")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Outcome")).to_be_focused()
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("action=session.opened"))
    expect(page.locator(".journal li")).to_have_count(1)
    expect(page.locator(".journal")).to_contain_text("Olivia Grant · Login")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_copy_asked_for_by_keyboard_appears_by_itself(open_page, happens, database):
    person, page = open_page()
    lead_id = happens(person, rows.add_lead, name="Claire Dubois")
    page.goto(f"{person.url}/console/leads/{lead_id}")
    page.get_by_role("button", name="Export this person’s data").press("Enter")
    expect(page.get_by_text("The copy is being made.")).to_be_visible()
    with database.transaction(person.tenant_id) as connection:
        connection.execute(text("UPDATE lead_export SET ready_at = now(), size = 51000, body = 'box'"))
    expect(page.get_by_role("link", name="Download (51 kB)")).to_be_visible()
    page.get_by_role("link", name="Forget this person").press("Enter")
    page.get_by_label("I understand that this can’t be undone").press("Space")
    page.get_by_role("button", name="Forget for good").press("Enter")
    expect(page.get_by_text("This person is being forgotten.")).to_be_visible()
