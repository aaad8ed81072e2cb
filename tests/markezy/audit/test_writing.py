"""What is written down: each look and each change, once, with who, what and where; refusals too; background asking not."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import requests
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from sqlalchemy import text

from tests.markezy.audit.trail import Trail
from tests.markezy.console import rows
from tests.markezy.console.conftest import PASSWORD, Staff

FRAGMENT = {"HX-Request": "true"}
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


def test_a_read_says_who_what_and_from_where(
    api: Callable[..., requests.Response], trail: Trail, lead_id: UUID, me: str
) -> None:
    headers = {"User-Agent": BROWSER, "X-Correlation-Id": "look-at-maya-1"}
    assert api(f"leads/{lead_id}/transcript", headers=headers).status_code == 200
    (entry,) = trail.new()
    assert (entry["actor_kind"], entry["actor_id"]) == ("staff", me)
    assert (entry["action"], entry["status"]) == ("lead.transcript_read", 200)
    assert (entry["subject_kind"], entry["subject_id"], entry["lead_id"]) == ("lead", str(lead_id), lead_id)
    assert (entry["network"], entry["program"]) == ("127.0.0.0/24", "Chrome, Linux")
    assert entry["correlation_id"] == "look-at-maya-1"
    assert entry["session_id"] is not None


def test_what_belongs_to_a_lead_is_found_under_the_lead(
    api: Callable[..., requests.Response], trail: Trail, lead_id: UUID, strategy_id: UUID
) -> None:
    for path in (f"strategies/{strategy_id}", f"strategies/{strategy_id}/pdf", f"crm/syncs?lead_id={lead_id}"):
        assert api(path).status_code == 200
    found = trail.new()
    assert [one["action"] for one in found] == ["strategy.read", "strategy.document_read", "crm_syncs.listed"]
    assert {one["lead_id"] for one in found} == {lead_id}


def test_of_a_search_only_its_kind_is_kept(
    api: Callable[..., requests.Response], trail: Trail, lead_id: UUID, database: Database, staff: Staff
) -> None:
    assert api("leads?search=maya&state=new&limit=5").status_code == 200
    (entry,) = trail.new()
    assert (entry["action"], entry["filters"]) == ("leads.listed", ["search", "state"])
    with database.transaction(staff.tenant_id) as connection:
        whole = connection.execute(text("SELECT string_agg(audit_entry::text, ' ') FROM audit_entry")).scalar_one()
    assert "maya" not in whole.lower()
    assert "northfold" not in whole.lower()


def test_an_open_page_counts_once_however_often_it_asks(staff: Staff, trail: Trail, lead_id: UUID) -> None:
    page = f"/console/leads/{lead_id}"
    staff.get(page)
    for _ in range(3):
        staff.get(f"{page}/news", headers=FRAGMENT)
        staff.get("/console/inbox/waiting", headers=FRAGMENT)
    assert trail.actions() == [("lead.opened", 200)]
    staff.get(page)
    assert trail.actions() == [("lead.opened", 200)]


def test_a_fragment_is_no_way_around_the_audit(
    staff: Staff, trail: Trail, lead_id: UUID, make_staff: Callable[..., Staff]
) -> None:
    colleague = make_staff("agent", staff.tenant_id)
    colleague.log_in()
    staff.get(f"/console/leads/{lead_id}")
    trail.new()
    for _ in range(2):
        assert "I am Maya" in colleague.get(f"/console/leads/{lead_id}/news", headers=FRAGMENT).text
        colleague.get("/console/leads?q=maya", headers=FRAGMENT)
    assert trail.actions() == [("lead.opened", 200), ("leads.listed", 200)]


def test_a_change_and_its_entry_are_one(
    staff: Staff, api: Callable[..., requests.Response], trail: Trail, lead_id: UUID
) -> None:
    assert (
        api("users", "POST", json={"email": "ines@north.example", "name": "Inès", "role": "agent"}).status_code == 201
    )
    (entry,) = trail.new()
    assert (entry["action"], entry["subject_kind"]) == ("invitation.sent", "invitation")
    again = api("users", "POST", json={"email": "ines@north.example", "name": "Inès", "role": "agent"})
    assert again.status_code == 409
    assert trail.actions() == []


def test_a_form_that_came_too_late_changed_nothing(
    staff: Staff, trail: Trail, lead_id: UUID, database: Database, make_staff: Callable[..., Staff]
) -> None:
    colleague = make_staff("agent", staff.tenant_id)
    colleague.log_in()
    with database.transaction(staff.tenant_id) as connection:
        rows.add_handover(connection, staff.tenant_id, lead_id)
    trail.new()
    for person in (colleague, staff):
        assert person.post(f"/console/leads/{lead_id}/take", allow_redirects=False).status_code == 303
    assert trail.actions() == [("handover.taken", 303)]
    staff.post(f"/console/api-keys/{new_id()}/revoke", allow_redirects=False)
    assert trail.actions() == [("api_key.revoked", 404)]


def test_refusals_are_written_down(
    staff: Staff,
    make_staff: Callable[..., Staff],
    trail: Trail,
    lead_id: UUID,
    web_url: str,
) -> None:
    analyst = make_staff("analyst", staff.tenant_id)
    analyst.log_in()
    trail.new()
    assert analyst.get("/console/audit").status_code == 403
    assert analyst.post(f"/console/leads/{lead_id}/take").status_code == 403
    assert analyst.get(f"/console/leads/{new_id()}").status_code == 404
    assert trail.actions() == [("audit.read", 403), ("handover.taken", 403), ("lead.opened", 404)]


def test_another_agency_s_lead_is_a_refusal_of_one_s_own(
    make_staff: Callable[..., Staff], trail: Trail, lead_id: UUID, database: Database
) -> None:
    stranger = make_staff()
    stranger.log_in()
    theirs = Trail(database, stranger.tenant_id)
    assert stranger.get(f"/console/leads/{lead_id}").status_code == 404
    assert theirs.actions() == [("lead.opened", 404)]
    assert trail.actions() == []


def test_logins_are_written_down_and_failed_ones_name_the_account_only(staff: Staff, trail: Trail, me: str) -> None:
    staff.log_in("wrong")
    (failed,) = trail.awaited()
    assert (failed["action"], failed["status"]) == ("session.opened", 401)
    assert (failed["actor_kind"], failed["actor_id"]) == ("anonymous", "-")
    assert (failed["subject_kind"], failed["subject_id"]) == ("user", me)
    staff.log_in()
    (entered,) = trail.new()
    assert (entered["actor_kind"], entered["actor_id"], entered["status"]) == ("staff", me, 303)


def test_logins_by_the_api_are_written_down_too(staff: Staff, trail: Trail, web_url: str, me: str) -> None:
    def log_in(password: str) -> requests.Response:
        body = {"email": staff.email, "password": password}
        return requests.post(f"{web_url}/api/v1/auth/login", json=body, timeout=20)

    assert log_in("wrong").status_code == 401
    assert [(one["action"], one["status"]) for one in trail.awaited()] == [("session.opened", 401)]
    tokens: dict[str, Any] = log_in(PASSWORD).json()
    assert trail.actions() == [("session.opened", 200)]
    for _ in range(2):
        body = {"refresh_token": tokens["refresh_token"]}
        requests.post(f"{web_url}/api/v1/auth/refresh", json=body, timeout=20)
    assert [(one["action"], one["subject_id"]) for one in trail.awaited()] == [("session.ended_by_reuse", me)]


def test_an_address_s_token_is_never_written_down(staff: Staff, trail: Trail) -> None:
    staff.post("/console/reset/not-a-token-of-ours-0123456789", {"password": PASSWORD})
    assert trail.actions() == []
