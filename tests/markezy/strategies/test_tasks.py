"""From a qualified lead to a PDF that was announced and sent, each step as often as it takes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from uuid import uuid5

import jwt
import pytest
from markezy.consents import api as consents
from markezy.kernel import tokens
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.errors import Conflict
from markezy.kernel.limits import give_plan
from markezy.kernel.mail import NotSent
from markezy.kernel.news import NotTold
from markezy.leads.api import Contact
from markezy.strategies import api, repository
from markezy.strategies.model import DocumentKind
from markezy.strategies.production import deciding, inspecting, progress, renewing
from markezy.strategies.production.drafting import draft
from markezy.strategies.production.kept import open_strategy
from markezy.strategies.production.writing import content_of
from markezy.strategies.rendering import press
from markezy.strategies.rendering.pdf import TookTooLong
from pypdf import PdfReader
from redis import Redis

from tests.markezy.bot import Bot
from tests.markezy.strategies.conftest import Desk, Mailbox, OpenDesk
from tests.markezy.strategies.courses import UNFINISHED, held, say_otherwise

TITLE = "Plus de commandes pour Chez Zoë"
SPOILT = f'sections: {{summary: {{blocks: {{ours: {{text: "{UNFINISHED}"}}}}}}}}'


@pytest.fixture
def changed(desk: Desk, relay_database: Database) -> Desk:
    """The lead said something else after the strategy was made."""
    desk.made()
    say_otherwise(desk, relay_database)
    return desk


def _generate(desk: Desk) -> None:
    desk.run("strategies.generate", lead_id=str(desk.lead_id))


class TestGenerate:
    def test_the_strategy_is_written_in_the_leads_language_and_goes_on_to_be_checked(self, desk: Desk) -> None:
        _generate(desk)
        found = desk.strategy
        assert (found.title, found.locale, found.status, found.has_pdf) == (TITLE, "fr", "generated", False)
        assert desk.open_tasks() == ["strategies.check"]
        assert desk.snapshot()[3][-1] == ("strategy.generated", 2)

    def test_a_second_run_changes_nothing(self, desk: Desk) -> None:
        _generate(desk)
        before = desk.snapshot()
        _generate(desk)
        assert desk.snapshot() == before

    def test_parallel_runs_make_one_strategy(self, desk: Desk) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: _generate(desk), range(4)))
        assert desk.open_tasks() == ["strategies.check"]
        assert len(desk.rows("SELECT id FROM strategy")) == 1

    def test_what_goes_beyond_the_plan_is_written_tomorrow(self, desk: Desk) -> None:
        with desk.database.transaction(desk.tenant_id) as connection:
            give_plan(connection, desk.tenant_id, "trial", {"strategies_per_day": 0})
        _generate(desk)
        assert desk.rows("SELECT id FROM strategy") == []
        waiting = desk.rows("SELECT due_at > now() AS later, failed_at FROM outbox WHERE task = 'strategies.generate'")
        assert (waiting[-1].later, waiting[-1].failed_at) == (True, None)

    def test_a_language_without_words_falls_back_to_the_agencys(self, open_desk: OpenDesk) -> None:
        desk = open_desk(locale="de-AT")
        _generate(desk)
        assert desk.strategy.locale == "fr"

    def test_what_the_agency_changed_counts(self, desk: Desk) -> None:
        for name in ("Vieux", "Neuf"):
            desk.change(f"title: {name}")
        _generate(desk)
        assert desk.strategy.title == "Neuf"

    def test_it_remembers_the_versions_and_the_case_it_was_written_from(self, desk: Desk) -> None:
        desk.change("title: Autre")
        strategy_id = desk.written()
        with desk.database.transaction(desk.tenant_id) as connection:
            kept = open_strategy(connection, desk.tenant_id, strategy_id)
        assert [(one.layer, one.part) for one in kept.stack.versions] == [
            ("base", "plan"), ("sector", "plan"), ("base", "fr"), ("sector", "fr"), ("agency", "fr"),
        ]  # fmt: skip
        assert kept.case.lead.contact.company == "Chez Zoë"

    def test_the_same_inputs_give_the_same_bytes_again(self, desk: Desk) -> None:
        desk.change("title: Autre")
        strategy_id = desk.written()
        desk.change("title: Encore autre")
        with desk.database.transaction(desk.tenant_id) as connection:
            kept = open_strategy(connection, desk.tenant_id, strategy_id)
        again = content_of(draft(kept.stack, kept.case).document, kept.case)
        assert again["html"] == kept.strategy.html
        assert again["content_hash"] == kept.strategy.content_hash

    def test_an_agency_without_words_for_its_sector_is_a_dead_letter_that_says_so(self, desk: Desk) -> None:
        desk.rows("UPDATE tenant SET sector = 'circus' RETURNING 1")
        _generate(desk)
        assert desk.failure() == (True, "no words for the sector circus are released")
        assert desk.events()[-1] == "strategy.failed"

    def test_words_that_fail_on_this_lead_are_a_dead_letter_without_their_words(self, desk: Desk) -> None:
        desk.change("title: \"{% if lead.name == 'Zoë Martín' %}{{ lead.name + 1 }}{% endif %}Titre\"")
        _generate(desk)
        dead, reason = desk.failure()
        assert dead
        assert "Zoë" not in reason

    def test_a_lead_who_is_not_qualified_is_a_dead_letter(self, desk: Desk) -> None:
        desk.run("strategies.generate", lead_id=str(desk.conversation_id))
        assert desk.failure()[0]


class TestCheck:
    def test_a_strategy_without_a_defect_goes_on_to_be_rendered(self, desk: Desk) -> None:
        desk.checked()
        assert desk.strategy.status == "checked"
        assert "strategies.render" in desk.open_tasks()

    def test_a_second_run_changes_nothing(self, desk: Desk) -> None:
        strategy_id = desk.checked()
        before = desk.snapshot()
        desk.run("strategies.check", strategy_id=str(strategy_id))
        assert desk.snapshot() == before

    def test_a_strategy_that_moved_on_meanwhile_is_left_alone(self, desk: Desk) -> None:
        strategy_id = desk.written()
        with desk.database.transaction(desk.tenant_id) as connection:
            stale = open_strategy(connection, desk.tenant_id, strategy_id)
        desk.run("strategies.check", strategy_id=str(strategy_id))
        before = desk.snapshot()
        with desk.database.transaction(desk.tenant_id) as connection:
            assert not inspecting.settle(connection, desk.tenant_id, stale, inspecting.inspect(stale))
        assert desk.snapshot() == before

    def test_what_the_agencys_changes_spoil_is_written_without_them(self, desk: Desk) -> None:
        desk.change(SPOILT)
        strategy_id = desk.checked()
        second, first = desk.strategies
        assert (first.id, first.status, first.edition) == (strategy_id, "set_aside", 1)
        assert (second.status, second.edition) == ("generated", 2)
        assert desk.events()[-3:] == ["strategy.generated", "strategy.set_aside", "strategy.generated"]
        desk.run("strategies.check", strategy_id=str(second.id))
        assert desk.strategies[0].status == "checked"

    def test_what_fails_every_way_waits_for_staff_and_goes_to_nobody(self, desk: Desk) -> None:
        strategy_id = held(desk)
        assert desk.strategy.status == "held"
        assert desk.events()[-1] == "strategy.held"
        assert "strategies.render" not in desk.open_tasks()
        with desk.database.transaction(desk.tenant_id) as connection:
            (waiting,) = deciding.queue(connection, desk.tenant_id)
        assert waiting.strategy_id == strategy_id
        assert "placeholder" in {finding.problem.code for finding in waiting.findings}

    def test_staff_may_let_it_go(self, desk: Desk) -> None:
        strategy_id = held(desk)
        with desk.database.transaction(desk.tenant_id) as connection:
            deciding.approve(connection, desk.tenant_id, strategy_id, "staff:ada", "c-2")
        desk.run("strategies.render", strategy_id=str(strategy_id))
        assert desk.strategy.status == "rendered"
        with desk.database.transaction(desk.tenant_id) as connection, pytest.raises(Conflict):
            deciding.discard(connection, desk.tenant_id, strategy_id, "staff:ada", "c-3")

    def test_or_keep_it_from_the_lead(self, desk: Desk) -> None:
        strategy_id = held(desk)
        with desk.database.transaction(desk.tenant_id) as connection:
            deciding.discard(connection, desk.tenant_id, strategy_id, "staff:ada", "c-2")
        desk.run("strategies.render", strategy_id=str(strategy_id))
        assert (desk.strategy.status, desk.strategy.has_pdf) == ("set_aside", False)


class TestNextEdition:
    def test_an_answer_that_changed_is_told_with_what_would_read_differently(self, changed: Desk) -> None:
        with changed.database.transaction(changed.tenant_id) as connection:
            kept = open_strategy(connection, changed.tenant_id, changed.strategies[0].id)
            renewal = renewing.compare(connection, changed.tenant_id, kept)
        assert [(one.question, one.before, one.after) for one in renewal.answers if one.question == "city"] == [
            ("city", "Nîmes", "Lyon")
        ]
        assert any("Lyon" in (block.after or "") for block in renewal.blocks)

    def test_it_is_written_from_what_the_lead_says_today_and_written_once(self, changed: Desk) -> None:
        for _ in range(2):
            changed.run("strategies.generate", lead_id=str(changed.lead_id), edition=2)
        newest, first = changed.strategies
        assert (newest.edition, first.edition) == (2, 1)
        with changed.database.transaction(changed.tenant_id) as connection:
            assert "Lyon" in api.html(connection, changed.tenant_id, newest.id)


class TestRender:
    def test_the_pdf_is_kept_and_everybody_is_told(self, desk: Desk) -> None:
        strategy_id = desk.made()
        with desk.database.transaction(desk.tenant_id) as connection:
            text = PdfReader(BytesIO(api.pdf(connection, desk.tenant_id, strategy_id))).pages[0].extract_text()
        assert TITLE in " ".join(text.split())
        assert "Zoë Martín" in text
        assert (desk.strategy.status, desk.strategy.has_pdf) == ("rendered", True)
        assert {"crm.sync", "strategies.announce", "strategies.email"} <= set(desk.open_tasks())

    def test_a_second_run_changes_nothing(self, desk: Desk) -> None:
        strategy_id = desk.made()
        before = desk.snapshot()
        desk.run("strategies.render", strategy_id=str(strategy_id))
        assert desk.snapshot() == before

    def test_the_team_gets_a_briefing_of_its_own(self, desk: Desk) -> None:
        strategy_id = desk.made()
        with desk.database.transaction(desk.tenant_id) as connection:
            body = repository.find_document(connection, desk.tenant_id, strategy_id, DocumentKind.BRIEFING)
        assert body is not None
        assert "Zoë Martín" in " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)

    def test_what_a_busy_machine_did_not_render_in_time_is_tried_again(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        strategy_id = desk.checked()
        with monkeypatch.context() as hurried:
            hurried.setattr(press, "_SECONDS", 0)
            with pytest.raises(TookTooLong):
                desk.run("strategies.render", strategy_id=str(strategy_id))
        assert "strategy.failed" not in desk.events()
        desk.run("strategies.render", strategy_id=str(strategy_id))
        assert desk.strategy.has_pdf

    def test_what_was_not_checked_is_not_rendered(self, desk: Desk) -> None:
        desk.run("strategies.render", strategy_id=str(desk.written()))
        assert not desk.strategy.has_pdf


class TestAnnounce:
    def test_the_bot_is_told_with_a_link_that_opens_the_pdf(self, desk: Desk, bot: Bot) -> None:
        strategy_id = desk.made()
        desk.run("strategies.announce", strategy_id=str(strategy_id))
        ((path, headers, body),) = bot.posted
        assert path == f"/webhooks/news/conversations/{desk.conversation_id}"
        assert (body["id"], body["intent"]) == (str(uuid5(strategy_id, "strategy_ready")), "strategy_ready")
        assert body["data"]["title"] == TITLE
        assert body["data"]["url"].startswith(f"{desk.settings.platform_url}/documents/")
        assert headers["X-Correlation-Id"] == "correlation-1"
        claims = jwt.decode(headers["Authorization"].removeprefix("Bearer "), "s" * 32, ["HS256"], audience="bot")
        assert (claims["iss"], claims["tid"]) == ("worker", str(desk.tenant_id))
        (delivery,) = desk.strategy.deliveries
        assert (delivery.channel, delivery.status) == ("chat", "sent")
        assert delivery.sent_at is not None

    def test_a_second_run_tells_nobody(self, desk: Desk, bot: Bot) -> None:
        strategy_id = str(desk.made())
        desk.run("strategies.announce", strategy_id=strategy_id)
        before = desk.snapshot()
        desk.run("strategies.announce", strategy_id=strategy_id)
        assert desk.snapshot() == before
        assert len(bot.posted) == 1

    def test_a_busy_bot_is_told_later_under_the_same_id(self, desk: Desk, bot: Bot) -> None:
        strategy_id = str(desk.made())
        bot.statuses = [503]
        with pytest.raises(NotTold):
            desk.run("strategies.announce", strategy_id=strategy_id)
        assert (desk.strategy.deliveries[0].status, desk.strategy.deliveries[0].last_error) == (
            "pending", "the bot answered 503",
        )  # fmt: skip
        bot.statuses = [200]
        desk.run("strategies.announce", strategy_id=strategy_id)
        assert (desk.strategy.deliveries[0].status, desk.strategy.deliveries[0].last_error) == ("sent", None)
        assert len({body["id"] for _, _, body in bot.posted}) == 1

    def test_a_later_try_says_the_very_same_so_that_the_bot_knows_it(
        self, desk: Desk, bot: Bot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        strategy_id = str(desk.made())
        bot.statuses = [503]
        with pytest.raises(NotTold):
            desk.run("strategies.announce", strategy_id=strategy_id)
        bot.statuses = [200]
        monkeypatch.setattr(tokens, "now", lambda: now() + timedelta(minutes=5))
        desk.run("strategies.announce", strategy_id=strategy_id)
        first, second = (body for _, _, body in bot.posted)
        assert first == second

    def test_a_bot_that_knows_no_such_conversation_ends_it(self, desk: Desk, bot: Bot) -> None:
        bot.statuses = [404]
        desk.run("strategies.announce", strategy_id=str(desk.made()))
        assert desk.failure() == (True, "the bot answered 404")
        assert desk.strategy.deliveries[0].status == "failed"


class TestProgress:
    def test_it_rises_with_each_step_and_is_gone_when_the_lead_was_told(self, desk: Desk, redis: Redis) -> None:
        key = progress.key_of(desk.tenant_id, desk.conversation_id)
        written = str(desk.written())
        seen = [redis.get(key)]
        for name in ("strategies.check", "strategies.render", "strategies.announce"):
            desk.run(name, strategy_id=written)
            seen.append(redis.get(key))
        assert seen == [b"10 fr", b"50 fr", b"95 fr", None]

    def test_each_step_wakes_the_leads_open_chat(self, desk: Desk, redis: Redis) -> None:
        with redis.pubsub() as open_chat:
            open_chat.subscribe(f"markezy:conversation:{desk.tenant_id}:{desk.conversation_id}")
            assert open_chat.get_message(timeout=10)
            desk.written()
            woken = open_chat.get_message(timeout=10)
        assert woken is not None
        assert woken["type"] == "message"

    def test_it_is_gone_when_there_will_be_no_strategy(self, desk: Desk, redis: Redis) -> None:
        desk.rows("UPDATE tenant SET sector = 'circus' RETURNING 1")
        _generate(desk)
        assert redis.get(progress.key_of(desk.tenant_id, desk.conversation_id)) is None

    def test_it_is_gone_when_staff_have_to_decide(self, desk: Desk, redis: Redis) -> None:
        held(desk)
        assert redis.get(progress.key_of(desk.tenant_id, desk.conversation_id)) is None

    def test_it_is_gone_when_the_lead_can_not_be_told(self, desk: Desk, bot: Bot, redis: Redis) -> None:
        bot.statuses = [404]
        desk.run("strategies.announce", strategy_id=str(desk.made()))
        assert redis.get(progress.key_of(desk.tenant_id, desk.conversation_id)) is None

    def test_without_redis_the_strategy_is_made_all_the_same(self, desk: Desk) -> None:
        nowhere = type(desk.settings.redis_url)("redis://127.0.0.1:1/0")
        desk.settings = desk.settings.model_copy(update={"redis_url": nowhere})
        desk.checked()
        assert desk.strategy.status == "checked"


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


def test_the_crm_is_told_title_summary_and_answers(desk: Desk) -> None:
    strategy_id = desk.made()
    with desk.database.transaction(desk.tenant_id) as connection:
        told = api.summary_for_crm(connection, desk.tenant_id, strategy_id)
    assert (told.strategy_id, told.lead.lead_id, told.lead.contact.email) == (
        strategy_id,
        desk.lead_id,
        "zoe@example.com",
    )
    assert f"<h3>{TITLE}</h3>" in told.html_summary
    assert "<p>" in told.html_summary
    assert "<li><b>Audience:</b> De jeunes familles, à Nîmes &amp; alentour</li>" in told.html_summary
    assert "<h2>" not in told.html_summary


class TestWithoutConsent:
    def refuse(self, desk: Desk, purpose: str) -> None:
        with desk.database.transaction(desk.tenant_id) as connection:
            consents.withdraw(
                connection, desk.tenant_id, desk.lead_id, desk.conversation_id, purpose, "staff:x", "correlation-1"
            )

    def test_who_does_not_want_to_be_written_to_gets_no_mail(self, desk: Desk, mailbox: Mailbox) -> None:
        made = desk.made()
        self.refuse(desk, consents.CONTACT)
        for _ in range(2):
            desk.run("strategies.email", strategy_id=str(made))
        assert mailbox.taken == []
        assert [(one.channel, one.status) for one in desk.strategy.deliveries] == [("email", "withheld")]

    def test_no_strategy_is_written_for_who_does_not_want_one(self, desk: Desk) -> None:
        self.refuse(desk, consents.STRATEGY)
        _generate(desk)
        assert desk.rows("SELECT id FROM strategy") == []
        assert desk.open_tasks() == []
