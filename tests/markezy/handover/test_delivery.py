"""What staff say reaches the bot in the order in which they said it, once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from markezy.handover import api
from markezy.kernel.ids import new_id
from markezy.kernel.news import NotTold
from markezy.kernel.outbox import enqueue

from tests.markezy.bot import Bot, Posted
from tests.markezy.handover.conftest import Office

WORDS = [f"Sentence {number}" for number in range(6)]


def _first_task(office: Office) -> Any:
    return office.rows("SELECT id, payload FROM outbox WHERE task = 'handover.deliver' ORDER BY id")[0]


@pytest.fixture
def talking(office: Office) -> Office:
    """Ravi has said a few sentences, and nothing is delivered yet."""
    user = office.hire()
    office.take(user)
    for words in WORDS:
        assert office.say(user, new_id(), words).status_code == 202
    return office


def test_news_are_posted_in_order_under_their_ids(talking: Office, bot: Bot) -> None:
    talking.work("handover.deliver")
    assert bot.said() == ["person_joined", *WORDS]
    assert [one.body["id"] for one in bot.posted] == [
        str(id_) for (id_,) in talking.rows("SELECT id FROM handover_news ORDER BY position")
    ]
    assert {one.path for one in bot.posted} == {f"/webhooks/news/conversations/{talking.conversation.id}"}
    assert talking.rows("SELECT 1 FROM handover_news WHERE delivered_at IS NULL") == []
    assert talking.open_tasks() == []


def test_workers_side_by_side_keep_the_order(talking: Office, bot: Bot) -> None:
    rows = talking.rows("SELECT id, payload FROM outbox WHERE task = 'handover.deliver'")
    at_once = threading.Barrier(4)

    def work(row: Any) -> None:
        at_once.wait(10)
        talking.run("handover.deliver", *row)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, rows[:4]))
    assert bot.said() == ["person_joined", *WORDS]


def test_words_written_during_a_delivery_follow_at_once(talking: Office, bot: Bot) -> None:
    ((user_id,),) = talking.rows("SELECT taken_by FROM handover")
    waiting = [new_id()]

    def write_once(_posted: Posted) -> None:
        if waiting:
            with talking.database.transaction(talking.tenant_id) as connection:
                desk = api.Desk(connection, talking.tenant_id, user_id, "correlation-2")
                api.reply(desk, talking.lead_id, waiting.pop(), "One more thing")

    bot.before_answer = write_once
    talking.run("handover.deliver", *_first_task(talking))
    assert bot.said() == ["person_joined", *WORDS, "One more thing"]


def test_a_bot_that_is_busy_holds_everything_back_and_gets_it_in_order_later(talking: Office, bot: Bot) -> None:
    bot.statuses = [200, 200, 503, 200]
    with pytest.raises(NotTold):
        talking.run("handover.deliver", *_first_task(talking))
    assert bot.said() == ["person_joined", *WORDS[:2]]
    talking.work("handover.deliver")
    assert bot.said() == ["person_joined", *WORDS[:2], *WORDS[1:]]
    assert len({one.body["id"] for one in bot.posted}) == len(WORDS) + 1


def test_a_refusal_is_noted_and_shown_and_the_next_goes_on(talking: Office, bot: Bot) -> None:
    bot.statuses = [200, 200, 422, 200]
    talking.work("handover.deliver")
    assert bot.said() == ["person_joined", *WORDS]
    ((message_id, failure),) = talking.rows("SELECT id, failure FROM handover_news WHERE delivered_at IS NULL")
    assert failure == "the bot answered 422"
    reader = talking.hire("Rea Der", "read_only")
    shown = talking.call("GET", f"/leads/{talking.lead_id}/messages/{message_id}", reader).json()
    assert (shown["status"], shown["failure"]) == ("failed", "the bot answered 422")


def test_a_second_run_posts_nothing(talking: Office, bot: Bot) -> None:
    talking.work("handover.deliver")
    count = len(bot.posted)
    with talking.database.transaction(talking.tenant_id) as connection:
        enqueue(
            connection, talking.tenant_id, "handover.deliver", {"conversation_id": str(talking.conversation.id)}, "c"
        )
    talking.work("handover.deliver")
    assert len(bot.posted) == count
