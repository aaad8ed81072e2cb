"""What is past its period is removed, once a day, whatever is killed meanwhile; the dry run says the same before."""

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from markezy.kernel import outbox
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.errors import Invalid
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.privacy import api, retention
from markezy.privacy.classes import classes
from sqlalchemy import Connection, text

from tests.markezy.console.rows import add_handover, add_lead, add_strategy, days_ago
from tests.markezy.leads.conversations import Conversation, staff_token
from tests.markezy.privacy import processes
from tests.markezy.privacy.conftest import add_file, add_letter, add_message

Work = Callable[[UUID, str], int]
OLD = 4000
SPAWN = multiprocessing.get_context("spawn")


def old_lead(connection: Connection, tenant_id: UUID, state: str = "qualified", days: int = OLD, **more: Any) -> UUID:
    at = days_ago(days)
    return add_lead(connection, tenant_id, state=state, started_at=at, last_message_at=at, **more)


def old_rows(connection: Connection, lead: Conversation) -> None:
    """One row past its period in every class that is no leads, and a fresh one beside it."""
    for age in (f"{OLD} days", "1 minute"):
        add_file(connection, lead, "x.pdf", age)
        add_message(connection, lead, "hello", age)
        add_letter(connection, lead, "zoe@example.com", age)
        values = {"tenant": lead.tenant_id, "id": new_id(), "user": new_id(), "age": age, "lead": lead.lead_id}
        for statement in _ROWS:
            connection.execute(text(statement), values)
    add_message(connection, lead, "still to be answered", f"{OLD} days", done=False)


_ROWS = (
    "INSERT INTO staff_user (tenant_id, id, email, name, role, password_hash)"
    " VALUES (:tenant, :user, CAST(:user AS uuid)::text || '@x.example', 'N', 'agent', '')",
    "INSERT INTO staff_session (tenant_id, id, user_id, refresh_hash, expires_at)"
    " VALUES (:tenant, :id, :user, '', now() - CAST(:age AS interval))",
    "INSERT INTO password_reset (tenant_id, id, user_id, expires_at)"
    " VALUES (:tenant, :id, :user, now() - CAST(:age AS interval))",
    "INSERT INTO invitation (tenant_id, id, email, name, role, invited_by, expires_at)"
    " VALUES (:tenant, :id, CAST(:id AS uuid)::text || '@x.example', 'N', 'agent', :user, now() - CAST(:age AS interval))",
    "INSERT INTO outbox (tenant_id, id, task, payload, correlation_id, failed_at)"
    " VALUES (:tenant, :id, 't', '{}', 'c', now() - CAST(:age AS interval))",
    "INSERT INTO lead_export (tenant_id, id, lead_id, requested_by, requested_at, ready_at, body)"
    " VALUES (:tenant, :id, :lead, 'x', now(), now() - CAST(:age AS interval), 'box')",
)


def run_all(database: Database, tenant_id: UUID, work: Work) -> api.RetentionRun:
    """The daily run, as beat and the worker do it."""
    retention.begin_all(database, now())
    while work(tenant_id, "privacy.retain"):
        pass
    with database.transaction(tenant_id) as connection:
        return api.recent_runs(connection, tenant_id)[0]


def erased(database: Database, tenant_id: UUID) -> set[UUID]:
    with database.transaction(tenant_id) as connection:
        return set(connection.execute(text("SELECT lead_id FROM erasure")).scalars())


def test_every_class_that_is_no_leads_has_its_rows() -> None:
    assert set(retention.ROWS) == {name for name, one in classes().items() if not one.is_leads}
    for one in classes().values():
        assert one.least <= one.days <= one.most


def test_the_run_removes_what_the_dry_run_told(database: Database, full_lead: Conversation, work: Work) -> None:
    tenant_id = full_lead.tenant_id
    with database.transaction(tenant_id) as connection:
        for state in ("qualified", "nurture", "disqualified", "new", "in_progress"):
            old_lead(connection, tenant_id, state)
        old_rows(connection, full_lead)
        told = api.preview(connection, tenant_id, now())
        before = connection.execute(text("SELECT count(*) FROM erasure")).scalar_one()
    assert before == 0
    assert told.counts == {
        "qualified_leads": 2, "unqualified_leads": 1, "unfinished_leads": 2, "files": 1, "messages": 1, "letters": 1,
        "exports": 1, "sessions": 1, "password_resets": 1, "invitations": 1, "failed_work": 1,
    }  # fmt: skip
    done = run_all(database, tenant_id, work)
    assert done.finished_at is not None
    assert done.removed == told.counts
    assert erased(database, tenant_id) == {lead.id for lead in told.leads}
    with database.transaction(tenant_id) as connection:
        assert api.preview(connection, tenant_id, now()).total == 0
        waiting = connection.execute(text("SELECT count(*) FROM inbox WHERE processed_at IS NULL")).scalar_one()
    assert waiting == 1


def test_nobody_is_removed_with_whom_something_is_under_way(database: Database, tenant_id: UUID, work: Work) -> None:
    with database.transaction(tenant_id) as connection:
        waiting = old_lead(connection, tenant_id, person="waiting")
        left_a_message = old_lead(connection, tenant_id)
        add_handover(connection, tenant_id, left_a_message, status="away", message="Call me")
        written = old_lead(connection, tenant_id)
        strategy = add_strategy(connection, tenant_id, written, "Plan", with_pdf=False)
        rendering = outbox.enqueue(connection, tenant_id, "strategies.render", {"strategy_id": str(strategy)}, "c")
        copied = old_lead(connection, tenant_id)
        api.request_export(connection, tenant_id, copied, "staff:x", "c")
        fresh = old_lead(connection, tenant_id, days=10)
        due = old_lead(connection, tenant_id)
    run_all(database, tenant_id, work)
    assert erased(database, tenant_id) == {due}
    with database.transaction(tenant_id) as connection:
        outbox.complete(connection, tenant_id, rendering)
        assert {lead.id for lead in api.preview(connection, tenant_id, now()).leads} == {written}
    assert waiting != fresh


def test_a_forgotten_lead_stays_in_the_crm(database: Database, full_lead: Conversation, work: Work) -> None:
    tenant_id, lead_id = full_lead.tenant_id, full_lead.lead_id
    with database.transaction(tenant_id) as connection:
        connection.execute(text("UPDATE lead SET last_message_at = now() - interval '4000 days'"))
    run_all(database, tenant_id, work)
    work(tenant_id, "privacy.erase")
    with database.transaction(tenant_id) as connection:
        done = api.erasure_of(connection, tenant_id, lead_id)
    assert (done.state, done.reason, done.crm_at) == ("completed", "retention", None)


def test_killed_between_two_batches_it_goes_on_and_counts_everything_once(
    database: Database, settings: Settings, tenant_id: UUID, work: Work
) -> None:
    with database.transaction(tenant_id) as connection:
        due = {old_lead(connection, tenant_id) for _ in range(7)}
        run = api.begin(connection, tenant_id, now())
    done = SPAWN.Event()
    worker = SPAWN.Process(target=processes.remove_and_wait, args=(settings, tenant_id, run.id, 2, 2, done))
    worker.start()
    assert done.wait(120)
    worker.kill()
    worker.join(30)
    assert len(erased(database, tenant_id)) == 4
    finished = run_all(database, tenant_id, work)
    assert (finished.id, finished.removed, finished.finished_at is None) == (run.id, {"qualified_leads": 7}, False)
    assert erased(database, tenant_id) == due


def test_a_long_run_gives_way_to_others_now_and_then(
    database: Database, tenant_id: UUID, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 1)
    with database.transaction(tenant_id) as connection:
        due = {old_lead(connection, tenant_id) for _ in range(25)}
    retention.begin_all(database, now())
    assert work(tenant_id, "privacy.retain") == 1
    assert len(erased(database, tenant_id)) == 20
    assert work(tenant_id, "privacy.retain") == 1
    assert erased(database, tenant_id) == due


def test_it_is_begun_once_a_day(database: Database, tenant_id: UUID, work: Work) -> None:
    first = run_all(database, tenant_id, work)
    assert run_all(database, tenant_id, work) == first
    retention.begin_all(database, now() + timedelta(hours=24))
    retention.begin_all(database, now() + timedelta(hours=24))
    assert work(tenant_id, "privacy.retain") == 1


def test_periods_are_each_agency_s_own(database: Database, make_tenant: Callable[[], UUID], work: Work) -> None:
    strict, lenient = make_tenant(), make_tenant()
    due = {}
    for tenant_id in (strict, lenient):
        with database.transaction(tenant_id) as connection:
            due[tenant_id] = old_lead(connection, tenant_id, days=100)
    with database.transaction(strict) as connection:
        assert api.preview(connection, strict, now(), {"qualified_leads": 90}).counts["qualified_leads"] == 1
        assert api.preview(connection, strict, now()).total == 0
        api.save_periods(connection, strict, {"qualified_leads": 90}, "staff:x")
    for tenant_id in (strict, lenient):
        run_all(database, tenant_id, work)
    assert erased(database, strict) == {due[strict]}
    assert erased(database, lenient) == set()


def test_what_is_not_named_has_its_default_again(database: Database, tenant_id: UUID) -> None:
    def days(connection: Connection) -> dict[str, int]:
        return {one.data_class: one.days for one in api.periods(connection, tenant_id)}

    with database.transaction(tenant_id) as connection:
        default = days(connection)
        api.save_periods(connection, tenant_id, {"files": 30, "exports": 2}, "staff:x")
        assert days(connection) == default | {"files": 30, "exports": 2}
        api.save_periods(connection, tenant_id, {"exports": 3}, "staff:x")
        assert days(connection) == default | {"exports": 3}


@pytest.mark.parametrize("wanted", [{"files": 6}, {"files": 3651}, {"everything": 30}, {"files": 0}, {"files": -1}])
def test_a_period_out_of_bounds_is_refused(database: Database, tenant_id: UUID, wanted: dict[str, int]) -> None:
    with database.transaction(tenant_id) as connection:
        for refused in (api.preview, api.save_periods):
            rest = (now(), wanted) if refused is api.preview else (wanted, "staff:x")
            with pytest.raises(Invalid):
                refused(connection, tenant_id, *rest)


def test_managers_see_and_change_periods_and_runs(
    database: Database, tenant_id: UUID, settings: Settings, web_url: str, work: Work
) -> None:
    run_all(database, tenant_id, work)
    url = f"{web_url}/api/v1/privacy/retention"
    for role, status in (("owner", 200), ("admin", 200), ("agent", 403), ("analyst", 403), ("read_only", 403)):
        headers = {"Authorization": f"Bearer {staff_token(settings, tenant_id, role)}"}
        assert requests.get(url, headers=headers, timeout=10).status_code == status
        assert requests.get(f"{url}/preview", headers=headers, timeout=10).status_code == status
        saved = requests.put(url, json={"periods": {"files": 30}}, headers=headers, timeout=10)
        assert saved.status_code == status
    headers = {"Authorization": f"Bearer {staff_token(settings, tenant_id, 'owner')}"}
    told = requests.get(url, headers=headers, timeout=10).json()
    assert [one["days"] for one in told["periods"] if one["data_class"] == "files"] == [30]
    assert told["runs"][0]["finished_at"]
    tried = requests.get(f"{url}/preview?periods=files:10,letters:40", headers=headers, timeout=10)
    assert (tried.status_code, tried.json()["leads"]) == (200, [])
    for wrong in ("files", "files:x", "files:1", "nothing:30", f"files:{uuid4().int}"):
        assert requests.get(f"{url}/preview", params={"periods": wrong}, headers=headers, timeout=10).status_code in (
            400,
            422,
        )
