"""Everything about a lead, page by page without a gap, and the lead at any moment of what was done for them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import requests
from markezy.kernel import personal
from markezy.kernel.db import Database
from markezy.kernel.events import NewEvent, append
from markezy.leads import api

from tests.markezy.leads.conversations import Conversation, ReadModel

STRATEGY, CRM, HANDOVER = "strategy-1", "crm-1", "handover-1"
BECAME = "strategy.outcome_recorded"


@pytest.fixture
def done(conversation: Conversation) -> Callable[..., datetime]:
    """Write one thing into the lead's own stream; when it happened."""

    def write(type_: str, actor: str = "platform", **data: Any) -> datetime:
        with conversation.database.transaction(conversation.tenant_id) as connection:
            (event,) = append(
                connection, conversation.tenant_id, "lead", conversation.lead_id, None,
                [NewEvent(type_, data, actor)], "correlation-1",
            )  # fmt: skip
        return event.occurred_at

    return write


def test_an_event_that_is_committed_late_is_on_a_later_page(
    conversation: Conversation, database: Database, read_model: ReadModel
) -> None:
    tenant_id, lead_id = conversation.tenant_id, conversation.lead_id
    read_model.lead(conversation)

    def page(cursor: str | None) -> api.Page[Any]:
        with database.transaction(tenant_id) as connection:
            return api.events_page(connection, tenant_id, lead_id, cursor=cursor, limit=2)

    with database.transaction(tenant_id) as slow:
        append(slow, tenant_id, "lead", lead_id, None, [NewEvent("strategy.generated", {"strategy_id": "s"})], "c-1")
        conversation.say("a").say("b")
        first = page(None)
    rest = page(first.next_cursor)
    assert [one.type for one in first.items] == ["conversation.started", "message.received"]
    assert [one.type for one in rest.items] == ["strategy.generated", "message.received"]
    assert rest.next_cursor is None


def test_the_state_at_a_time_tells_what_had_been_done_by_then(
    conversation: Conversation, read_model: ReadModel, get: Callable[..., requests.Response], done: Callable[..., Any]
) -> None:
    read_model.lead(conversation.answer("name", "Zoë", 1).complete())

    def state(at: datetime) -> Any:
        return get(f"/{conversation.lead_id}/state", at=at.isoformat()).json()

    qualified = done("lead.qualified", contact={}, answers=[])
    generated = done("strategy.generated", strategy_id=STRATEGY)
    rendered = done("strategy.rendered", strategy_id=STRATEGY)
    failed = done("strategy.email_failed", strategy_id=STRATEGY, reason="the mail server answered 550")
    refused = done("crm.sync_failed", strategy_id=STRATEGY, connection_id=CRM, reason="HubSpot answered 403.")
    taken = done("handover.taken", "staff:42", handover_id=HANDOVER)
    emailed = done("strategy.emailed", strategy_id=STRATEGY)
    bounced = done("strategy.email_bounced", strategy_id=STRATEGY, status="5.1.1")
    synced = done("crm.synced", strategy_id=STRATEGY, connection_id=CRM, contact_id="1")

    assert state(qualified)["strategies"] == []
    assert state(qualified)["qualified_at"] == qualified.isoformat()
    assert state(generated)["strategies"][0]["rendered_at"] is None
    (written,) = state(rendered)["strategies"]
    assert {name: value for name, value in written.items() if value is not None} == {
        "strategy_id": STRATEGY, "generated_at": generated.isoformat(), "rendered_at": rendered.isoformat(),
    }  # fmt: skip
    assert state(rendered)["deliveries"] == []
    assert [(one["channel"], one["status"], one["reason"]) for one in state(failed)["deliveries"]] == [
        ("email", "failed", "the mail server answered 550")
    ]
    assert [one["status"] for one in state(refused)["crm"]] == ["failed"]
    assert [(one["status"], one["by"]) for one in state(taken)["handovers"]] == [("taken", "staff:42")]
    assert [(one["status"], one["reason"]) for one in state(emailed)["deliveries"]] == [("sent", None)]
    assert [one["status"] for one in state(bounced)["deliveries"]] == ["bounced"]
    assert [one["status"] for one in state(emailed)["crm"]] == ["failed"]
    assert [one["status"] for one in state(synced)["crm"]] == ["synced"]
    now = get(f"/{conversation.lead_id}/state").json()
    assert now == state(synced)
    assert now["erased_at"] is None


def test_the_state_at_a_time_tells_what_was_held_decided_and_failed(
    conversation: Conversation, read_model: ReadModel, get: Callable[..., requests.Response], done: Callable[..., Any]
) -> None:
    read_model.lead(conversation.answer("name", "Zoë", 1).complete())

    def state(at: datetime) -> Any:
        return get(f"/{conversation.lead_id}/state", at=at.isoformat()).json()

    failed = done("strategy.failed", step="writing", reason="no words are released")
    done("strategy.generated", strategy_id=STRATEGY)
    held = done("strategy.held", strategy_id=STRATEGY)
    discarded = done("strategy.discarded", "staff:42", strategy_id=STRATEGY)
    done("strategy.generated", strategy_id="strategy-2")
    aside = done("strategy.set_aside", strategy_id="strategy-2")

    assert state(failed)["strategy_failures"] == [
        {"strategy_id": None, "step": "writing", "reason": "no words are released", "at": failed.isoformat()}
    ]
    (waiting,) = state(held)["strategies"]
    assert (waiting["held_at"], waiting["decided"]) == (held.isoformat(), None)
    (decided,) = state(discarded)["strategies"]
    assert decided["decided"] == {"verdict": "discarded", "by": "staff:42", "at": discarded.isoformat()}
    assert [one["set_aside_at"] for one in state(aside)["strategies"]] == [None, aside.isoformat()]


def test_the_state_at_a_time_tells_what_had_become_of_a_strategy_and_who_told_it(
    conversation: Conversation, read_model: ReadModel, get: Callable[..., requests.Response], done: Callable[..., Any]
) -> None:
    read_model.lead(conversation.answer("name", "Zoë", 1).complete())

    def told(at: datetime) -> list[tuple[str, str, str]]:
        found = get(f"/{conversation.lead_id}/state", at=at.isoformat()).json()["outcomes"]
        return [(one["outcome"], one["source"], one["by"]) for one in found]

    booked = done(BECAME, "staff:42", strategy_id=STRATEGY, outcome="meeting_booked", source="staff")
    lost = done(BECAME, f"crm:{CRM}", strategy_id=STRATEGY, outcome="lost", source="crm")
    done(BECAME, f"crm:{CRM}", strategy_id="strategy-2", outcome="lost", source="crm")
    won = done(BECAME, f"crm:{CRM}", strategy_id=STRATEGY, outcome="won", source="crm", amount="5", currency="EUR")
    meeting, ours = ("meeting_booked", "staff", "staff:42"), f"crm:{CRM}"
    assert told(booked) == [meeting]
    assert told(lost) == [meeting, ("lost", "crm", ours)]
    assert told(won) == [meeting, ("lost", "crm", ours), ("won", "crm", ours)]


def test_the_state_after_an_erasure_says_so_and_names_nobody(
    conversation: Conversation, database: Database, read_model: ReadModel, get: Callable[..., requests.Response],
    done: Callable[..., Any],
) -> None:  # fmt: skip
    read_model.lead(conversation.answer("name", "Zoë", 1).complete())
    asked = done("lead.erasure_requested", "staff:42", reason="staff")
    with database.transaction(conversation.tenant_id) as connection:
        api.forget_lead(connection, conversation.tenant_id, conversation.lead_id, "staff", "staff:42", "c-1")
        personal.destroy(connection, conversation.tenant_id, conversation.lead_id)
    conversation.say("encore moi").answer("city", "Nancy", 2)
    gone = read_model.lead(conversation)
    assert gone.erased_at is not None

    before = get(f"/{conversation.lead_id}/state", at=asked.isoformat()).json()
    assert (before["erasure_requested_at"], before["erased_at"]) == (asked.isoformat(), None)
    after = get(f"/{conversation.lead_id}/state", at=gone.erased_at.isoformat()).json()
    assert (after["erased_at"], after["state"], after["name"]) == (gone.erased_at.isoformat(), "qualified", None)
    assert get(f"/{conversation.lead_id}/state").json() == after
    with database.transaction(conversation.tenant_id) as connection:
        last = api.events_of(connection, conversation.tenant_id, conversation.lead_id)[-1].occurred_at
        assert api.lead_at(connection, conversation.tenant_id, conversation.lead_id, last) == gone
