"""The e-mail's way out, and whom none is sent to."""

import re
from email.message import EmailMessage
from typing import Any

import dkim
import pytest
import requests
from markezy.strategies.delivery import suppression
from markezy.strategies.delivery.links import Leaving, read_leaving, unsubscribe_url
from markezy.strategies.delivery.suppression import Reason
from pydantic import SecretStr

from tests.markezy.kernel.test_mail_signature import DOMAIN, KEY, SELECTOR, pem_of, published
from tests.markezy.leads.conversations import staff_token
from tests.markezy.strategies.conftest import Desk, Mailbox, OpenDesk

ADDRESS = "zoe@example.com"


def _emailed(desk: Desk, mailbox: Mailbox) -> EmailMessage:
    desk.run("strategies.email", strategy_id=str(desk.made()))
    return mailbox.taken[-1]


def _way_out(message: EmailMessage) -> str:
    found = re.fullmatch("<(.*)>", str(message["List-Unsubscribe"]))
    assert found is not None
    return "/mail/" + found[1].partition("/mail/")[2]


def _suppress(desk: Desk, reason: Reason, address: str = ADDRESS) -> bool:
    with desk.database.transaction(desk.tenant_id) as connection:
        index = suppression.index_of(connection, desk.tenant_id, address)
        return suppression.suppress(connection, desk.tenant_id, index, reason)


def _reason(desk: Desk, address: str = ADDRESS) -> str | None:
    with desk.database.transaction(desk.tenant_id) as connection:
        found = suppression.find(connection, desk.tenant_id, address)
        return None if found is None else found.reason


class TestWayOut:
    def test_mail_programs_are_told_of_it(self, desk: Desk, mailbox: Mailbox) -> None:
        message = _emailed(desk, mailbox)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for kind in ("plain", "html"):
            body = message.get_body((kind,)).get_content()  # type: ignore[union-attr]
            assert _way_out(message) in body
            assert "Ne plus recevoir d’e-mails de Atelier Nova" in body

    def test_it_names_no_address(self, desk: Desk, mailbox: Mailbox) -> None:
        token = _way_out(_emailed(desk, mailbox)).rpartition("/")[2]
        leaving = read_leaving(desk.settings.staff_secret, token)
        assert leaving.strategy_id == desk.strategy.id
        assert len(leaving.address_index) == 12

    def test_following_it_asks_and_changes_nothing(self, desk: Desk, mailbox: Mailbox, web_url: str) -> None:
        url = web_url + _way_out(_emailed(desk, mailbox))
        for language, asked in (("fr", "Ne plus recevoir"), ("es", "¿No quiere"), ("en", "No more e-mails?")):
            answer = requests.get(url, headers={"Accept-Language": language}, timeout=20)
            assert asked in answer.text
            assert "Atelier Nova" in answer.text
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert requests.post(url, timeout=20).status_code == 422
        assert _reason(desk) is None

    def test_one_click_ends_the_mail_once(self, desk: Desk, mailbox: Mailbox, web_url: str) -> None:
        url = web_url + _way_out(_emailed(desk, mailbox))
        for _ in range(2):
            answer = requests.post(url, data={"List-Unsubscribe": "One-Click"}, timeout=20)
            assert answer.status_code == 200
        assert _reason(desk) == Reason.UNSUBSCRIBED
        assert desk.events().count("strategy.email_unsubscribed") == 1

    def test_it_holds_when_the_lead_was_forgotten(self, desk: Desk, mailbox: Mailbox, web_url: str) -> None:
        url = web_url + _way_out(_emailed(desk, mailbox))
        desk.rows("UPDATE lead_key SET wrapped = NULL, destroyed_at = now() RETURNING 1")
        requests.post(url, data={"List-Unsubscribe": "One-Click"}, timeout=20)
        assert _reason(desk) == Reason.UNSUBSCRIBED

    def test_a_link_to_the_strategy_is_none_out_of_the_mail(self, desk: Desk, link: str, web_url: str) -> None:
        url = f"{web_url}/mail/unsubscribe/{link}"
        assert requests.post(url, data={"List-Unsubscribe": "One-Click"}, timeout=20).status_code == 404
        other = unsubscribe_url(desk.settings, Leaving(desk.tenant_id, b"x" * 12, desk.strategy.id))
        assert requests.get(f"{web_url}/documents/{other.rpartition('/')[2]}", timeout=20).status_code == 404


class TestSuppression:
    @pytest.mark.parametrize("reason", Reason)
    def test_who_is_on_the_list_gets_no_mail(self, desk: Desk, mailbox: Mailbox, reason: Reason) -> None:
        _suppress(desk, reason, "ZOE@Example.com")
        for _ in range(2):
            desk.run("strategies.email", strategy_id=str(desk.strategies[0].id if desk.strategies else desk.made()))
        assert mailbox.taken == []
        (delivery,) = desk.strategy.deliveries
        assert (delivery.status, delivery.reason) == ("withheld", reason)

    def test_it_holds_no_address(self, desk: Desk) -> None:
        _suppress(desk, Reason.BOUNCED)
        ((index, reason),) = desk.rows("SELECT address_index, reason FROM mail_suppression")
        assert (len(index), reason) == (12, "bounced")

    def test_people_who_differ_by_little_are_not_mixed_up(self, desk: Desk) -> None:
        long = "a-very-long-name-of-a-mailbox-at-a-very-long-host@" + "x" * 40 + "."
        for there, others in ((ADDRESS, "zoè@example.com"), (f"{long}example", f"{long}example.com")):
            _suppress(desk, Reason.BOUNCED, there)
            assert _reason(desk, others) is None

    def test_the_first_reason_stays_but_for_a_complaint(self, desk: Desk) -> None:
        assert _suppress(desk, Reason.UNSUBSCRIBED)
        assert not _suppress(desk, Reason.BOUNCED)
        assert _suppress(desk, Reason.COMPLAINED)
        assert not _suppress(desk, Reason.COMPLAINED)
        assert not _suppress(desk, Reason.UNSUBSCRIBED)
        assert _reason(desk) == Reason.COMPLAINED

    def test_another_agency_writes_to_whom_it_likes(self, desk: Desk, open_desk: OpenDesk, mailbox: Mailbox) -> None:
        _suppress(open_desk(), Reason.COMPLAINED)
        _emailed(desk, mailbox)
        assert desk.strategy.deliveries[0].status == "sent"

    def test_staff_look_it_up_and_lift_it(self, desk: Desk, web_url: str) -> None:
        headers = {"Authorization": f"Bearer {staff_token(desk.settings, desk.tenant_id)}"}

        def ask(method: str, body: Any = None, **query: Any) -> requests.Response:
            url = f"{web_url}/api/v1/mail/suppressions"
            return requests.request(method, url, params=query, json=body, headers=headers, timeout=20)

        assert ask("GET", address=ADDRESS).json() == {"suppressed": False, "reason": None, "at": None}
        assert ask("DELETE", address=ADDRESS).status_code == 404
        _suppress(desk, Reason.BOUNCED)
        shown = ask("GET", address=f" {ADDRESS.upper()} ").json()
        assert (shown["suppressed"], shown["reason"]) == (True, "bounced")
        assert ask("DELETE", address=ADDRESS).status_code == 204
        assert not ask("GET", address=ADDRESS).json()["suppressed"]
        assert ask("PUT", {"reason": "unsubscribed"}, address=ADDRESS).json()["reason"] == "unsubscribed"
        assert ask("PUT", {"reason": "bounced"}, address=ADDRESS).json()["reason"] == "unsubscribed"
        assert ask("PUT", {"reason": "unheard of"}, address=ADDRESS).status_code == 422
        for wrong in ({}, {"address": "no address"}, {"address": "x" * 400 + "@example.com"}):
            assert ask("GET", **wrong).status_code == 422
            assert ask("PUT", {"reason": "bounced"}, **wrong).status_code == 422
        noted = desk.rows("SELECT action FROM audit_entry WHERE action LIKE 'mail_suppression.%'")
        assert ("mail_suppression.lifted",) in noted


def test_it_is_signed_when_there_is_a_key(desk: Desk, mailbox: Mailbox) -> None:
    signing = {
        "mail_from": f"plans@{DOMAIN}",
        "dkim_domain": DOMAIN,
        "dkim_selector": SELECTOR,
        "dkim_key": SecretStr(pem_of(KEY)),
    }
    desk.settings = desk.settings.model_copy(update=signing)
    _emailed(desk, mailbox)
    assert dkim.verify(mailbox.raw[-1], dnsfunc=published)
    signed = str(mailbox.taken[-1]["DKIM-Signature"]).lower()
    assert "list-unsubscribe : list-unsubscribe-post" in re.sub(r"\s*:\s*", " : ", signed)
