"""What a strategy's case knows of the lead's score."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from markezy.flows import api as flows
from markezy.flows.api import ScoreReason
from markezy.kernel.db import Database
from markezy.leads.api import QualifiedLead
from markezy.strategies.production.scoring import reasons_of
from markezy.strategies.production.writing import case_of
from markezy.strategies.writing import case as cases

from tests.markezy.leads.conversations import Conversation
from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.leads_of_tests import lead

FLOW = Path(__file__).parents[4] / "platform" / "seeds" / "flows" / "ecommerce.yml"
ANSWERS: dict[str, tuple[Any, str]] = {
    "situation": ("running", "Elle est en ligne"), "budget": (6000, "6 000 €"), "timeline": ("unsure", "Je ne sais pas"),
}  # fmt: skip


@pytest.fixture
def shopper(database: Database, tenant_id: UUID) -> QualifiedLead:
    """Somebody who went through the shops' flow and came by an advertisement."""
    with database.transaction(tenant_id) as connection:
        version = flows.publish(connection, tenant_id, "shop", "Shop", yaml.safe_load(FLOW.read_text(encoding="utf-8")))
    conversation = Conversation(database, tenant_id, flow_version_id=version.id).start()
    said = lead(ANSWERS, lead_id=conversation.lead_id, conversation_id=conversation.id)
    return replace(said, flow_version_id=version.id, score=30)


def _reasons(database: Database, tenant_id: UUID, of: QualifiedLead, locale: str = "fr") -> tuple[ScoreReason, ...]:
    with database.transaction(tenant_id) as connection:
        return reasons_of(connection, tenant_id, of, locale)


def test_every_answer_that_counted_is_named_in_the_language_of_the_document(
    database: Database, tenant_id: UUID, shopper: QualifiedLead
) -> None:
    found = _reasons(database, tenant_id, shopper)
    assert [(one.questions, one.points) for one in found] == [
        (("budget",), 30),
        (("situation",), 10),
        (("timeline",), -10),
    ]
    assert found[0].labels == ("Budget marketing mensuel",)
    assert _reasons(database, tenant_id, shopper, "en")[0].labels == ("Marketing budget per month",)


def test_what_no_answer_explains_is_a_reason_of_its_own(
    database: Database, tenant_id: UUID, shopper: QualifiedLead
) -> None:
    found = _reasons(database, tenant_id, replace(shopper, score=35))
    assert found[-1] == ScoreReason((), (), 5)
    assert sum(one.points for one in found) == 35


def test_without_the_flow_or_the_conversation_nothing_is_claimed(
    database: Database, tenant_id: UUID, shopper: QualifiedLead, make_tenant: Any
) -> None:
    assert _reasons(database, tenant_id, lead(ANSWERS)) == ()
    assert _reasons(database, make_tenant(), shopper) == ()


def test_a_case_keeps_them_and_one_from_before_has_none(desk: Desk, database: Database, tenant_id: UUID) -> None:
    reasons = (ScoreReason(("budget",), ("Budget",), 70),)
    with database.transaction(desk.tenant_id) as connection:
        case = replace(case_of(connection, desk.tenant_id, lead()), reasons=reasons)
    kept = cases.as_json(case)
    assert cases.from_json(kept) == case
    del kept["reasons"]
    assert cases.from_json(kept) == replace(case, reasons=())
