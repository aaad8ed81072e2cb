"""What leads ask for about themselves, in the chat."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.journeys.conftest import eventually
from tests.journeys.interviews import RESTAURANT, SHOP, answer_pending, of_somebody_else
from tests.journeys.lead import Lead

WORDS = {
    ("brightlane", "en"): ("please delete my data", "Yes, delete everything"),
    ("atelier-nova", "fr"): ("supprimez mes données s'il vous plaît", "Oui, tout supprimer"),
    ("brightlane", "es"): ("borren mis datos por favor", "Sí, borrarlo todo"),
}


@pytest.mark.parametrize(("slug", "locale"), WORDS)
def test_a_lead_who_orders_it_is_forgotten(
    slug: str,
    locale: str,
    demo: dict[str, Any],
    make_lead: Callable[..., Lead],
    log_in: Callable[[str], requests.Session],
) -> None:
    order, sure = WORDS[slug, locale]
    lead = make_lead(slug, locale)
    asked = lead.say(order)
    buttons = {button["title"]: button["payload"] for button in asked[-1]["buttons"]}
    lead.tap(buttons[sure])
    eventually(lambda: requests.get(f"{lead.url}/messages", headers=bearer(lead), timeout=30).status_code == 404, "404")
    staff, api = log_in(slug), f"{demo['platform_url']}/api/v1"

    def erased() -> dict[str, Any] | None:
        for one in staff.get(f"{api}/leads", timeout=30).json()["items"]:
            found = staff.get(f"{api}/leads/{one['id']}/erasure", timeout=30)
            if found.status_code == 200 and found.json()["reason"] == "lead" and found.json()["state"] == "completed":
                return dict(staff.get(f"{api}/leads/{one['id']}/erasure/certificate", timeout=30).json())
        return None

    certificate = eventually(erased, "the certificate")
    assert certificate["certificate"]["requested_by"] == "the lead"


def test_who_takes_consent_back_before_the_end_has_it_written_down_and_gets_no_strategy(
    demo: dict[str, Any], make_lead: Callable[..., Lead], log_in: Callable[[str], requests.Session]
) -> None:
    interview = of_somebody_else(RESTAURANT)
    lead = make_lead("atelier-nova", "fr")
    while lead.question != "recap":
        answer_pending(lead, interview)
    lead.tap("/withdraw_consent")
    staff, api = log_in("atelier-nova"), f"{demo['platform_url']}/api/v1"

    def withdrawn() -> str | None:
        shown = staff.get(f"{api}/consents", params={"limit": "5"}, timeout=30).json()["items"]
        return next((one["lead_id"] for one in shown if one["decision"] == "withdrawn"), None)

    url = f"{api}/leads/{eventually(withdrawn, 'the receipt')}"
    decisions = [one["decision"] for one in staff.get(f"{url}/consents", timeout=30).json()["items"]]
    assert decisions[-1] == "given"
    assert {"withdrawn", "refused"} == set(decisions[:-1])
    eventually(lambda: staff.get(url, timeout=30).json()["end_id"] == "no_consent", "the end without consent")
    assert staff.get(f"{url}/strategies", timeout=30).json()["items"] == []


def test_words_that_changed_are_asked_again_before_anything_is_handed_over(
    demo: dict[str, Any], make_lead: Callable[..., Lead], log_in: Callable[[str], requests.Session]
) -> None:
    staff, api = log_in("brightlane"), f"{demo['platform_url']}/api/v1"
    interview = of_somebody_else(SHOP)
    lead = make_lead("brightlane", "en")
    while lead.question != "recap":
        answer_pending(lead, interview)
    published = staff.get(f"{api}/flows/ecommerce", timeout=30).json()["number"]
    definition = staff.get(f"{api}/flows/ecommerce/versions/{published}", timeout=30).json()["definition"]
    definition["questions"]["consent"]["text"]["en"] = "May Brightlane write to you, and call you? Do you agree?"
    draft = {"name": "E-commerce", "definition": definition, "revision": None}
    assert staff.put(f"{api}/flows/ecommerce/draft", json=draft, timeout=30).status_code == 200
    assert staff.post(f"{api}/flows/ecommerce/publish", json={}, timeout=30).status_code == 200
    try:
        replies = lead.tap("/confirm")
        assert lead.question == "consent"
        assert replies[-1]["text"].startswith("May Brightlane write to you, and call you?")
        answer_pending(lead, interview)
        assert lead.question == "recap"
        done = lead.tap("/confirm")
        assert done[-1]["progress"]["done"] == done[-1]["progress"]["of"]
    finally:
        assert staff.post(f"{api}/flows/ecommerce/rollback", json={}, timeout=30).status_code == 200


def bearer(lead: Lead) -> dict[str, str]:
    return {"Authorization": f"Bearer {lead.token}"}
