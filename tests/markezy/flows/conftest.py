"""The seeded flows, a small one to take apart, and the staff API on flows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
import yaml
from markezy.flows.definition import FlowDefinition, parse_definition
from markezy.flows.engine import Flow, compile_flow
from markezy.kernel.settings import Settings

from tests.markezy.leads.conversations import staff_token

Ask = Callable[..., requests.Response]

SEEDS = Path(__file__).parents[3] / "platform" / "seeds" / "flows"
TODAY = date(2026, 11, 23)


def said(what: str) -> dict[str, str]:
    return {"en": what, "fr": f"{what} (fr)"}


def question(type_: str, *ways: Any, **more: Any) -> dict[str, Any]:
    """A question that leads to `ways`: ids, or (condition, id)."""
    steps = [{"to": way} if isinstance(way, str) else {"when": way[0], "to": way[1]} for way in ways]
    texts = {"text": said("What?"), "help": said("Because."), "label": said("Label")}
    return {"type": type_, **texts, "next": steps, **more}


def option(value: str, *synonyms: str) -> dict[str, Any]:
    return {"value": value, "title": said(value.replace("_", " ").title()), "synonyms": list(synonyms)}


def small_flow() -> dict[str, Any]:
    """goal → (sales: budget → rich or poor; other: reason) → name → end."""
    return {
        "locales": ["en", "fr"],
        "greeting": said("Hello"),
        "start": "goal",
        "questions": {
            "goal": question(
                "choice",
                ("answers.goal == 'sales'", "budget"),
                "reason",
                options=[option("sales", "turnover"), option("other")],
                text=said("Goal?"),
            ),
            "budget": question("money", ("score >= 10", "rich"), "name", text=said("Budget?")),
            "rich": question("yes_no", "name", text=said("Rich?")),
            "reason": question("text", "name", text=said("Reason?"), optional=True),
            "name": question("text", ("answers.rich == false", "nothing"), "done", role="name", text=said("Name?")),
        },
        "scoring": [
            {"when": "answers.budget >= 1000", "points": 10},
            {"when": "has(answers.reason)", "points": 1},
        ],
        "ends": {
            "done": {"outcome": "qualified", "message": said("Thanks {name}")},
            "nothing": {"outcome": "disqualified", "message": said("Bye")},
        },
        "faqs": {
            "price": {"keywords": ["price", "how much"], "answer": said("Free")},
            "privacy": {"keywords": ["privacy", "data"], "answer": said("Safe")},
        },
    }


def greeting(words: str) -> dict[str, Any]:
    return {**small_flow(), "greeting": said(words)}


@pytest.fixture
def flow() -> Flow:
    return compile_flow(FlowDefinition.model_validate(small_flow()))


@pytest.fixture(scope="session", params=["ecommerce", "restaurant"])
def seeded(request: pytest.FixtureRequest) -> Flow:
    return compile_flow(parse_definition((SEEDS / f"{request.param}.yml").read_text()))


@pytest.fixture(scope="session", params=["ecommerce", "restaurant"])
def seeded_source(request: pytest.FixtureRequest) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((SEEDS / f"{request.param}.yml").read_text())
    return loaded


@pytest.fixture
def ask(web_url: str, settings: Settings, tenant_id: UUID) -> Ask:
    """Call the flows' part of the staff API, as the tenant's admin unless said otherwise."""

    def call(
        method: str, path: str, body: Any = None, tenant: UUID | None = None, role: str = "admin", **more: Any
    ) -> requests.Response:
        token = staff_token(settings, tenant or tenant_id, role)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        address = f"{web_url}/api/v1/flows{path}"
        return requests.request(method, address, json=body, headers=headers, timeout=20, **more)

    return call


@pytest.fixture
def save(ask: Ask) -> Callable[..., dict[str, Any]]:
    def put(words: str, revision: int | None = None) -> dict[str, Any]:
        answer = ask("PUT", "/shop/draft", {"name": "Shop", "definition": greeting(words), "revision": revision})
        assert answer.status_code == 200, answer.text
        draft: dict[str, Any] = answer.json()
        return draft

    return put


@pytest.fixture
def release(ask: Ask, save: Callable[..., dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """Save and publish."""

    def publish(words: str) -> dict[str, Any]:
        save(words)
        answer = ask("POST", "/shop/publish", {"note": words})
        assert answer.status_code == 200, answer.text
        version: dict[str, Any] = answer.json()
        return version

    return publish
