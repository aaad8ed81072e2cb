"""The lead is told in the chat."""

from datetime import timedelta
from uuid import uuid5

import jwt
import pytest
from markezy.kernel import tokens
from markezy.kernel.clock import now
from markezy.kernel.news import NotTold

from tests.markezy.bot import Bot
from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.tasks.asked import TITLE


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
