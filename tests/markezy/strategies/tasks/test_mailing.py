"""The lead gets it by mail."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from markezy.kernel.mail import NotSent
from markezy.leads.api import Contact
from markezy.strategies import api

from tests.markezy.bot import Bot
from tests.markezy.strategies.conftest import Desk, Mailbox, OpenDesk


class TestEmail:
    def test_the_lead_gets_the_pdf_in_their_language(self, desk: Desk, mailbox: Mailbox) -> None:
        strategy_id = desk.made()
        desk.run("strategies.email", strategy_id=str(strategy_id))
        (message,) = mailbox.taken
        assert message["To"] == "Zoë Martín <zoe@example.com>"
        assert message["From"] == "Atelier Nova <hello@markezy.example>"
        assert message["Reply-To"] == "bonjour@nova.example"
        assert message["Subject"] == "Votre stratégie marketing, par Atelier Nova"
        assert message["Message-ID"] == f"<strategy-{strategy_id}@markezy.example>"
        (attached,) = message.iter_attachments()
        assert attached.get_content_type() == "application/pdf"
        assert attached.get_filename() == "Stratégie marketing - Atelier Nova.pdf"
        with desk.database.transaction(desk.tenant_id) as connection:
            assert attached.get_content() == api.pdf(connection, desk.tenant_id, strategy_id)
        for kind in ("plain", "html"):
            body = message.get_body((kind,)).get_content()  # type: ignore[union-attr]
            assert "Bonjour Zoë," in body
            assert f"{desk.settings.platform_url}/documents/" in body
        (delivery,) = desk.strategy.deliveries
        assert (delivery.channel, delivery.status, delivery.recipient) == ("email", "sent", "zoe@example.com")

    def test_a_second_run_sends_nothing(self, desk: Desk, mailbox: Mailbox) -> None:
        strategy_id = str(desk.made())
        desk.run("strategies.email", strategy_id=strategy_id)
        before = desk.snapshot()
        desk.run("strategies.email", strategy_id=strategy_id)
        assert desk.snapshot() == before
        assert len(mailbox.taken) == 1

    def test_a_mail_server_that_asks_to_wait_gets_it_again(self, desk: Desk, mailbox: Mailbox) -> None:
        strategy_id = str(desk.made())
        mailbox.answers = ["451 not now"]
        with pytest.raises(NotSent):
            desk.run("strategies.email", strategy_id=strategy_id)
        assert desk.strategy.deliveries[0].last_error == "the mail server answered 451"
        desk.run("strategies.email", strategy_id=strategy_id)
        assert len(mailbox.taken) == 1
        assert desk.strategy.deliveries[0].status == "sent"

    def test_a_mail_server_that_refuses_for_good_ends_it(self, desk: Desk, mailbox: Mailbox) -> None:
        mailbox.answers = ["554 spam"]
        desk.run("strategies.email", strategy_id=str(desk.made()))
        assert desk.failure() == (True, "the mail server answered 554")
        assert desk.strategy.deliveries[0].status == "failed"

    def test_a_mail_server_that_is_away_is_tried_again(self, desk: Desk) -> None:
        strategy_id = str(desk.made())
        desk.settings = desk.settings.model_copy(
            update={"smtp_url": type(desk.settings.smtp_url)("smtp://127.0.0.1:1")}
        )
        with pytest.raises(NotSent, match="can't be reached"):
            desk.run("strategies.email", strategy_id=strategy_id)
        assert desk.open_tasks().count("strategies.email") == 2

    def test_a_lead_without_address_is_left_in_peace(self, open_desk: OpenDesk, mailbox: Mailbox) -> None:
        desk = open_desk(contact=Contact(name="Zoë"))
        desk.run("strategies.email", strategy_id=str(desk.made()))
        assert mailbox.taken == []
        assert desk.strategy.deliveries == ()

    @pytest.mark.parametrize(
        "address",
        ["zoe@example.com\r\nBcc: all@example.com", "no address", "a@b@c", "zoe@example.com, eve@example.com"],
    )
    def test_an_address_that_is_none_ends_it(self, open_desk: OpenDesk, mailbox: Mailbox, address: str) -> None:
        desk = open_desk(contact=Contact(name="Zoë", email=address))
        desk.run("strategies.email", strategy_id=str(desk.made()))
        assert desk.failure() == (True, "the address is not one that mail can be sent to")
        assert mailbox.taken == []

    def test_a_wicked_name_adds_no_header_and_no_markup(self, open_desk: OpenDesk, mailbox: Mailbox) -> None:
        name = "<script>x</script>\r\nBcc: all@example.com"
        desk = open_desk(contact=Contact(name=name, email="zoe@example.com", company="<img src=x>"))
        desk.run("strategies.email", strategy_id=str(desk.made()))
        (message,) = mailbox.taken
        assert message["Bcc"] is None
        assert [address.addr_spec for address in message["To"].addresses] == ["zoe@example.com"]
        html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert "<script>" not in html
        assert "<img" not in html


def test_chat_and_mail_at_the_same_moment_both_leave_their_event(desk: Desk, mailbox: Mailbox, bot: Bot) -> None:
    strategy_id = str(desk.made())
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(lambda name: desk.run(name, strategy_id=strategy_id), ("strategies.announce", "strategies.email"))
        )
    types = [type_ for type_, _ in desk.snapshot()[3]]
    assert sorted(types[-2:]) == ["strategy.announced", "strategy.emailed"]
    assert len(mailbox.taken) == len(bot.posted) == 1
