"""One lead's page: what was said, what came out of it, where it went."""

import re
from urllib.parse import urlencode

import pytest
from markezy.kernel.outbox import enqueue

from tests.markezy.console import rows


@pytest.fixture
def lead_id(staff, database):
    with database.transaction(staff.tenant_id) as connection:
        return rows.add_lead(
            connection, staff.tenant_id,
            name="Maya Lindqvist", company="Northfold", email="maya@northfold.example", phone="+46 70 555 01 22",
            state="qualified", score=82,
        )  # fmt: skip


@pytest.fixture
def write(staff, database):
    """Run one of `rows`' functions in the agency's transaction."""

    def run(function, *arguments, **wanted):
        with database.transaction(staff.tenant_id) as connection:
            return function(connection, staff.tenant_id, *arguments, **wanted)

    return run


def entries(page: str) -> list[tuple[str, str]]:
    return re.findall(r'data-sender="(\w+)".*?class="bubble">(.*?)</p>', page, re.S)


def test_header_shows_who_the_lead_is(staff, lead_id):
    page = staff.get(f"/console/leads/{lead_id}").text
    for expected in (
        "Maya Lindqvist", "Northfold", 'href="mailto:maya@northfold.example"', 'href="tel:+46705550122"',
        ">Qualified<", "82", "Website", "English",
    ):  # fmt: skip
        assert expected in page


def test_a_refusal_that_stands_is_not_asked_about_again(staff, database):
    with database.transaction(staff.tenant_id) as connection:
        refused = rows.add_lead(connection, staff.tenant_id, name="Nils", state="disqualified")
    page = staff.get(f"/console/leads/{refused}").text
    assert f'action="/console/leads/{refused}/review"' in page
    decided = staff.post(f"/console/leads/{refused}/review", {"state": "disqualified"}).text
    for page in (decided, staff.get(f"/console/leads/{refused}").text):
        assert f'action="/console/leads/{refused}/review"' not in page
        assert "A person looked at the refusal: it stands." in page


def test_transcript_is_word_for_word_in_order_with_buttons(staff, lead_id, write):
    write(
        rows.say,
        lead_id,
        "assistant",
        "What is your budget?",
        buttons=[{"title": "Under €2,000", "payload": "/answer"}],
    )
    write(rows.say, lead_id, "visitor", "hmm,  5k?\nnot <sure> yet")
    page = staff.get(f"/console/leads/{lead_id}").text
    assert entries(page) == [
        ("assistant", "What is your budget?"),
        ("visitor", "hmm,  5k?\nnot &lt;sure&gt; yet"),
    ]
    assert "<li>Under €2,000</li>" in page
    assert page.count("<time") >= 2


def test_answers_are_listed_with_their_questions(staff, lead_id, write):
    write(rows.add_answer, lead_id, "Monthly budget", "€4,000 to €8,000")
    page = staff.get(f"/console/leads/{lead_id}").text
    assert re.search(r"Monthly budget</dt>.*€4,000 to €8,000</dd>", page)


def test_strategy_is_inside_the_page_and_loads_by_the_same_cookie(staff, lead_id, write):
    strategy_id = write(rows.add_strategy, lead_id, "A plan for Northfold")
    page = staff.get(f"/console/leads/{lead_id}").text
    address = f"/api/v1/strategies/{strategy_id}/pdf"
    assert re.search(rf'<iframe[^>]*src="{address}[#"]', page)
    document = staff.get(address)
    assert document.headers["Content-Type"] == "application/pdf"
    assert document.content == rows.PDF
    assert "frame-ancestors 'none'" not in document.headers.get("Content-Security-Policy", "")
    assert document.headers.get("X-Frame-Options", "SAMEORIGIN") == "SAMEORIGIN"


def test_strategy_without_its_document_says_that_it_is_coming(staff, lead_id, write):
    strategy_id = write(rows.add_strategy, lead_id, "A plan", with_pdf=False)
    write(enqueue, "strategies.check", {"strategy_id": str(strategy_id)}, "c-1")
    page = staff.get(f"/console/leads/{lead_id}").text
    assert "A strategy is on its way." in page
    assert "<iframe" not in page


def test_deliveries_show_recipient_status_and_trouble(staff, lead_id, write):
    strategy_id = write(rows.add_strategy, lead_id, "A plan")
    write(rows.add_delivery, strategy_id)
    write(
        rows.add_delivery, strategy_id,
        channel="chat", recipient="a-conversation-id", status="failed", sent_at=None, last_error="The mailbox is full.",
    )  # fmt: skip
    page = staff.get(f"/console/leads/{lead_id}").text
    deliveries = page[page.index('id="deliveries"') :]
    for expected in ("maya@northfold.example", "Sent", "Failed", "The mailbox is full."):
        assert expected in deliveries
    assert "a-conversation-id" not in deliveries


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        ({"status": "withheld", "sent_at": None}, "Not sent: no consent"),
        ({"status": "withheld", "sent_at": None, "reason": "no_consent"}, "Not sent: no consent"),
        ({"status": "withheld", "sent_at": None, "reason": "unsubscribed"}, "Not sent: unsubscribed"),
        ({"status": "withheld", "sent_at": None, "reason": "bounced"}, "Not sent: earlier mail came back"),
        ({"status": "withheld", "sent_at": None, "reason": "complained"}, "Not sent: reported as spam before"),
        ({"status": "bounced"}, "Came back"),
        ({"status": "complained"}, "Reported as spam"),
    ],
)
def test_mail_that_was_not_sent_or_came_back_says_why(staff, lead_id, write, delivery, words):
    write(rows.add_delivery, write(rows.add_strategy, lead_id, "A plan"), **delivery)
    page = staff.get(f"/console/leads/{lead_id}").text
    assert words in page[page.index('id="deliveries"') :]


def test_crm_shows_how_far_the_sync_has_come(staff, lead_id, write):
    strategy_id = write(rows.add_strategy, lead_id, "A plan")
    write(rows.add_sync, lead_id, strategy_id, status="failed", attempts=3, last_error="The token was refused.")
    page = staff.get(f"/console/leads/{lead_id}").text
    crm = page[page.index('id="crm"') :]
    for expected in ("HubSpot EU", "4821", "Failed", "The token was refused."):
        assert expected in crm


def test_role_without_crm_rights_sees_the_lead_but_no_crm(make_staff, staff, lead_id, write):
    strategy_id = write(rows.add_strategy, lead_id, "A plan")
    write(rows.add_sync, lead_id, strategy_id)
    analyst = make_staff("analyst", staff.tenant_id)
    analyst.log_in()
    page = analyst.get(f"/console/leads/{lead_id}").text
    assert "A plan" in page
    assert "HubSpot EU" not in page


def test_foreign_lead_is_not_found(make_staff, lead_id):
    stranger = make_staff()
    stranger.log_in()
    for path in (f"/console/leads/{lead_id}", f"/console/leads/{lead_id}/news"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert "Maya" not in answer.text


def test_news_brings_only_what_was_said_since(staff, lead_id, write):
    write(rows.say, lead_id, "assistant", "First")
    address = news_address(lead_id, staff.get(f"/console/leads/{lead_id}").text)
    write(rows.say, lead_id, "visitor", "Second")
    news = staff.get(address).text
    assert entries(news) == [("visitor", "Second")]
    assert entries(staff.get(news_address(lead_id, news)).text) == []


def test_news_after_an_unknown_entry_brings_everything(staff, lead_id, write):
    write(rows.say, lead_id, "assistant", "First")
    assert entries(staff.get(f"/console/leads/{lead_id}/news?after=x").text) == [("assistant", "First")]


def test_news_brings_the_document_once_and_leaves_the_one_on_the_page_alone(staff, lead_id, write):
    address = news_address(lead_id, staff.get(f"/console/leads/{lead_id}").text)
    write(rows.add_strategy, lead_id, "A plan")
    news = staff.get(address).text
    assert "<iframe" in news
    later = staff.get(news_address(lead_id, news)).text
    assert "<iframe" not in later
    assert 'id="deliveries" hx-swap-oob="true"' in later


def news_address(lead_id: object, page: str) -> str:
    """What the page asks for next: everything behind what it shows."""
    shown = re.search(r'<div id="shown".*?</div>', page, re.S)
    assert shown
    return f"/console/leads/{lead_id}/news?" + urlencode(re.findall(r'name="(\w+)" value="([^"]*)"', shown[0]))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "http://[", None, 7])
def test_attachment_with_an_odd_address_is_named_but_not_linked(staff, lead_id, write, url):
    write(rows.say, lead_id, "assistant", "Here", attachment={"title": "Your plan", "url": url, "media_type": "x"})
    page = staff.get(f"/console/leads/{lead_id}").text
    assert "Your plan" in page
    attachment = page[page.index('class="attachment"') :].partition("</p>")[0]
    assert "href" not in attachment


@pytest.mark.parametrize(
    ("refused", "words"),
    [(False, "this is tried again by itself"), (True, "check the connection’s access token")],
)
def test_crm_shows_when_it_was_last_asked_what_became_of_its_deals(staff, lead_id, write, refused, words):
    strategy_id = write(rows.add_strategy, lead_id, "A plan")
    connection_id = write(rows.add_sync, lead_id, strategy_id, deal_id="77")
    write(rows.add_look_back, connection_id, refused=refused, last_error="HubSpot answered 401.")
    page = staff.get(f"/console/leads/{lead_id}").text
    crm = page[page.index('id="crm"') :]
    for expected in ("Outcome last checked in the CRM", words, "HubSpot answered 401."):
        assert expected in crm
