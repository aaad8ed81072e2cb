"""What follows from bounces and complaints, and from whose."""

from collections.abc import Callable

import pytest
import requests
from markezy.accounts import api as accounts
from markezy.kernel.events import read_stream
from markezy.kernel.ids import new_id
from markezy.strategies.delivery import suppression

from tests.markezy.strategies.conftest import Desk, OpenDesk
from tests.markezy.strategies.delivery.reports_of_tests import ADDRESS, bounce, complaint

Report = Callable[..., requests.Response]


def key_of(desk: Desk, *scopes: str) -> str:
    with desk.database.transaction(desk.tenant_id) as connection:
        mine = accounts.users_who_may(connection, desk.tenant_id, "api_keys.write")
        owner = mine[0] if mine else accounts.add_user(
            connection, desk.tenant_id, email=f"owner@{desk.tenant_id}.example", name="Ada", role="owner",
            password="correct horse battery",
        )  # fmt: skip
        return accounts.create_api_key(connection, owner, f"Mail {new_id()}", scopes, None)[1]


@pytest.fixture
def sent(desk: Desk) -> Desk:
    desk.run("strategies.email", strategy_id=str(desk.made()))
    return desk


@pytest.fixture
def report(web_url: str, sent: Desk) -> Report:
    """Report as the agency's mail server does, or with another key."""
    own = key_of(sent, "mail.report")

    def post(raw: bytes, key: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {key or own}", "Content-Type": "message/rfc822"}
        return requests.post(f"{web_url}/api/v1/mail/reports", data=raw, headers=headers, timeout=20)

    return post


def _state(desk: Desk) -> tuple[str, str | None]:
    """Where the delivery stands, and why the address gets no mail."""
    with desk.database.transaction(desk.tenant_id) as connection:
        found = suppression.find(connection, desk.tenant_id, ADDRESS)
    return desk.strategy.deliveries[0].status, None if found is None else found.reason


def test_a_hard_bounce_ends_the_mail_to_this_address(sent: Desk, report: Report) -> None:
    for _ in range(2):
        answer = report(bounce(sent.strategy.id))
        assert answer.json() == {"result": "bounced", "strategy_id": str(sent.strategy.id)}
    assert _state(sent) == ("bounced", "bounced")
    assert sent.events().count("strategy.email_bounced") == 1
    with sent.database.transaction(sent.tenant_id) as connection:
        happened = read_stream(connection, sent.tenant_id, sent.lead_id)[-1]
    assert happened.data == {"strategy_id": str(sent.strategy.id), "status": "5.1.1"}
    assert happened.actor.startswith("api_key:")


@pytest.mark.parametrize("about", [ADDRESS, ADDRESS.upper(), None])
def test_a_complaint_ends_the_mail_to_this_address(sent: Desk, report: Report, about: str | None) -> None:
    for _ in range(2):
        assert report(complaint(sent.strategy.id, about=about)).json()["result"] == "complained"
    assert _state(sent) == ("complained", "complained")
    assert sent.events().count("strategy.email_complained") == 1


@pytest.mark.parametrize(
    "raw",
    [
        lambda id_: bounce(id_, status="4.2.2"),
        lambda id_: bounce(id_, action="delayed"),
        lambda id_: complaint(id_, type_="not-spam"),
    ],
)
def test_what_may_pass_changes_nothing(sent: Desk, report: Report, raw: Callable[..., bytes]) -> None:
    before = sent.snapshot()
    assert report(raw(sent.strategy.id)).json()["result"] == "noted"
    assert _state(sent) == ("sent", None)
    assert sent.snapshot() == before


def test_an_address_that_we_did_not_write_to_is_not_believed(sent: Desk, report: Report) -> None:
    before = sent.snapshot()
    other = "victim@example.com"
    for raw in (bounce(sent.strategy.id, recipient=other), complaint(sent.strategy.id, about=other)):
        assert report(raw).json()["result"] == "ignored"
    assert sent.rows("SELECT 1 FROM mail_suppression") == []
    assert sent.snapshot() == before


def test_who_forwarded_the_mail_is_known_by_the_address_it_was_sent_to(sent: Desk, report: Report) -> None:
    raw = bounce(sent.strategy.id, recipient="new@home.example", more=f"Original-Recipient: rfc822;{ADDRESS}\r\n")
    assert report(raw).json()["result"] == "bounced"


def test_a_strategy_that_was_not_mailed_can_not_come_back(open_desk: OpenDesk, report: Report) -> None:
    desk = open_desk()
    desk.made()
    assert report(bounce(desk.strategy.id), key_of(desk, "mail.report")).json()["result"] == "ignored"


def test_another_agencys_key_finds_nothing(sent: Desk, report: Report, open_desk: OpenDesk) -> None:
    assert report(bounce(sent.strategy.id), key_of(open_desk(), "mail.report")).status_code == 404
    assert _state(sent) == ("sent", None)


def test_a_key_for_something_else_may_not_report(sent: Desk, report: Report) -> None:
    assert report(bounce(sent.strategy.id), key_of(sent, "strategies.write")).status_code == 403


def test_what_is_no_report_is_told_what_it_lacks(report: Report) -> None:
    answer = report(b"Subject: hello\r\n\r\nhello\r\n")
    assert answer.status_code == 422
    assert answer.json()["missing"] == "multipart/report"
    assert report(b"x" * 1_000_001).status_code in (413, 422)


def test_the_next_mail_to_it_is_withheld(sent: Desk, report: Report) -> None:
    report(bounce(sent.strategy.id))
    sent.rows("UPDATE delivery SET sent_at = NULL RETURNING 1")
    sent.run("strategies.email", strategy_id=str(sent.strategy.id))
    (delivery,) = sent.strategy.deliveries
    assert (delivery.status, delivery.reason) == ("withheld", "bounced")
