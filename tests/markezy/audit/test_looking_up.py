"""Looking entries up: filters, pages, names, the file, and who may."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.accounts.api import Role, add_user, deactivate, user
from markezy.accounts.roles import allows
from markezy.kernel import audit
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id, time_of

from tests.markezy.audit.trail import Trail
from tests.markezy.console.conftest import PASSWORD, Staff

Api = Callable[..., requests.Response]


@pytest.fixture
def write(staff: Staff, database: Database) -> Callable[..., None]:
    def entry(actor_id: str, action: str = "lead.read", status: int = 200, **more: Any) -> None:
        with database.transaction(staff.tenant_id) as connection:
            audit.write(connection, audit.Entry(staff.tenant_id, "staff", actor_id, action, status, "corr", **more))

    return entry


def listed(api: Api, query: str = "") -> list[dict[str, Any]]:
    answer = api(f"audit?{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_entries_are_found_by_each_filter_and_by_several(api: Api, write: Callable[..., None], lead_id: UUID) -> None:
    ravi, ines = str(new_id()), str(new_id())
    write(ravi, lead_id=lead_id)
    write(ravi, "lead.opened", 403)
    write(ines, "lead.opened", lead_id=lead_id)

    def found(query: str) -> list[tuple[str, str]]:
        return [(one["actor"]["id"], one["action"]) for one in listed(api, query)]

    assert found(f"actor={ravi}") == [(ravi, "lead.opened"), (ravi, "lead.read")]
    assert found(f"lead={lead_id}") == [(ines, "lead.opened"), (ravi, "lead.read")]
    assert found("action=lead.opened") == [(ines, "lead.opened"), (ravi, "lead.opened")]
    assert found("outcome=refused") == [(ravi, "lead.opened")]
    assert found(f"action=lead.opened&outcome=done&actor={ines}&lead={lead_id}") == [(ines, "lead.opened")]


def test_a_span_of_time_holds_its_beginning_and_not_its_end(api: Api, write: Callable[..., None]) -> None:
    somebody = str(new_id())
    write(somebody)
    at = datetime.fromisoformat(listed(api, f"actor={somebody}")[0]["at"])
    later = (at + timedelta(milliseconds=1)).isoformat().replace("+", "%2B")
    exactly = at.isoformat().replace("+", "%2B")
    assert len(listed(api, f"actor={somebody}&since={exactly}")) == 1
    assert listed(api, f"actor={somebody}&since={later}") == []
    assert len(listed(api, f"actor={somebody}&until={later}")) == 1
    assert listed(api, f"actor={somebody}&until={exactly}") == []


def test_pages_follow_each_other_while_new_entries_come(api: Api, write: Callable[..., None]) -> None:
    somebody = str(new_id())
    for number in range(5):
        write(somebody, subject_kind="flow", subject_id=f"flow-{number}")
    seen, cursor = [], ""
    while True:
        page = api(f"audit?actor={somebody}&limit=2{cursor}").json()
        write(somebody, "lead.opened")
        seen += [one["subject"]["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"flow-{number}" for number in (4, 3, 2, 1, 0)]


def test_who_left_still_has_a_name(
    api: Api, write: Callable[..., None], staff: Staff, database: Database, me: str
) -> None:
    with database.transaction(staff.tenant_id) as connection:
        gone = add_user(
            connection,
            staff.tenant_id,
            email=f"g@{staff.tenant_id}.example",
            name="Gil",
            role="agent",
            password=PASSWORD,
        )
        deactivate(connection, user(connection, staff.tenant_id, UUID(me)), gone.id)
    write(str(gone.id))
    assert listed(api, f"actor={gone.id}")[0]["actor"]["name"] == "Gil"


def test_reading_the_audit_is_in_the_audit(api: Api, trail: Trail) -> None:
    listed(api, "outcome=refused")
    api("audit/export")
    found = trail.new()
    assert [(one["action"], one["filters"]) for one in found] == [("audit.read", ["outcome"]), ("audit.exported", [])]


def test_the_file_holds_the_same_and_no_formula(
    api: Api, write: Callable[..., None], staff: Staff, database: Database
) -> None:
    with database.transaction(staff.tenant_id) as connection:
        ravi = add_user(
            connection,
            staff.tenant_id,
            email=f"r@{staff.tenant_id}.example",
            name="=1+1",
            role="agent",
            password=PASSWORD,
        )
    for program in ("@SUM(A1)", "+1", "-1", "\t=1", 'curl "x", y'):
        write(str(ravi.id), program=program)
    answer = api(f"audit/export?actor={ravi.id}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["program"] for line in lines] == ['curl "x", y', "'\t=1", "'-1", "'+1", "'@SUM(A1)"]
    assert {line["actor_name"] for line in lines} == {"'=1+1"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.values())


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("actor=%00", 422), ("action=%0a", 422), ("outcome=maybe", 422), ("lead=x", 400), ("since=yesterday", 400),
        ("until=2026-01-01T00:00:00", 400), ("limit=0", 422), ("limit=101", 422), ("limit=x", 400), ("cursor=x", 400),
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_refused(api: Api, query: str, status: int) -> None:
    assert api(f"audit?{query}").status_code == status


@pytest.mark.parametrize("role", Role)
def test_managers_may(make_staff: Callable[..., Staff], role: Role) -> None:
    person = make_staff(role.value)
    person.log_in()
    expected = 200 if allows(role, "audit.read") else 403
    for path in ("/api/v1/audit", "/api/v1/audit/export", "/console/audit"):
        assert person.get(path).status_code == expected, path


def test_ids_say_when(api: Api) -> None:
    assert abs(time_of(new_id()) - datetime.now(UTC)) < timedelta(minutes=1)
