"""The record of processing says what is set up, in each language, and nothing else."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import pytest
import requests
from markezy.accounts import api as accounts
from markezy.flows import api as flows
from markezy.flows.definition import QuestionType
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from markezy.leads.api import LeadState
from markezy.privacy import api
from markezy.resuming import api as resuming
from markezy.strategies.enrichment.repository import save_settings as save_model
from markezy.strategies.enrichment.settings import ModelSettings
from pypdf import PdfReader
from sqlalchemy import text

from tests.markezy.console.rows import add_lead, add_strategy, add_sync
from tests.markezy.leads.conversations import staff_token


def said(words: str) -> dict[str, str]:
    return {"en": words, "fr": f"{words} (fr)"}


FLOW = {
    "locales": ["en", "fr"],
    "greeting": said("Hello"),
    "start": "zone",
    "questions": {
        "zone": {
            "type": "text", "text": said("Where?"), "help": said("So."), "label": said("Area {x}"), "next": [{"to": "agreed"}],
        },
        "agreed": {
            "type": "consent", "text": said("May we?"), "help": said("So."), "label": said("May write"),
            "next": [{"to": "done"}],
        },
    },
    "ends": {"done": {"outcome": "qualified", "message": said("Thank you")}},
}  # fmt: skip


def lines(
    database: Database, tenant_id: UUID, settings: Settings, locale: str = "en"
) -> dict[str, list[tuple[str, str]]]:
    with database.transaction(tenant_id) as connection:
        record = api.processing_record(connection, tenant_id, settings, locale)
    return {one.id: [(item.name, item.text) for item in one.items] for one in record.sections}


def test_an_agency_that_has_set_nothing_up_is_told_so(database: Database, tenant_id: UUID, settings: Settings) -> None:
    told = lines(database, tenant_id, settings)
    assert dict(told["controller"]) == {
        "Agency": "Agency", "Contact": "not configured", "Website": "not configured",
        "Data protection officer": "not configured",
    }  # fmt: skip
    purposes = dict(told["purposes"])
    assert purposes["Conversation with visitors"] == "No questions are published."
    assert purposes["Customer management"] == "No system is connected."
    assert purposes["Marketing strategy"] == "No templates are set up."
    assert dict(told["recipients"])["Customer management system"] == "none"
    assert dict(told["people"])["Visitors of the website"] == "No website is connected; nobody can open a chat."
    assert dict(told["security"])["Backups"] == "not configured"


def test_what_is_set_up_stands_in_it(database: Database, tenant_id: UUID, settings: Settings) -> None:
    with database.transaction(tenant_id) as connection:
        connection.execute(text("""UPDATE tenant SET brand = '{"email": "privacy@{a}.example"}'"""))
        flows.publish(connection, tenant_id, "leads", "Leads {b}", FLOW)
        lead = add_lead(connection, tenant_id)
        add_sync(connection, tenant_id, lead, add_strategy(connection, tenant_id, lead, "Plan"))
        save_model(
            connection,
            tenant_id,
            ModelSettings("https://llm.example/v1", "m", "k", ("summary",), *[Decimal(1)] * 3, True),
        )
        resuming.save_settings(connection, tenant_id, resuming.ResumingSettings(remind=False))
        api.save_periods(connection, tenant_id, {"files": 33}, "staff:x")
        accounts.add_widget_key(connection, tenant_id)
        accounts.add_user(
            connection,
            tenant_id,
            email=f"o@{tenant_id}.example",
            name="O",
            role="owner",
            password="correct horse battery",
        )
    told = lines(database, tenant_id, settings)
    assert ("Contact", "privacy@{a}.example") in told["controller"]
    assert told["data"][:3] == [("Questions", "Leads {b}"), ("Area {x}", "short text"), ("May write", "consent")]
    assert ("Customer management system", "HubSpot EU (hubspot, crm.example)") in told["recipients"]
    assert ("Mail server", "127.0.0.1") in told["recipients"]
    assert ("Addresses that data is sent to", "127.0.0.1, crm.example, llm.example") in told["transfers"]
    assert "llm.example" in dict(told["recipients"])["Language model"]
    assert ("Reminder", "Switched off.") in told["purposes"]
    assert ("Files that leads sent", "33 days") in told["periods"]
    security = dict(told["security"])
    assert security["Access by role"] == "Who may do what follows from the role. People in each role: Owner (1)."
    assert security["Encryption in transit"].startswith("The service speaks plain HTTP")
    assert security["Connection to the database"] == "Within the same machine."
    french = lines(database, tenant_id, settings, "fr")
    assert french["data"][1] == ("Area {x} (fr)", "texte court")


@pytest.mark.parametrize(
    ("changed", "line", "told"),
    [
        (
            {"behind_proxy": "1", "trusted_proxies": "10.0.0.0/8"},
            "Encryption in transit",
            "HTTPS by the proxy in front",
        ),
        ({"limits_scale": 0}, "Limits against overload and guessing", "Switched off."),
    ],
)
def test_security_is_what_is_switched_on(
    database: Database, tenant_id: UUID, settings: Settings, changed: dict[str, object], line: str, told: str
) -> None:
    security = dict(lines(database, tenant_id, settings.model_copy(update=changed))["security"])
    assert security[line].startswith(told)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://a:b@db.example/x?sslmode=verify-full", "TLS with the server's name checked."),
        ("postgresql://a:b@db.example/x?sslmode=require", "TLS, without checking the server's name."),
        ("postgresql://a:b@db.example/x", "Without TLS to another machine."),
        ("postgresql:///x?host=/run/postgresql", "Within the same machine."),
    ],
)
def test_the_connection_to_the_database_is_what_its_address_says(
    database: Database, tenant_id: UUID, settings: Settings, url: str, told: str
) -> None:
    secret = type(settings.database_url)(url)
    found = lines(database, tenant_id, settings.model_copy(update={"database_url": secret}))["security"]
    assert ("Connection to the database", told) in found


@pytest.mark.parametrize("locale", ["en", "fr", "es"])
def test_managers_get_it_as_json_and_on_paper_in_their_language(
    tenant_id: UUID, settings: Settings, web_url: str, locale: str
) -> None:
    headers = {"Authorization": f"Bearer {staff_token(settings, tenant_id, 'owner')}"}
    url = f"{web_url}/api/v1/privacy/processing"
    record = requests.get(url, params={"locale": locale}, headers=headers, timeout=20).json()
    assert record["locale"] == locale
    assert [one["id"] for one in record["sections"]] == [
        "controller", "purposes", "people", "data", "recipients", "transfers", "periods", "security",
    ]  # fmt: skip
    paper = requests.get(f"{url}/pdf", params={"locale": locale}, headers=headers, timeout=60)
    assert paper.headers["Content-Disposition"].startswith("attachment")
    printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages).replace("\xa0", " ")
    for section in record["sections"]:
        assert section["title"] in printed.replace("\n", " "), section["title"]
    assert requests.get(url, params={"locale": "tlh"}, headers=headers, timeout=20).status_code == 422
    agent = {"Authorization": f"Bearer {staff_token(settings, tenant_id, 'agent')}"}
    assert requests.get(url, headers=agent, timeout=20).status_code == 403


def test_it_tells_nothing_of_another_agency(
    database: Database, make_tenant: Callable[[], UUID], settings: Settings
) -> None:
    mine, other = make_tenant(), make_tenant()
    with database.transaction(other) as connection:
        flows.publish(connection, other, "secret", "Secret questions", FLOW)
    assert "Secret questions" not in str(lines(database, mine, settings))


def test_there_are_words_for_every_type_of_question_state_and_role() -> None:
    words = api.words("en")
    assert set(words.question_types) == {one.value for one in QuestionType}
    assert {f"state.{one.value}" for one in LeadState} <= set(words.names)
    assert {f"role.{one.value}" for one in accounts.Role} <= set(words.names)
