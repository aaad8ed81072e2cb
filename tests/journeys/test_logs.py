"""What the processes write about a lead's way: enough to follow it, nothing about the person."""

import uuid
from collections.abc import Callable
from typing import Any

import requests

from devstack.stack import Stack
from tests.journeys.conftest import eventually
from tests.journeys.interviews import SHOP, Say, complete, of_somebody_else
from tests.journeys.lead import Lead


def test_one_correlation_id_goes_from_the_widget_to_the_crm_and_nothing_personal_goes_with_it(
    stack: Stack, demo: dict[str, Any], make_lead: Callable[..., Lead]
) -> None:
    lead = make_lead("brightlane", "en")
    correlation_id = str(uuid.uuid4())
    lead.correlation_id = correlation_id
    interview = of_somebody_else(SHOP)
    complete(lead, interview)

    def followed() -> set[str]:
        return {
            path.stem
            for path in (stack.home / "logs").glob("*.log")
            if correlation_id in path.read_text(errors="replace")
        }

    wanted = {"rasa", "actions", "web", "relay", "worker", "sandbox"}
    eventually(lambda: wanted <= followed(), f"the id in the logs of {', '.join(sorted(wanted))}")

    personal = [step.text for name, step in interview.items() if isinstance(step, Say) and name in _TELLING]
    owner = demo["tenants"][0]["users"][0]
    requests.post(
        f"{demo['platform_url']}/api/v1/auth/login", json={"email": owner["email"], "password": "wrong"}, timeout=30
    )
    secret = [lead.token, owner["password"], owner["email"], demo["database_url"].split(":")[2].split("@")[0]]
    for path in (stack.home / "logs").glob("*.log"):
        content = path.read_text(errors="replace")
        assert [text for text in (*personal, *secret) if text in content] == [], path.name


_TELLING = ("website", "audience", "name", "company", "email")
"""Questions whose answers are about the person; figures and city names may stand in a log by chance."""
