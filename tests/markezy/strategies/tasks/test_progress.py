"""The lead sees how far it is."""

from markezy.strategies.production import progress
from redis import Redis

from tests.markezy.bot import Bot
from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.courses import held
from tests.markezy.strategies.tasks.asked import generate


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
        generate(desk)
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
