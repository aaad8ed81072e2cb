"""Strategies on the console: how far they are, where they came from, what changed since, and what waits for a decision."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from uuid import UUID

import pytest
from markezy.kernel.db import Database
from markezy.kernel.events import NewEvent, append
from markezy.kernel.ids import new_id
from markezy.kernel.outbox import enqueue
from markezy.strategies import api as strategies
from playwright.sync_api import Browser, Page, expect

from tests.headless import headless_browser
from tests.markezy.console.conftest import PASSWORD, Staff
from tests.markezy.leads.conversations import ReadModel
from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.courses import UNFINISHED, held, say_otherwise


@pytest.fixture
def known(desk: Desk, database: Database, relay_database: Database) -> Desk:
    """A qualified lead whom the read model knows."""
    ReadModel(database, relay_database).catch_up()
    return desk


@pytest.fixture
def owner(known: Desk, make_staff: Callable[..., Staff]) -> Staff:
    """Somebody of the lead's agency, logged in."""
    person = make_staff("owner", known.tenant_id)
    person.log_in()
    return person


def card(person: Staff, desk: Desk) -> str:
    """The strategy card of the lead's page."""
    page = person.get(f"/console/leads/{desk.lead_id}").text
    return unescape(page[page.index('<section id="strategy"') : page.index('<section id="consents"')])


def ask_for(desk: Desk, task: str, **payload: str) -> None:
    """Work that is still to be done."""
    with desk.database.transaction(desk.tenant_id) as connection:
        connection.exec_driver_sql("UPDATE outbox SET completed_at = now()")
        enqueue(connection, desk.tenant_id, task, payload, "c-1")


def current_step(shown: str) -> str:
    found = re.search(r'<li aria-current="step">\s*<span>(.*?)</span>', shown)
    return found[1] if found else ""


class TestCard:
    def test_it_follows_the_steps(self, known: Desk, owner: Staff) -> None:
        ask_for(known, "strategies.generate", lead_id=str(known.lead_id))
        assert current_step(card(owner, known)) == "Write"
        strategy_id = str(known.written())
        ask_for(known, "strategies.check", strategy_id=strategy_id)
        shown = card(owner, known)
        assert (current_step(shown), "Being checked" in shown, "Improve" in shown) == ("Check", True, False)
        known.run("strategies.check", strategy_id=strategy_id)
        assert current_step(card(owner, known)) == "PDF"
        known.run("strategies.render", strategy_id=strategy_id)
        assert current_step(card(owner, known)) == "Send"
        with known.database.transaction(known.tenant_id) as connection:
            connection.exec_driver_sql("UPDATE outbox SET completed_at = now()")
        shown = card(owner, known)
        assert (current_step(shown), "Ready" in shown) == ("", True)
        for address in ("pdf", "briefing"):
            assert f"/api/v1/strategies/{strategy_id}/{address}" in shown

    def test_a_failure_tells_why_and_can_be_tried_again(self, known: Desk, owner: Staff) -> None:
        failed = NewEvent("strategy.failed", {"step": "writing", "reason": "no words for the sector x are released"})
        with known.database.transaction(known.tenant_id) as connection:
            append(connection, known.tenant_id, "lead", known.lead_id, None, [failed], "c-1")
        shown = card(owner, known)
        assert "The strategy could not be finished" in shown
        assert "the templates in force do not make a strategy" in shown
        assert "no words for the sector x are released" in shown
        assert owner.post(f"/console/leads/{known.lead_id}/strategies", allow_redirects=False).status_code == 303
        assert "strategies.generate" in known.open_tasks()
        shown = card(owner, known)
        assert ("could not be finished" in shown, current_step(shown)) == (False, "Write")

    def test_one_that_stopped_half_way_is_not_shown_as_under_way(self, known: Desk, owner: Staff) -> None:
        known.written()
        with known.database.transaction(known.tenant_id) as connection:
            connection.exec_driver_sql("UPDATE outbox SET failed_at = now()")
        shown = card(owner, known)
        assert ("Not finished" in shown, "Try again" in shown) == (True, True)

    def test_an_outcome_is_recorded_with_its_amount(self, known: Desk, owner: Staff) -> None:
        strategy_id = known.made()
        told = {"kind": "won", "amount": "1 200,50", "currency": "eur"}
        owner.post(f"/console/strategies/{strategy_id}/outcomes", told)
        assert re.search(r"Won</strong> 1200.50 EUR", card(owner, known))
        owner.post(f"/console/strategies/{strategy_id}/outcomes", {"kind": "meeting_booked", "amount": "7"})
        (kinds,) = ({one.kind for one in each.outcomes} for each in known.strategies)
        assert kinds == {"won", "meeting_booked"}

    def test_an_outcome_says_who_told_it(self, known: Desk, owner: Staff) -> None:
        strategy_id = known.made()
        owner.post(f"/console/strategies/{strategy_id}/outcomes", {"kind": "meeting_booked"})
        with known.database.transaction(known.tenant_id) as connection:
            strategies.record_outcome(
                connection, known.tenant_id, strategy_id, strategies.OutcomeKind.WON, strategies.OutcomeSource.CRM, "c",
                actor=f"crm:{new_id()}",
            )  # fmt: skip
        shown = card(owner, known)
        assert re.search(r'Meeting booked</strong> <span class="teller">\(Olivia Grant\)', shown)
        assert re.search(r'Won</strong> <span class="teller">\(CRM\)', shown)

    @pytest.mark.parametrize(
        "told", [{"kind": "x"}, {"kind": "won", "amount": "much"}, {"kind": "won", "amount": "NaN"}]
    )
    def test_an_outcome_that_is_none_is_refused(self, known: Desk, owner: Staff, told: dict[str, str]) -> None:
        assert owner.post(f"/console/strategies/{known.written()}/outcomes", told).status_code == 422

    def test_who_only_reads_sees_no_buttons(self, known: Desk, make_staff: Callable[..., Staff]) -> None:
        strategy_id = held(known)
        reader = make_staff("read_only", known.tenant_id)
        reader.log_in()
        for page in (card(reader, known), reader.get("/console/review").text):
            assert 'method="post" action="/console/strategies' not in page
        assert reader.post(f"/console/strategies/{strategy_id}/approve").status_code == 403


class TestReview:
    def test_the_queue_tells_in_words_what_was_found_and_where(self, known: Desk, owner: Staff) -> None:
        strategy_id = held(known)
        page = unescape(owner.get("/console/review").text)
        assert "A placeholder was left in the text" in page
        assert re.search(rf'href="/console/strategies/{strategy_id}#b-summary-\w+"', page)
        assert page.count('data-waiting="1"') == 1
        french = unescape(owner.get("/console/review", headers={"Accept-Language": "fr"}).text)
        assert "Restes" in french or "placeholder" not in french

    def test_what_is_approved_leaves_the_queue_and_goes_on(self, known: Desk, owner: Staff) -> None:
        page = owner.post(f"/console/strategies/{held(known)}/approve").text
        assert ("Approved." in page, "Nothing waits for review" in page) == (True, True)
        assert "strategies.render" in known.open_tasks()

    def test_what_a_colleague_decided_is_not_decided_again(self, known: Desk, owner: Staff) -> None:
        strategy_id = held(known)
        owner.post(f"/console/strategies/{strategy_id}/discard")
        assert "Somebody had decided" in owner.post(f"/console/strategies/{strategy_id}/approve").text
        assert "strategies.render" not in known.open_tasks()
        assert "Discarded (Olivia Grant)" in card(owner, known)

    def test_producing_again_sets_this_one_aside(self, known: Desk, owner: Staff) -> None:
        owner.post(f"/console/strategies/{held(known)}/renew")
        assert known.strategy.status == "set_aside"
        assert "strategies.generate" in known.open_tasks()

    def test_an_empty_queue_says_so(self, owner: Staff) -> None:
        assert "Nothing waits for review" in owner.get("/console/review").text

    def test_another_agency_sees_nothing(self, known: Desk, make_staff: Callable[..., Staff]) -> None:
        strategy_id = held(known)
        stranger = make_staff()
        stranger.log_in()
        assert "Nothing waits for review" in stranger.get("/console/review").text
        for path in ("", "/changes"):
            assert stranger.get(f"/console/strategies/{strategy_id}{path}").status_code == 404
        for path in ("approve", "discard", "renew"):
            assert stranger.post(f"/console/strategies/{strategy_id}/{path}").status_code == 404


class TestChanges:
    def test_answers_and_texts_are_shown_before_and_after(
        self, known: Desk, owner: Staff, relay_database: Database
    ) -> None:
        strategy_id = known.made()
        say_otherwise(known, relay_database)
        page = unescape(owner.get(f"/console/strategies/{strategy_id}/changes").text)
        assert "<del>Nîmes</del>" in page
        assert "<ins>Lyon</ins>" in page
        owner.post(f"/console/strategies/{strategy_id}/renew")
        assert "strategies.generate" in known.open_tasks()
        assert "A new edition is on its way." in owner.get(f"/console/strategies/{strategy_id}/changes").text

    def test_answers_that_are_the_same_are_told_to_be(
        self, known: Desk, owner: Staff, relay_database: Database
    ) -> None:
        strategy_id = known.written()
        say_otherwise(known, relay_database, city="Nîmes")
        page = owner.get(f"/console/strategies/{strategy_id}/changes").text
        assert "The answers are the same as then." in page


class TestTemplates:
    def test_they_are_shown_with_versions_figures_and_releases(self, known: Desk, owner: Staff) -> None:
        known.change("title: Neuf")
        known.made()
        page = " ".join(unescape(owner.get("/console/templates").text).split())
        assert "Your agency, for everybody · Words, French</a>" in page
        assert "Comes with Markezy, for online shops" in page
        assert re.search(r'<th scope="row">1</th> <td>1</td> <td>0</td>', page)
        assert "Published" in page

    def test_an_agency_without_templates_is_told_so(self, staff: Staff) -> None:
        assert "There are no templates yet." in staff.get("/console/templates").text


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with headless_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser, owner: Staff) -> Iterator[Page]:
    """The console in a browser; errors and refusals that it reports fail the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(f"{owner.url}/console/login")
    opened.get_by_label("E-mail").fill(owner.email)
    opened.get_by_label("Password").fill(PASSWORD)
    opened.get_by_role("button", name="Log in").click()
    expect(opened.get_by_role("heading", name="Leads")).to_be_visible()
    yield opened
    context.close()
    assert complaints == []


def _origin_of(page: Page, said: str) -> tuple[str, str]:
    """A block in which this was said: the selectors of it and of its marker."""
    id_ = page.evaluate(
        "said => [...document.querySelectorAll('.sheet [data-layer]')].find(p => p.textContent.includes(said))?.id",
        said,
    )
    return f"#{id_}", f"button[data-block='{id_}']"


class TestOrigins:
    def test_mouse_and_keyboard_show_the_template_and_the_answers(self, page: Page, owner: Staff, known: Desk) -> None:
        page.goto(f"{owner.url}/console/strategies/{known.written()}")
        block, marker = _origin_of(page, "Nîmes")
        panel = page.locator("[data-panel]")
        page.locator(block).hover()
        expect(panel).to_contain_text("version 1")
        expect(panel).to_contain_text("Nîmes")
        page.keyboard.press("Escape")
        expect(panel).to_contain_text("Point at a paragraph")
        page.locator(marker).focus()
        expect(panel).to_contain_text("From these answers:")
        described = page.locator(marker).evaluate(
            "element => document.getElementById(element.getAttribute('aria-describedby')).textContent"
        )
        assert "Nîmes" in described

    def test_a_table_of_figures_tells_the_versions_of_the_plan(self, page: Page, owner: Staff, known: Desk) -> None:
        page.goto(f"{owner.url}/console/strategies/{known.written()}")
        page.locator("#b-channels-mix").hover()
        panel = page.locator("[data-panel]")
        expect(panel).to_contain_text("Figures from:")
        expect(panel.locator(".layer")).to_have_count(3)

    def test_a_tap_opens_it_on_a_telephone_and_nothing_sticks_out(
        self, page: Page, owner: Staff, known: Desk, relay_database: Database
    ) -> None:
        strategy_id = held(known)
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(f"{owner.url}/console/strategies/{strategy_id}")
        panel = page.locator("[data-panel]")
        expect(panel).to_be_hidden()
        expect(page.locator("[data-found]").first).to_contain_text(UNFINISHED[:20])
        page.locator("button.origin").first.click()
        expect(panel).to_be_visible()
        expect(panel).to_contain_text("placeholder")
        page.locator("[data-close]").click()
        expect(panel).to_be_hidden()
        say_otherwise(known, relay_database)
        for path in (
            f"strategies/{strategy_id}",
            f"strategies/{strategy_id}/changes",
            "review",
            f"leads/{known.lead_id}",
        ):
            page.goto(f"{owner.url}/console/{path}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_the_open_page_follows_and_leaves_a_half_written_outcome_alone(page: Page, owner: Staff, known: Desk) -> None:
    strategy_id: UUID = known.made()
    page.goto(f"{owner.url}/console/leads/{known.lead_id}")
    page.get_by_text("Record an outcome").click()
    page.get_by_label("Amount").fill("900")
    page.get_by_text("History").click()
    with known.database.transaction(known.tenant_id) as connection:
        connection.exec_driver_sql("UPDATE outbox SET completed_at = now()")
    owner.post(f"/console/strategies/{strategy_id}/outcomes", {"kind": "meeting_booked"})
    expect(page.locator(".outcomes")).to_contain_text("Meeting booked")
    expect(page.get_by_label("Amount")).to_have_value("900")
    expect(page.locator(".history li").first).to_be_visible()
    expect(page.locator("iframe.document")).to_have_count(1)
