"""What the conversation's events make of a lead."""

from typing import Any
from uuid import UUID

import pytest
from markezy.kernel.db import Database
from markezy.kernel.events import event, read_stream
from markezy.leads import api
from markezy.leads.fold import fold
from redis import Redis
from sqlalchemy import event as sql_events
from sqlalchemy import func, select

from tests.markezy.leads.conversations import CONTACT, Conversation, ReadModel


def test_a_lead_is_new_until_they_answer(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.add("qualification.started", {"locale": "fr"}).ask("Bonjour !")
    assert read_model.lead(conversation).state == "new"
    conversation.answer("goal", "sales", 1)
    assert read_model.lead(conversation).state == "in_progress"


def test_a_whole_conversation_is_kept_with_answers_contact_and_result(
    conversation: Conversation, read_model: ReadModel
) -> None:
    conversation.ask("Votre objectif ?").say("plus de ventes").answer("goal", "sales", 1)
    conversation.answer("budget", {"amount": "2000", "currency": "EUR"}, 2).add("qualification.scored", {"score": 40})
    conversation.add("qualification.person_requested", actor="visitor").complete()
    lead = read_model.lead(conversation)
    assert (lead.state, lead.end_id, lead.score, lead.wants_person) == ("qualified", "good_fit", 70, True)
    assert (lead.channel, lead.locale, lead.flow_version_id) == ("widget", "fr", conversation.flow_version_id)
    assert {key: getattr(lead, key) for key in CONTACT} == CONTACT
    assert [(one.question, one.value, one.display) for one in lead.answers] == [
        ("goal", "sales", "« sales »"),
        ("budget", {"amount": "2000", "currency": "EUR"}, "« {'amount': '2000', 'currency': 'EUR'} »"),
    ]
    assert lead.messages == 2
    assert lead.page["utm"] == {"source": "ad"}
    assert lead.completed_at is not None
    assert lead.last_message_at is not None


@pytest.mark.parametrize("outcome", ["qualified", "nurture", "disqualified", "handed_over"])
def test_each_outcome_is_a_state(conversation: Conversation, read_model: ReadModel, outcome: str) -> None:
    assert read_model.lead(conversation.complete(outcome)).state == outcome


def test_contact_details_count_as_soon_as_they_are_given(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.answer("email", "zoe@example.com", 1).answer("phone", {"e164": "+33612345678"}, 2)
    lead = read_model.lead(conversation)
    assert (lead.email, lead.phone) == ("zoe@example.com", "« {'e164': '+33612345678'} »")


def test_a_skipped_contact_detail_is_none(conversation: Conversation, read_model: ReadModel) -> None:
    assert read_model.lead(conversation.answer("phone", None, 1)).phone is None


def test_a_changed_answer_replaces_the_old_one(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.answer("goal", "sales", 1).answer("city", "Lyon", 2)
    read_model.catch_up()
    conversation.answer("goal", "visits", 1, changed=True)
    assert [(one.question, one.value) for one in read_model.lead(conversation).answers] == [
        ("goal", "visits"),
        ("city", "Lyon"),
    ]


def test_an_answer_set_aside_is_gone_with_its_contact_detail(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.answer("goal", "sales", 1).answer("phone", "+33612345678", 2)
    assert read_model.lead(conversation).phone == "+33612345678"
    conversation.add("qualification.answer_set_aside", {"question": "phone"})
    lead = read_model.lead(conversation)
    assert lead.phone is None
    assert [one.question for one in lead.answers] == ["goal"]


def test_a_lead_who_stops_can_resume(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.answer("goal", "sales", 1).add("qualification.stopped", actor="visitor")
    assert read_model.lead(conversation).state == "stopped"
    conversation.add("qualification.resumed", actor="visitor")
    assert read_model.lead(conversation).state == "in_progress"


def test_a_result_stands_when_the_lead_stops_afterwards(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.complete().add("qualification.stopped", actor="visitor")
    assert read_model.lead(conversation).state == "qualified"


def test_news_from_the_platform_is_no_message_of_the_lead(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.say("/strategy_ready", actor="platform").ask("Votre stratégie est prête")
    assert read_model.lead(conversation).messages == 1


def test_small_batches_and_one_big_one_make_the_same_lead(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    made = []
    for batch in (1, 3, 500):
        conversation = Conversation(database, tenant_id).start()
        conversation.say("a").answer("goal", "sales", 1).ask("b").answer("phone", "1", 2).say("c")
        conversation.add("qualification.answer_set_aside", {"question": "phone"}).answer("goal", "visits", 1).complete()
        lead = ReadModel(database, relay_database, batch).lead(conversation)
        made.append([lead.state, lead.score, lead.messages, lead.phone, [one.value for one in lead.answers]])
    assert made[0] == made[1] == made[2]


def test_the_read_model_is_the_fold_of_the_log(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.say("a").answer("goal", "sales", 1).answer("budget", 5, 2).answer("goal", "visits", 1).complete()
    with conversation.database.transaction(conversation.tenant_id) as connection:
        folded = fold(read_stream(connection, conversation.tenant_id, conversation.id))
    assert read_model.lead(conversation) == folded


def test_running_again_without_news_changes_nothing(conversation: Conversation, read_model: ReadModel) -> None:
    before = read_model.lead(conversation.say("a").answer("goal", "sales", 1))
    assert read_model.lead(conversation) == before


def test_a_batch_costs_the_same_number_of_statements_for_one_lead_and_for_thirty(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    counts = []
    read_model = ReadModel(database, relay_database)
    for leads in (1, 30):
        for _ in range(leads):
            Conversation(database, tenant_id).start().say("a").answer("goal", "sales", 1).answer("city", "Lyon", 2)
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any, kept: list[str] = statements) -> None:
            kept.append(statement)

        sql_events.listen(database._engine, "before_cursor_execute", note)
        read_model.catch_up()
        sql_events.remove(database._engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_open_pages_hear_which_lead_changed(
    conversation: Conversation, redis: Redis, database: Database, relay_database: Database
) -> None:
    tenant_id = conversation.tenant_id
    with redis.pubsub(ignore_subscribe_messages=True) as heard, database.transaction(tenant_id) as connection:
        heard.subscribe(f"markezy:leads:{tenant_id}")
        heard.get_message(timeout=5)
        events = read_stream(connection, tenant_id, conversation.id)
        api.projection(redis)(connection, tenant_id, events)
        message = heard.get_message(timeout=5)
    assert message is not None
    assert message["data"] == str(conversation.lead_id).encode()


def test_a_lost_redis_does_not_stop_the_read_model(conversation: Conversation) -> None:
    tenant_id = conversation.tenant_id
    nowhere = Redis(host="127.0.0.1", port=1)
    with conversation.database.transaction(tenant_id) as connection:
        events = read_stream(connection, tenant_id, conversation.id)
        api.projection(nowhere)(connection, tenant_id, events)
        assert api.get_lead(connection, tenant_id, conversation.lead_id).state == "new"


def test_the_log_of_a_lead_is_the_conversation_and_what_followed(
    conversation: Conversation, read_model: ReadModel
) -> None:
    read_model.lead(conversation.say("a").complete())
    tenant_id, lead_id = conversation.tenant_id, conversation.lead_id
    with conversation.database.transaction(tenant_id) as connection:
        api.record_qualified(connection, tenant_id, lead_id, conversation.qualified(), "correlation-1")
        types = [one.type for one in api.events_of(connection, tenant_id, lead_id)]
        assert connection.execute(select(func.count()).select_from(event)).scalar_one() == 4
    assert types == ["conversation.started", "message.received", "qualification.completed", "lead.qualified"]


def test_a_person_comes_and_goes(conversation: Conversation, read_model: ReadModel) -> None:
    def person(type_: str, **data: Any) -> str:
        return read_model.lead(conversation.add(f"qualification.{type_}", data, "visitor")).person

    assert read_model.lead(conversation).person == ""
    assert person("person_requested", reason="asked") == "waiting"
    assert person("person_declined") == ""
    assert person("person_requested", reason="asked") == "waiting"
    assert person("team_away", reason="busy", opens_at=None) == "away"
    assert person("message_left", text="Call me") == ""
    assert person("person_joined", name="Ravi") == "talking"
    assert person("person_left", name="Ravi") == ""
    assert read_model.lead(conversation).wants_person


def test_the_pending_question_is_the_last_one_asked(conversation: Conversation, read_model: ReadModel) -> None:
    assert read_model.lead(conversation).pending_question is None
    for question in ("goal", "budget"):
        conversation.add("qualification.question_asked", {"question": question, "ordinal": 1})
        assert read_model.lead(conversation).pending_question == question
    assert read_model.lead(conversation.complete()).pending_question is None


def test_a_noted_answer_is_no_answer_yet(conversation: Conversation, read_model: ReadModel) -> None:
    data = {"question": "city", "label": "City?", "value": "Lyon", "display": "Lyon", "ordinal": 4}
    conversation.add("qualification.answer_noted", data, "visitor")
    lead = read_model.lead(conversation)
    assert (lead.answers, lead.state) == ((), "new")


def test_a_lead_who_switches_language_is_in_that_language(conversation: Conversation, read_model: ReadModel) -> None:
    conversation.add("qualification.locale_changed", {"locale": "es"}, "visitor")
    assert read_model.lead(conversation).locale == "es"


def test_a_reminder_leaves_its_time(conversation: Conversation, read_model: ReadModel) -> None:
    assert read_model.lead(conversation).reminded_at is None
    assert read_model.lead(conversation.add("qualification.reminded")).reminded_at is not None
