"""An agency publishes a change while a lead is in the middle of the questions."""

import copy
from collections.abc import Callable
from typing import Any

import requests

from tests.journeys.interviews import SHOP, answer_pending, complete, of_somebody_else
from tests.journeys.lead import Lead


def test_a_conversation_under_way_keeps_its_questions_until_its_end(
    demo: dict[str, Any], make_lead: Callable[..., Lead], log_in: Callable[[str], requests.Session]
) -> None:
    staff, url = log_in("brightlane"), f"{demo['platform_url']}/api/v1/flows"
    (flow,) = staff.get(url, timeout=30).json()["items"]
    url = f"{url}/{flow['slug']}"
    first = staff.get(f"{url}/versions/{flow['number']}", timeout=30).json()

    early = make_lead("brightlane", "en")
    interview = of_somebody_else(SHOP)
    answer_pending(early, interview)

    changed = copy.deepcopy(first["definition"])
    changed["questions"]["city"]["text"]["en"] = "Which city is home to your shop?"
    del changed["questions"]["phone"]
    changed["questions"]["email"]["next"] = [{"to": "strategy"}]
    changed["scoring"] = [rule for rule in changed["scoring"] if "answers.phone" not in rule["when"]]
    changed["ends"].pop("senior")
    changed["ends"].pop("growing")
    saved = staff.put(f"{url}/draft", json={"name": flow["name"], "definition": changed, "revision": None}, timeout=30)
    assert saved.status_code == 200, saved.text
    published = staff.post(f"{url}/publish", json={"note": "no telephone"}, timeout=30)
    assert published.status_code == 200, published.text
    try:
        late = make_lead("brightlane", "en")
        complete(late, of_somebody_else(SHOP))
        complete(early, interview)
        asked_late = {entry["input"].get("question") for entry in late.transcript() if entry.get("input")}
        asked_early = {entry["input"].get("question") for entry in early.transcript() if entry.get("input")}
        assert "phone" in asked_early
        assert "phone" not in asked_late
        texts_late = [entry["text"] for entry in late.transcript()]
        texts_early = [entry["text"] for entry in early.transcript()]
        assert "Which city is home to your shop?" in texts_late
        assert "Which city is home to your shop?" not in texts_early
    finally:
        back = staff.post(f"{url}/rollback", timeout=30)
        assert back.status_code == 200, back.text
    assert staff.get(url, timeout=30).json()["number"] == first["number"]
