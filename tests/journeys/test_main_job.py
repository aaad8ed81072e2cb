"""The whole job as people do it: a visitor on an agency's website, then the agency's staff in the console."""

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pypdf
import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import eventually
from tests.journeys.interviews import INTERVIEWS, Check, Interview, Say, Tap


@dataclass(frozen=True)
class Agency:
    """What differs between the two agencies for the people on the page."""

    slug: str
    company: str
    person: str
    email: str
    opens: str
    why: str
    confirm: str
    ready: str
    log_in: str


AGENCIES = (
    Agency(
        "brightlane", "Oak & Linen", "Maya O'Neill", "maya@oakandlinen.example", "Open the chat",
        "why do you want to know that?", "Everything is right", "is ready", "Log in",
    ),
    Agency(
        "atelier-nova", "Chez Zoé", "Zoé Léger", "zoe@chezzoe.example", "Ouvrir la discussion",
        "pourquoi cette question ?", "Tout est juste", "prête", "Se connecter",
    ),
)  # fmt: skip


class Visitor:
    """A person in front of the widget."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.widget = page.locator("#markezy-widget")

    def bubbles(self) -> list[str]:
        """What is said in the chat, top to bottom, without the speaker's label for screen readers."""
        return [re.sub(r"^[^:\n]+:\n?", "", text).strip() for text in self.widget.locator(".bubble").all_inner_texts()]

    def question(self) -> str:
        """The id of the pending question, as the newest message's hint names it; "recap" when that is shown."""
        question: str = self.page.evaluate(_PENDING)
        return question

    def do(self, step: Tap | Check | Say) -> None:
        before = self.widget.locator(".bubble").count()
        if isinstance(step, Tap):
            self.widget.get_by_role("button", name=step.title, exact=True).click()
        elif isinstance(step, Check):
            for title in step.titles:
                self.widget.get_by_label(title, exact=True).check()
            self.widget.locator(".confirm").click()
        else:
            self.say(step.text)
        expect(self.widget.locator(".bubble").nth(before + 1)).to_be_visible()

    def say(self, text: str) -> None:
        field = self.widget.locator(".field:visible")
        field.fill(text)
        field.press("Enter")


_PENDING = """async () => {
    const script = document.querySelector("script[data-widget-key]");
    const stored = JSON.parse(localStorage.getItem(`markezy:${script.dataset.widgetKey}`));
    const url = new URL(`conversations/${stored.conversation_id}/messages`, script.src);
    const answer = await fetch(url, {headers: {Authorization: `Bearer ${stored.token}`}});
    const messages = (await answer.json()).messages.filter((message) => message.input);
    return messages.at(-1).input.question ?? messages.at(-1).input.type;
}"""


def chat(visitor: Visitor, interview: Interview, agency: Agency) -> None:
    """Answer every question and confirm; on the way, ask why, and reload the page in the middle."""
    done: set[str] = set()
    while len(done) < len(interview):
        question = visitor.question()
        if question == "recap":
            break
        if len(done) == 2:
            before = visitor.widget.locator(".bubble").count()
            visitor.say(agency.why)
            expect(visitor.widget.locator(".bubble").nth(before + 2)).to_be_visible()
            assert visitor.question() == question
        if len(done) == 4:
            said = visitor.bubbles()
            visitor.page.reload()
            expect(visitor.widget.locator(".bubble")).to_have_count(len(said))
            assert visitor.bubbles() == said
        visitor.do(interview[question])
        done.add(question)
    visitor.widget.get_by_role("button", name=agency.confirm, exact=True).click()


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda agency: agency.slug)
def test_from_the_first_hello_to_the_agencys_crm(
    agency: Agency,
    page: Page,
    demo: dict[str, Any],
    tenants: dict[str, dict[str, Any]],
    log_in: Callable[[str], requests.Session],
) -> None:
    visitor = Visitor(page)
    site = demo["mail_url"].removesuffix("/mail")
    page.goto(f"{site}/sites/{agency.slug}")
    page.get_by_role("button", name=agency.opens).click()
    expect(visitor.widget.locator(".bubble").nth(1)).to_be_visible()
    chat(visitor, INTERVIEWS[agency.slug], agency)

    link = visitor.widget.locator("a.attachment")
    expect(link).to_be_visible(timeout=60_000)
    expect(visitor.widget.locator(".bubble").filter(has_text=agency.ready).last).to_be_visible()
    with page.expect_popup() as popup:
        link.click()
    expect(popup.value.get_by_role("heading", level=1)).to_contain_text(agency.company)
    pdf_url = popup.value.locator("a[href$='/pdf']").first.get_attribute("href")
    assert pdf_url
    _is_the_strategy(requests.get(pdf_url, timeout=30), agency)

    mail = eventually(lambda: _mails(demo, agency.email), "the e-mail")
    assert len(mail) == 1
    assert mail[0]["attachments"][0]["media_type"] == "application/pdf"
    _is_the_strategy(requests.get(site + mail[0]["attachments"][0]["url"], timeout=30), agency)

    account = eventually(lambda: _crm(demo, agency.slug), "the CRM's note")
    (contact,) = [one for one in account["contacts"] if one["properties"]["email"] == agency.email]
    (deal,) = [one for one in account["deals"] if one["associations"]["contacts"] == [contact["id"]]]
    (note,) = [one for one in account["notes"] if one["associations"]["contacts"] == [contact["id"]]]
    assert note["associations"]["deals"] == [deal["id"]]
    assert agency.company in deal["properties"]["dealname"]

    said = visitor.bubbles()
    console = _staff_read_it_all(page, demo, tenants[agency.slug], agency, said)
    _the_deal_is_won(page, console, demo, log_in(agency.slug), f"deal {deal['id']} of {agency.slug}")


def _is_the_strategy(answer: requests.Response, agency: Agency) -> None:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/pdf")
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert agency.company in text


def _mails(demo: dict[str, Any], to: str) -> list[dict[str, Any]]:
    items = requests.get(demo["mail_url"], timeout=30).json()["items"]
    return [mail for mail in items if to in mail["to"]]


def _crm(demo: dict[str, Any], slug: str) -> dict[str, Any] | None:
    items = requests.get(demo["sandbox_crm_url"], timeout=30).json()["items"]
    found = [account for account in items if account["name"] == slug and account["notes"]]
    return found[0] if found else None


def _staff_read_it_all(
    page: Page, demo: dict[str, Any], tenant: dict[str, Any], agency: Agency, said: list[str]
) -> Page:
    owner = tenant["users"][0]
    console = page.context.new_page()
    console.goto(f"{demo['platform_url']}/console/login")
    console.locator("input[type=email]").fill(owner["email"])
    console.locator("input[type=password]").fill(owner["password"])
    console.locator("button.primary").click()
    console.get_by_role("link", name=agency.person).first.click()
    expect(console.get_by_text(agency.email).first).to_be_visible()
    transcript = console.locator(".entry .bubble")
    expect(transcript).to_have_count(len(said))
    assert _squeezed(map(_without_card, transcript.all_inner_texts())) == _squeezed(map(_without_card, said))
    lead_url = console.url
    frame: Locator = console.locator("iframe[src*='/pdf'], object[data*='/pdf'], embed[src*='/pdf']")
    expect(frame).to_have_count(1)
    console.locator("a[href$='/changes']").first.click()
    expect(console.get_by_text("another edition would say the same")).to_be_visible()
    console.goto(lead_url)
    return console


def _the_deal_is_won(page: Page, console: Page, demo: dict[str, Any], owner: requests.Session, deal: str) -> None:
    """Sales people move the deal in their CRM; nobody tells Markezy, and it knows what the versions earned."""
    page.goto(demo["sandbox_crm_url"])
    moves = page.get_by_role("form", name=f"Move {deal}", exact=True)
    moves.get_by_role("button", name="Meeting booked").click()
    expect(page.locator(".card", has=moves)).to_contain_text("engagements_last_meeting_booked")
    moves.get_by_label("Amount").fill("4321")
    moves.get_by_role("button", name="Won").click()

    def figures() -> tuple[Any, int, int]:
        url = f"{demo['platform_url']}/api/v1/templates/performance"
        (one,) = owner.get(url, params={"layer": "base", "part": "plan"}, timeout=30).json()["items"]
        return one["revenue"], one["rates"]["won"]["hits"], one["rates"]["meeting_booked"]["hits"]

    eventually(lambda: figures() == ({"EUR": "4321.00"}, 1, 1), "what the deal earned")
    console.reload()
    expect(console.locator("[data-outcome=won]")).to_contain_text("4321.00 EUR (CRM)")


def _without_card(text: str) -> str:
    """The recap's answers are a card in the widget as long as they can be changed, lines of the message in the console."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("• "))


def _squeezed(texts: Iterable[str]) -> list[str]:
    """Whitespace is the page's business, the words are not."""
    return [" ".join(text.split()) for text in texts]
