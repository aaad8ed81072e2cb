"""Syncs beside a lead's erasure: what reached a CRM is removed again, however the sync was cut off, and nothing reaches it later."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from markezy.consents import api as consents
from markezy.crm.service import open_syncs
from markezy.kernel.db import Database
from markezy.leads import api as leads
from markezy.privacy import service as forgetting

from tests.markezy.crm.conftest import Case
from tests.markezy.leads.conversations import CONTACT
from tests.markezy.waiting import until_somebody_waits

EMPTY = {"contacts": 0, "deals": 0, "notes": 0}


def lose_answer(case: Case, number: int) -> None:
    """Have the CRM do what its call of this number asks, counted from 0, and its answer get lost."""
    case.crm.fail_next(*[{"status": None, "after": True}] * number, {"status": 502, "after": True})


def test_a_strategy_is_synced_once_and_the_log_says_so(case: Case) -> None:
    case.sync()
    case.sync()
    assert case.held() == {"contacts": 1, "deals": 1, "notes": 1}
    ((data,),) = case.rows("SELECT data FROM event WHERE type = 'crm.synced'")
    assert data["strategy_id"] == str(case.strategy_id)
    assert set(data) == {"strategy_id", "connection_id", "sealed"}


def test_a_refused_sync_is_in_the_log_with_its_reason(case: Case) -> None:
    case.crm.fail_next({"status": 403})
    case.sync()
    ((data,),) = case.rows("SELECT data FROM event WHERE type = 'crm.sync_failed'")
    assert data["reason"] == "HubSpot answered 403 SERVER_ERROR."
    assert "sealed" not in data


@pytest.mark.parametrize("lost", [2, 4, 6], ids=["contact", "deal", "note"])
def test_what_a_sync_wrote_before_it_was_cut_off_is_removed(case: Case, lost: int) -> None:
    lose_answer(case, lost)
    case.sync()
    assert case.held() != EMPTY
    written = sum(case.held().values())
    case.ask()
    done = case.erase()
    assert case.held() == EMPTY
    assert (done.state, done.removed["crm_records"]) == ("completed", written)
    assert case.rows("SELECT status, contact_id, contact_key FROM crm_sync") == [("erased", None, None)]


def test_what_finds_the_contact_is_sealed_while_it_is_kept(case: Case) -> None:
    lose_answer(case, 2)
    case.sync()
    case.ask()
    case.crm.fail_next({"status": 503})
    assert case.erase().state == "forgotten"
    ((box,),) = case.rows("SELECT contact_key FROM crm_sync")
    assert CONTACT["email"].encode() not in bytes(box)
    assert case.erase().state == "completed"
    assert case.held() == EMPTY


def test_a_sync_that_comes_while_its_lead_is_forgotten_sends_nothing(case: Case, database: Database) -> None:
    case.ask()
    with ThreadPoolExecutor(1) as pool:
        with database.transaction(case.tenant_id) as connection:
            forgetting.forget(connection, case.tenant_id, case.erasure(), "correlation-1")
            syncing = pool.submit(case.sync)
            until_somebody_waits(database)
        syncing.result(60)
    assert case.held() == EMPTY
    assert case.rows("SELECT count(*) FROM crm_sync") == [(0,)]
    assert case.rows("SELECT count(*) FROM outbox WHERE task = 'crm.sync' AND completed_at IS NULL") == [(0,)]


def test_an_erasure_that_comes_while_a_sync_is_opened_waits_for_its_end(case: Case, database: Database) -> None:
    case.ask()
    with ThreadPoolExecutor(1) as pool:
        with database.transaction(case.tenant_id) as connection:
            _open(connection, case)
            erasing = pool.submit(_work_erasure, case)
            until_somebody_waits(database)
        erasing.result(60)
    assert (case.erasure().state, case.erasure().crm_failure) == (
        "forgotten", "A sync of this lead is under way; its records are removed when it has ended.",
    )  # fmt: skip


def test_a_crm_that_refuses_is_named_and_asked_again_when_staff_ask_again(case: Case) -> None:
    case.sync()
    case.ask()
    case.crm.fail_next({"status": 403})
    refused = case.erase()
    assert (refused.state, refused.crm_failure) == ("refused", "HubSpot answered 403 SERVER_ERROR.")
    assert case.erase().state == "refused"
    case.ask()
    assert case.erasure().state == "forgotten"
    done = case.erase()
    assert (done.state, done.crm_failure, done.requested_at) == ("completed", None, refused.requested_at)
    assert case.held() == EMPTY


def test_asked_again_while_it_is_under_way_it_is_done_once(case: Case) -> None:
    case.ask()
    case.ask()
    assert case.rows("SELECT count(*) FROM outbox WHERE task = 'privacy.erase'") == [(1,)]
    case.erase()
    case.ask()
    assert case.rows("SELECT count(*) FROM outbox WHERE task = 'privacy.erase'") == [(1,)]
    asked = case.rows("SELECT type, actor FROM event WHERE type LIKE 'lead.eras%' ORDER BY version")
    assert asked == [("lead.erasure_requested", "staff:x"), ("lead.erased", "staff:x")]


def _open(connection: Any, case: Case) -> None:
    assert len(open_syncs(connection, case.tenant_id, case.lead_id, case.strategy_id)) == 1


def _work_erasure(case: Case) -> None:
    ((row_id, payload),) = case.rows("SELECT id, payload FROM outbox WHERE task = 'privacy.erase'")
    case.work("privacy.erase", row_id, payload)


def test_a_lead_who_takes_consent_back_is_brought_into_no_crm(case: Case) -> None:
    with case.database.transaction(case.tenant_id) as connection:
        lead = leads.qualified(connection, case.tenant_id, case.lead_id)
        consents.withdraw(
            connection, case.tenant_id, case.lead_id, lead.conversation_id, consents.CONTACT, "visitor", "correlation-1"
        )
    case.sync()
    case.sync()
    assert case.held() == EMPTY
    assert case.rows("SELECT status, attempts FROM crm_sync") == [("withheld", 0)]


def test_a_withdrawal_after_the_sync_leaves_what_was_synced(case: Case) -> None:
    case.sync()
    with case.database.transaction(case.tenant_id) as connection:
        lead = leads.qualified(connection, case.tenant_id, case.lead_id)
        consents.withdraw(
            connection, case.tenant_id, case.lead_id, lead.conversation_id, consents.CONTACT, "visitor", "correlation-1"
        )
    case.sync()
    assert case.rows("SELECT status FROM crm_sync") == [("synced",)]
