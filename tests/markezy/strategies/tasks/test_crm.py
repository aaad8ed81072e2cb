"""The CRM is told."""

from markezy.strategies import api

from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.tasks.asked import TITLE


def test_the_crm_is_told_title_summary_and_answers(desk: Desk) -> None:
    strategy_id = desk.made()
    with desk.database.transaction(desk.tenant_id) as connection:
        told = api.summary_for_crm(connection, desk.tenant_id, strategy_id)
    assert (told.strategy_id, told.lead.lead_id, told.lead.contact.email) == (
        strategy_id,
        desk.lead_id,
        "zoe@example.com",
    )
    assert f"<h3>{TITLE}</h3>" in told.html_summary
    assert "<p>" in told.html_summary
    assert "<li><b>Audience:</b> De jeunes familles, à Nîmes &amp; alentour</li>" in told.html_summary
    assert "<h2>" not in told.html_summary
