"""An agency's owner says a text of the strategies otherwise, by the console alone: tried, kept, published, read by a lead, taken back."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import requests
from playwright.sync_api import Page, expect

from tests.journeys.conftest import eventually
from tests.journeys.interviews import SHOP, Say, complete, of_somebody_else
from tests.journeys.lead import Lead

OWN = "First we fill the quiet weeks, then the busy ones."
BETTER = "First the quiet weeks are filled, then the busy ones."


def test_own_words_reach_the_next_lead_and_are_taken_back(
    page: Page,
    demo: dict[str, Any],
    tenants: dict[str, dict[str, Any]],
    make_lead: Callable[..., Lead],
    log_in: Callable[[str], requests.Session],
) -> None:
    url, owner = demo["platform_url"], tenants["brightlane"]["users"][0]
    page.goto(f"{url}/console/templates")
    page.get_by_label("E-mail").fill(owner["email"])
    page.get_by_label("Password").fill(owner["password"])
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{url}/console/templates/agency/-/en/edit")

    _say_otherwise(page, OWN)
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tried code", has_text="summary.essence").first).to_be_visible()
    expect(page.locator("#tried ins", has_text="quiet").first).to_be_visible()
    _keep(page, "Quiet weeks first")
    _publish(page, 1)

    staff = log_in("brightlane")
    assert OWN in _read_by_a_new_lead(make_lead, staff, f"{url}/api/v1")

    page.goto(f"{url}/console/templates/agency/-/en/edit")
    _say_otherwise(page, BETTER)
    _keep(page, "Without the we")
    _publish(page, 2)
    page.get_by_text("Go back…").click()
    expect(page.get_by_text("From now on this counts again: version 1")).to_be_visible()
    page.get_by_role("button", name="Go back", exact=True).click()
    expect(page.get_by_text("Version 1 counts for everybody.")).to_be_visible()
    page.get_by_text("Take this layer out…").click()
    page.get_by_role("button", name="Take this layer out", exact=True).click()
    expect(page.get_by_text("No version counts: this layer changes nothing.")).to_be_visible()
    read = _read_by_a_new_lead(make_lead, staff, f"{url}/api/v1")
    assert (OWN in read, BETTER in read) == (False, False)


def _say_otherwise(page: Page, said: str) -> None:
    page.get_by_text("In short", exact=False).first.click()
    page.get_by_role("button", name="Say it otherwise sections/summary/blocks/essence/text").click()
    page.get_by_label("New words for sections/summary/blocks/essence/text").fill(said)
    page.get_by_role("button", name="Put it into the source").click()
    expect(page.get_by_role("textbox", name="Source")).to_have_value(re.compile(re.escape(said)))


def _keep(page: Page, note: str) -> None:
    page.get_by_label("Note for your colleagues").fill(note)
    page.get_by_role("button", name="Save as version").click()
    expect(page.get_by_text("Saved as a version.")).to_be_visible()


def _publish(page: Page, number: int) -> None:
    row = page.locator("li", has=page.get_by_role("link", name=f"Version {number}", exact=True))
    row.get_by_text("Publish…").click()
    row.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text(f"Version {number} counts for everybody.")).to_be_visible()


def _read_by_a_new_lead(make_lead: Callable[..., Lead], staff: requests.Session, api: str) -> str:
    """Everything that the strategy of a lead who talks to the assistant now says."""
    name = f"Own Words {uuid.uuid4().hex[:8]}"
    complete(make_lead("brightlane", "en"), {**of_somebody_else(SHOP), "name": Say(name)})
    found = eventually(
        lambda: staff.get(f"{api}/leads", params={"search": name}, timeout=30).json()["items"], "the lead"
    )
    mine = f"{api}/leads/{found[0]['id']}/strategies"
    made = eventually(lambda: staff.get(mine, timeout=30).json()["items"], "the strategy")
    return staff.get(f"{api}/strategies/{made[0]['id']}/content", timeout=30).text
