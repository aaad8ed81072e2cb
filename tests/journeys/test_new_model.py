"""A release in the middle of conversations: another model, every process new, and new questions for those who come after it."""

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from devstack.stack import Stack
from tests.journeys.interviews import SHOP, answer_pending, complete, of_somebody_else
from tests.journeys.lead import Lead

ROOT = Path(__file__).resolve().parents[2]
SCOTS = """version: "3.1"

nlu:
  - intent: ask_why
    metadata: {locale: en}
    examples: |
      - whit fur
      - whit's yon fur
      - whit's that fur then
      - whit dae ye need that fur
      - whit are ye efter that fur
      - how come ye want tae ken
      - whit's it tae ye
"""
"""What the old model does not understand."""
WHY = "whit dae ye want tae ken that fur"
CITY = "Which city is home to your shop?"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A checkout like this one whose training data knows a few sentences more."""
    root = tmp_path / "checkout"
    shutil.copytree(
        ROOT, root, ignore=shutil.ignore_patterns(".git", ".markezy", ".venv-*", "node_modules", ".*_cache")
    )
    for environment in (".venv-bot", ".venv-platform"):
        (root / environment).symlink_to(ROOT / environment)
    (root / "data" / "nlu" / "scots.en.yml").write_text(SCOTS)
    return root


@pytest.fixture
def flow(demo: dict[str, Any], log_in: Callable[[str], requests.Session]) -> Iterator[dict[str, Any]]:
    """Brightlane's published version and its flow's address; that version is published again afterwards."""
    address = f"{demo['platform_url']}/api/v1/flows"
    (known,) = log_in("brightlane").get(address, timeout=30).json()["items"]
    address = f"{address}/{known['slug']}"
    version = log_in("brightlane").get(f"{address}/versions/{known['number']}", timeout=30).json()
    yield {"address": address, "name": known["name"], **version}
    back = log_in("brightlane").post(f"{address}/rollback", timeout=30)
    assert back.status_code == 200, back.text
    assert back.json()["number"] == version["number"]


def test_leads_go_on_where_they_were_with_a_new_model_and_the_questions_they_began_with(
    stack: Stack,
    demo: dict[str, Any],
    make_lead: Callable[..., Lead],
    log_in: Callable[[str], requests.Session],
    page: Page,
    flow: dict[str, Any],
    release: Path,
) -> None:
    early, interview = make_lead("brightlane", "en"), of_somebody_else(SHOP)
    for _ in range(4):
        answer_pending(early, interview)
    pending = early.question
    because = flow["definition"]["questions"][pending]["help"]["en"]
    assert because not in texts(early.say(WHY))
    assert early.question == pending
    page.goto(f"{demo['mail_url'].removesuffix('/mail')}/sites/brightlane")
    page.get_by_role("button", name="Open the chat").click()
    widget = page.locator("#markezy-widget")
    widget.get_by_role("button", name="It is running", exact=True).click()
    expect(widget.get_by_role("button", name="Home & garden", exact=True)).to_be_visible()

    publish_another(log_in("brightlane"), flow)
    before = early.transcript()
    try:
        stack.restart_all(release)

        assert early.transcript() == before
        assert because in texts(early.say(WHY)), "the new model understands"
        assert early.question == pending
        complete(early, interview)
        assert early.last["input"]["type"] == "recap"
        done = early.transcript()[-1]["progress"]
        assert done["done"] == done["of"]
        assert CITY not in texts(early.transcript())
        assert flow["definition"]["questions"]["city"]["text"]["en"] in texts(early.transcript())

        page.reload()
        widget.get_by_role("button", name="Home & garden", exact=True).click()
        expect(widget.get_by_role("button", name="Shopify", exact=True)).to_be_visible()

        late = make_lead("brightlane", "en")
        complete(late, of_somebody_else(SHOP))
        assert CITY in texts(late.transcript())
    finally:
        stack.restart_all(ROOT)


def publish_another(staff: requests.Session, flow: dict[str, Any]) -> None:
    changed = copy.deepcopy(flow["definition"])
    changed["questions"]["city"]["text"]["en"] = CITY
    draft = {"name": flow["name"], "definition": changed, "revision": None}
    saved = staff.put(f"{flow['address']}/draft", json=draft, timeout=30)
    assert saved.status_code == 200, saved.text
    published = staff.post(f"{flow['address']}/publish", json={"note": "asks for the home of the shop"}, timeout=30)
    assert published.status_code == 200, published.text


def texts(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["text"] for entry in entries]
