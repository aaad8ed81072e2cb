"""A lead's key is replaced while the lead is forgotten: whoever comes first, nothing of them opens afterwards."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from markezy.kernel import personal
from markezy.kernel.db import Database
from markezy.leads import api
from sqlalchemy import text

from tests.markezy.leads.conversations import Conversation, ReadModel
from tests.markezy.waiting import until_somebody_waits


def rotate(lead: Conversation) -> bool:
    with lead.database.transaction(lead.tenant_id) as connection:
        return api.rotate_key(connection, lead.tenant_id, lead.lead_id)


def forget(connection: Any, lead: Conversation) -> None:
    api.forget_lead(connection, lead.tenant_id, lead.lead_id, "staff", "staff:x", "correlation-1")
    personal.destroy(connection, lead.tenant_id, lead.lead_id)


def live_keys(lead: Conversation) -> int:
    with lead.database.transaction(lead.tenant_id) as connection:
        return int(connection.execute(text("SELECT count(*) FROM lead_key WHERE wrapped IS NOT NULL")).scalar_one())


def test_a_lead_who_is_being_forgotten_gets_no_new_key(
    conversation: Conversation, read_model: ReadModel, database: Database
) -> None:
    read_model.lead(conversation.say("a").answer("goal", "sales", 1))
    with ThreadPoolExecutor(1) as pool:
        with database.transaction(conversation.tenant_id) as connection:
            forget(connection, conversation)
            rotating = pool.submit(rotate, conversation)
            until_somebody_waits(database)
        assert rotating.result(60) is False
    assert live_keys(conversation) == 0
    assert read_model.lead(conversation).answers == ()


def test_a_new_key_is_destroyed_with_the_old_one(
    conversation: Conversation, read_model: ReadModel, database: Database
) -> None:
    read_model.lead(conversation.say("a").answer("goal", "sales", 1))

    def forget_now() -> None:
        with database.transaction(conversation.tenant_id) as connection:
            forget(connection, conversation)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction(conversation.tenant_id) as connection:
            assert api.rotate_key(connection, conversation.tenant_id, conversation.lead_id)
            forgetting = pool.submit(forget_now)
            until_somebody_waits(database)
        forgetting.result(60)
    assert live_keys(conversation) == 0
    assert read_model.lead(conversation).answers == ()
