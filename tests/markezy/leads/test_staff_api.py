"""Leads as staff read them."""

from datetime import timedelta
from typing import Any

import pytest
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.leads import api

from tests.markezy.leads.conversations import Conversation, ReadModel


def _names(answer: Any) -> list[str | None]:
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


@pytest.fixture
def named(database: Database, tenant_id: Any, read_model: ReadModel) -> Any:
    """Start a lead for each name, in this order."""

    def start(*names: str) -> list[Conversation]:
        made = [Conversation(database, tenant_id).start().answer("name", name, 1) for name in names]
        read_model.catch_up()
        return made

    return start


def test_leads_come_newest_first_page_by_page(named: Any, get: Any) -> None:
    named("a", "b", "c", "d", "e")
    seen, cursor = [], None
    while True:
        page = get("", limit="2", **({"cursor": cursor} if cursor else {}))
        seen.append(_names(page))
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
    assert seen == [["e", "d"], ["c", "b"], ["a"]]


def test_a_lead_who_comes_while_one_pages_shifts_nothing(named: Any, get: Any) -> None:
    named("a", "b", "c")
    first = get("", limit="2").json()
    named("late")
    assert _names(get("", limit="2", cursor=first["next_cursor"])) == ["a"]


@pytest.mark.parametrize("cursor", ["x", "W10", "bm90IG91cnM", "WyIyMDI2IiwgIngiXQ", "é", "%", "W" * 5000])
def test_a_made_up_cursor_is_a_bad_request(get: Any, cursor: str) -> None:
    answer = get("", cursor=cursor)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"limit": "0"}, 422),
        ({"limit": "101"}, 422),
        ({"limit": "many"}, 400),
        ({"state": "odd"}, 422),
        ({"search": "\0"}, 422),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(get: Any, query: dict[str, str], status: int) -> None:
    assert get("", **query).status_code == status


def test_leads_are_found_by_state_and_by_parts_of_contact_details(named: Any, get: Any, read_model: ReadModel) -> None:
    zoe, _ = named("Zoë 100%", "Adam")
    read_model.lead(zoe.complete("nurture", name="Zoë 100%", email="zoe@example.com", company="Chez_Zoë"))
    assert _names(get("", state="nurture")) == ["Zoë 100%"]
    assert _names(get("", state="qualified")) == []
    for found in ("zoë", "EXAMPLE.com", "chez_", "100%"):
        assert _names(get("", search=found)) == ["Zoë 100%"]
    assert _names(get("", search="x_z")) == []


def test_counts_go_by_state(named: Any, read_model: ReadModel) -> None:
    first, second, _ = named("a", "b", "c")
    read_model.lead(first.complete("qualified"))
    read_model.lead(second.complete("qualified"))
    with first.database.transaction(first.tenant_id) as connection:
        assert api.count_by_state(connection, first.tenant_id) == {"qualified": 2, "in_progress": 1}


def test_a_lead_is_shown_with_their_answers(named: Any, get: Any) -> None:
    (lead,) = named("Zoë")
    shown = get(f"/{lead.lead_id}").json()
    assert (shown["name"], shown["state"], shown["conversation_id"]) == ("Zoë", "in_progress", str(lead.id))
    assert [(one["question"], one["value"]) for one in shown["answers"]] == [("name", "Zoë")]


def test_the_transcript_is_what_was_said_word_for_word(
    conversation: Conversation, get: Any, read_model: ReadModel
) -> None:
    buttons = [{"title": "Oui", "payload": '/answer{"value":"yes"}'}]
    conversation.ask("Prêt ?", buttons=buttons, input={"type": "choice", "question": "ready"}).say("Oui !")
    conversation.say("", actor="visitor").say("/strategy_ready", actor="platform")
    conversation.ask(
        "Voici", attachment={"title": "PDF", "url": "https://x.example/p", "media_type": "application/pdf"}
    )
    conversation.add("message.sent", {"text": "Bonjour, Camille ici"}, "staff:42")
    read_model.catch_up()
    items = get(f"/{conversation.lead_id}/transcript").json()["items"]
    assert [(item["from"], item["text"]) for item in items] == [
        ("assistant", "Prêt ?"), ("visitor", "Oui !"), ("assistant", "Voici"), ("staff", "Bonjour, Camille ici"),
    ]  # fmt: skip
    assert items[0]["buttons"] == buttons
    assert items[0]["input"]["question"] == "ready"
    assert items[1]["message_id"]
    assert items[2]["attachment"]["title"] == "PDF"
    assert "buttons" not in items[1]


def test_events_come_page_by_page(conversation: Conversation, get: Any, read_model: ReadModel) -> None:
    read_model.lead(conversation.say("a").say("b"))
    first = get(f"/{conversation.lead_id}/events", limit="2").json()
    second = get(f"/{conversation.lead_id}/events", limit="2", cursor=first["next_cursor"]).json()
    assert [one["type"] for one in first["items"]] == ["conversation.started", "message.received"]
    assert [one["data"]["text"] for one in second["items"]] == ["b"]
    assert second["next_cursor"] is None
    assert get(f"/{conversation.lead_id}/events", cursor="eyJ9").status_code == 400


def test_the_state_at_a_time_is_what_was_known_then(
    conversation: Conversation, get: Any, read_model: ReadModel
) -> None:
    conversation.answer("goal", "sales", 1)
    then = read_model.lead(conversation).answers[0].answered_at
    read_model.lead(conversation.answer("goal", "visits", 1).complete())
    shown = get(f"/{conversation.lead_id}/state", at=then.isoformat()).json()
    assert (shown["state"], shown["answers"][0]["value"]) == ("in_progress", "sales")
    assert get(f"/{conversation.lead_id}/state").json()["state"] == "qualified"
    assert get(f"/{conversation.lead_id}/state", at=(then - timedelta(days=1)).isoformat()).status_code == 404
    for wrong in ("yesterday", "2026-01-31T09:30:00"):
        assert get(f"/{conversation.lead_id}/state", at=wrong).status_code == 400


@pytest.mark.parametrize("part", ["", "/events", "/transcript", "/state", "/state?at=2026-01-31T09:30:00Z"])
def test_a_foreign_lead_is_not_found(
    conversation: Conversation, get: Any, make_tenant: Any, read_model: ReadModel, part: str
) -> None:
    read_model.catch_up()
    assert get(f"/{conversation.lead_id}{part}", tenant=make_tenant()).status_code == 404
    assert get(f"/{new_id()}{part}").status_code == 404


def test_a_foreign_agency_sees_none_of_the_leads(named: Any, get: Any, make_tenant: Any) -> None:
    named("a", "b")
    assert _names(get("", tenant=make_tenant())) == []


def test_the_transcript_says_who_of_the_team_spoke_and_what_a_message_answered(
    conversation: Conversation, get: Any, read_model: ReadModel
) -> None:
    conversation.add("message.sent", {"text": "Hello, this is Ravi", "name": "Ravi"}, "staff")
    conversation.add(
        "message.received",
        {"text": "2000", "message_id": "m-1", "channel": "widget", "intent": "answer", "question": "budget"},
        "visitor",
    )
    read_model.catch_up()
    said = get(f"/{conversation.lead_id}/transcript").json()["items"]
    assert [(one["from"], one.get("name"), one.get("question")) for one in said] == [
        ("staff", "Ravi", None),
        ("visitor", None, "budget"),
    ]


def test_the_past_knows_who_was_there(
    conversation: Conversation, database: Database, get: Any, read_model: ReadModel
) -> None:
    conversation.add("qualification.question_asked", {"question": "goal", "ordinal": 1})
    conversation.add("qualification.person_requested", {"reason": "asked"}, "visitor")
    read_model.catch_up()
    with database.transaction(conversation.tenant_id) as connection:
        asked = api.events_of(connection, conversation.tenant_id, conversation.lead_id)[-1].occurred_at
    conversation.add("qualification.person_joined", {"name": "Ravi"}, "staff")
    read_model.catch_up()
    then = get(f"/{conversation.lead_id}/state", at=asked.isoformat()).json()
    assert (then["person"], then["pending_question"]) == ("waiting", "goal")
    assert get(f"/{conversation.lead_id}/state").json()["person"] == "talking"
