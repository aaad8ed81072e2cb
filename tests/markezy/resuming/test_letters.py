"""Links that leads ask for: written once, sent once, in their language."""

from collections.abc import Callable

import pytest
import requests
from markezy.strategies import api as strategies
from markezy.strategies.delivery import suppression

from tests.markezy.handover.mailbox import Mailbox
from tests.markezy.resuming.conftest import Case


def test_a_link_asked_for_is_sent_with_the_agencys_name(case: Case, mailbox: Mailbox) -> None:
    case.asks_for_a_link()
    assert case.work() == 1
    (mail,) = mailbox.taken
    assert mail["To"] == "zoe@example.com"
    assert "Brightlane" in mail["From"]
    assert mail["Reply-To"] == "hello@brightlane.example"
    assert mail["Subject"] == "Your conversation with Brightlane: pick up where you left off"
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert "https://shop.example/#markezy-resume=ey" in plain.get_content()
    assert "https://shop.example/#markezy-resume=ey" in html.get_content()
    assert case.letters() == [("link", "zoe@example.com", True, None)]


def test_it_offers_a_way_out_of_the_agencys_mail(case: Case, mailbox: Mailbox, web_url: str) -> None:
    case.asks_for_a_link()
    case.work()
    (mail,) = mailbox.taken
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"])[1:-1]
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert f"No more e-mails from Brightlane:\n{address}" in plain.get_content().replace("\r\n", "\n")
    assert address in html.get_content()
    url = web_url + "/mail/unsubscribe/" + address.rpartition("/")[2]
    assert "No more e-mails?" in requests.get(url, headers={"Accept-Language": "en"}, timeout=20).text
    for _ in range(2):
        assert requests.post(url, data={"List-Unsubscribe": "One-Click"}, timeout=20).status_code == 200
    with case.database.transaction(case.tenant_id) as connection:
        assert strategies.why_no_mail(connection, case.tenant_id, "Zoe@example.com") == "unsubscribed"
    assert case.rows("SELECT count(*) FROM event WHERE type = 'strategy.email_unsubscribed'") == [(1,)]


def test_a_replay_writes_and_sends_nothing_again(case: Case, mailbox: Mailbox) -> None:
    case.asks_for_a_link()
    case.work()
    case.replay()
    assert case.work() == 0
    assert len(mailbox.taken) == 1


@pytest.mark.parametrize(("locale", "words"), [("fr", "reprenez où vous en étiez"), ("es", "siga donde la dejó")])
def test_it_speaks_the_leads_language(
    make_case: Callable[..., Case], mailbox: Mailbox, locale: str, words: str
) -> None:
    case = make_case(locale=locale)
    case.asks_for_a_link()
    case.work()
    assert words in mailbox.taken[0]["Subject"]
    assert mailbox.taken[0]["Content-Language"] == locale


def test_a_fourth_link_in_a_day_is_not_sent(case: Case) -> None:
    for _ in range(5):
        case.asks_for_a_link()
    assert len(case.letters()) == 3


def test_a_passing_trouble_of_the_mail_server_is_tried_again(case: Case, mailbox: Mailbox) -> None:
    mailbox.answers = ["451 later"]
    case.asks_for_a_link()
    with pytest.raises(Exception, match="451"):
        case.work()
    assert case.letters() == [("link", "zoe@example.com", False, None)]
    assert case.work() == 1
    assert len(mailbox.taken) == 1


def test_a_refused_address_is_noted(case: Case, mailbox: Mailbox) -> None:
    mailbox.answers = ["550 no such mailbox"]
    case.asks_for_a_link()
    case.work()
    assert case.rows("SELECT failure FROM outbox WHERE failed_at IS NOT NULL") == [("the mail server answered 550",)]
    ((_, _, sent, failure),) = case.letters()
    assert not sent
    assert "550" in failure


def test_an_address_that_wants_no_mail_gets_no_link(case: Case, mailbox: Mailbox) -> None:
    with case.database.transaction(case.tenant_id) as connection:
        index = suppression.index_of(connection, case.tenant_id, "Zoe@example.com")
        suppression.suppress(connection, case.tenant_id, index, suppression.Reason.UNSUBSCRIBED)
    case.asks_for_a_link()
    case.work()
    assert mailbox.taken == []
    assert case.letters() == [("link", "zoe@example.com", False, "the address gets no mail: unsubscribed")]


def test_the_same_letter_twice_has_the_same_message_id(case: Case, mailbox: Mailbox) -> None:
    case.asks_for_a_link()
    case.work()
    case.rows("UPDATE resume_letter SET sent_at = NULL RETURNING 1")
    case.rows("UPDATE outbox SET completed_at = NULL RETURNING 1")
    case.work()
    first, second = mailbox.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_an_agency_without_a_website_sends_no_link(make_case: Callable[..., Case], mailbox: Mailbox) -> None:
    case = make_case(website="")
    case.asks_for_a_link()
    case.work()
    assert mailbox.taken == []
    ((_, _, _, failure),) = case.letters()
    assert "no website" in failure


def test_three_links_a_day_are_granted_by_the_day_they_are_asked_for(case: Case) -> None:
    for hours in (0, 1, 2, 3, 25, 26):
        case.later(hours, "qualification.resume_link_requested", {"email": "zoe@example.com"}, "visitor")
    case.catch_up()
    granted = case.letters()
    assert len(granted) == 5
    case.replay()
    assert case.letters() == granted


@pytest.mark.parametrize(
    ("done", "of", "words"),
    [(1, 4, "There are 3 questions left at most."), (3, 4, "There is one question left."), (4, 4, "")],
)
def test_it_says_how_many_questions_are_left(case: Case, mailbox: Mailbox, done: int, of: int, words: str) -> None:
    case.conversation.ask("And then?", progress={"done": done, "of": of}).ask("By the way …")
    case.asks_for_a_link()
    case.work()
    for kind in ("plain", "html"):
        body = mailbox.taken[0].get_body((kind,))
        assert body is not None
        content = " ".join(body.get_content().split())
        assert words in content
        assert ("question" in content) == bool(words)


def test_a_language_we_do_not_speak_is_answered_in_english(make_case: Callable[..., Case], mailbox: Mailbox) -> None:
    case = make_case(locale="de")
    case.asks_for_a_link()
    case.work()
    assert mailbox.taken[0]["Content-Language"] == "en"


def test_agencies_share_no_letters(case: Case, make_case: Callable[..., Case]) -> None:
    stranger = make_case()
    case.asks_for_a_link()
    assert stranger.letters() == []
    assert len(case.letters()) == 1
