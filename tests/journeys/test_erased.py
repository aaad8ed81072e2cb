"""A lead who wants to be forgotten is, everywhere, and the agency's figures stay."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from devstack.stack import Stack
from tests.journeys.conftest import eventually
from tests.journeys.lead import Lead
from tests.journeys.test_sealed import LogIn, everything_kept, found_by, one_of_a_kind, places_of, told


def test_after_an_erasure_the_lead_is_nowhere_and_the_counts_are_as_before(
    stack: Stack, demo: dict[str, Any], make_lead: Callable[..., Lead], log_in: LogIn, tmp_path: Path
) -> None:
    lead, person = make_lead("brightlane", "en"), one_of_a_kind()
    told(lead, person)
    staff = log_in("brightlane")
    api = f"{demo['platform_url']}/api/v1"

    def crm_holds() -> bool:
        listed = requests.get(f"{demo['sandbox_crm_url']}/", headers={"Accept": "application/json"}, timeout=30)
        return person["email"] in listed.text

    eventually(lambda: found_by(staff, demo["platform_url"], person["email"]), "the lead to be found")
    found = staff.get(f"{api}/leads", params={"search": person["email"]}, timeout=30).json()["items"]
    url = f"{api}/leads/{found[0]['id']}"
    eventually(lambda: [one["status"] for one in _syncs(staff, url)] == ["synced"], "the CRM to have the lead")
    assert crm_holds()
    before = staff.get(f"{api}/leads", params={"limit": 100}, timeout=30).json()["items"]

    assert staff.post(f"{url}/erasure", timeout=30).status_code == 202
    done = eventually(lambda: _completed(staff, url), "the erasure to be completed")
    assert done["removed"]["documents"] == 2, "the strategy and the briefing"
    assert done["removed"]["crm_records"] == 3
    certificate = staff.get(f"{url}/erasure/certificate", timeout=30).json()
    eventually(lambda: staff.get(url, timeout=30).json()["erased_at"], "the read model to forget")

    needles = [*person.values(), person["phone"].replace(" ", ""), person["name"].split()[1], person["audience"][20:]]
    assert places_of(needles, everything_kept(stack, tmp_path)) == []
    assert not any(needle in str(certificate) for needle in needles)
    assert not crm_holds()
    assert found_by(staff, demo["platform_url"], person["email"]) == []
    assert lead.post({"id": "00000000-0000-4000-8000-000000000001", "text": "hello?"}).status_code == 404

    after = staff.get(f"{api}/leads", params={"limit": 100}, timeout=30).json()["items"]
    assert [(one["id"], one["state"], one["score"]) for one in after] == [
        (one["id"], one["state"], one["score"]) for one in before
    ]
    for command in (("verify",), ("replay", "--check")):
        ran = stack.run(*command)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def _completed(staff: requests.Session, url: str) -> dict[str, Any] | None:
    erasure: dict[str, Any] = staff.get(f"{url}/erasure", timeout=30).json()
    return erasure if erasure["state"] == "completed" else None


def _syncs(staff: requests.Session, url: str) -> list[dict[str, Any]]:
    lead = url.rsplit("/", 1)[1]
    items = staff.get(f"{url.rsplit('/', 2)[0]}/crm/syncs", params={"limit": 100}, timeout=30).json()["items"]
    return [item for item in items if item["lead_id"] == lead]
