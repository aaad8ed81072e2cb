"""A person of the agency takes over from the assistant, and hands back."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.journeys.conftest import eventually
from tests.journeys.lead import Lead

OWNERS = {"brightlane": "Olivia"}
"""As leads get to know them: by their first name."""


class Console:
    """What a member of staff does with one lead, over the staff API."""

    def __init__(self, session: requests.Session, platform_url: str, lead_id: str) -> None:
        self._session = session
        self.lead_id = lead_id
        self._url = f"{platform_url}/api/v1/leads/{lead_id}"

    def take(self) -> requests.Response:
        return self._session.post(f"{self._url}/handover/take", timeout=30)

    def release(self) -> requests.Response:
        return self._session.post(f"{self._url}/handover/release", timeout=30)

    def say(self, text: str) -> requests.Response:
        return self._session.post(f"{self._url}/messages", json={"id": str(uuid.uuid4()), "text": text}, timeout=30)

    def transcript(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._session.get(f"{self._url}/transcript", timeout=30).json()["items"]
        return items


@pytest.fixture
def lead(make_lead: Callable[..., Lead]) -> Lead:
    lead = make_lead("brightlane", "en")
    lead.choose("running")
    return lead


@pytest.fixture
def console(lead: Lead, demo: dict[str, Any], log_in: Callable[[str], requests.Session]) -> Console:
    session = log_in("brightlane")
    url = demo["platform_url"]

    def known() -> str | None:
        items = session.get(f"{url}/api/v1/leads", timeout=30).json()["items"]
        found: list[str] = [item["id"] for item in items if item["conversation_id"] == lead.id]
        return found[0] if found else None

    return Console(session, url, eventually(known, "the lead to be known to the console"))


def said(lead: Lead) -> list[tuple[str, str]]:
    return [(entry["from"], entry["text"]) for entry in lead.transcript()]


def test_while_a_person_talks_the_assistant_is_silent_and_afterwards_it_is_back(lead: Lead, console: Console) -> None:
    replies = lead.say("I'd rather talk to a real person, please")
    assert "/go_on" in [button["payload"] for button in replies[-1]["buttons"]]
    pending = lead.question
    assert lead.say("it's about my shop on Shopify") == []

    assert console.take().status_code in (200, 202)
    eventually(lambda: any("Olivia" in text for _, text in said(lead)), "the lead to hear who has come")
    assert console.say("Hello, Olivia here. How can I help?").status_code in (200, 201, 202)
    eventually(lambda: ("staff", "Hello, Olivia here. How can I help?") in said(lead), "the person's words")
    assert lead.say("can you build shops, too?") == []
    assert lead.say("yes") == []
    assert console.say("Yes, we can.").status_code in (200, 201, 202)
    eventually(lambda: ("staff", "Yes, we can.") in said(lead), "the person's answer")

    assert console.release().status_code in (200, 202)
    eventually(lambda: said(lead)[-1][0] == "assistant", "the assistant to be back")
    assert lead.transcript()[-1]["input"]["question"] == pending
    assert lead.choose("home")

    everything = [(entry["from"], entry["text"]) for entry in console.transcript()]
    assert everything == said(lead)
    assert [entry["name"] for entry in console.transcript() if entry["from"] == "staff"] == [OWNERS["brightlane"]] * 2
    talk = everything.index(("staff", "Hello, Olivia here. How can I help?"))
    assert [sender for sender, _ in everything[talk : talk + 4]] == ["staff", "visitor", "visitor", "staff"]


def test_who_does_not_want_to_wait_goes_on(lead: Lead) -> None:
    pending = lead.question
    lead.tap("/ask_person")
    lead.tap("/go_on")
    assert lead.question == pending
    assert lead.choose("home")


def test_another_agencys_staff_cannot_take_the_conversation(
    console: Console, demo: dict[str, Any], log_in: Callable[[str], requests.Session]
) -> None:
    stranger = Console(log_in("atelier-nova"), demo["platform_url"], console.lead_id)
    assert stranger.take().status_code == 404
    assert stranger.say("hello").status_code == 404
    assert stranger.release().status_code == 404
