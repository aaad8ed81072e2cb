"""Bounces through the alias of a mail server."""

from uuid import UUID

import pytest
from markezy.commands import mail
from markezy.kernel.db import Database
from sqlalchemy import text

from tests.markezy.console.rows import add_delivery, add_lead, add_strategy
from tests.markezy.strategies.delivery.reports_of_tests import bounce


def test_a_bounce_is_acted_on_and_written_down(
    database: Database, tenant_id: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.transaction(tenant_id) as connection:
        strategy_id = add_strategy(connection, tenant_id, add_lead(connection, tenant_id), "A plan")
        add_delivery(connection, tenant_id, strategy_id, recipient="zoe@example.com")
    assert mail.run(database, f"t-{tenant_id}", bounce(strategy_id)) == mail.DONE
    assert capsys.readouterr().out.splitlines()[-1] == "bounced"
    with database.transaction(tenant_id) as connection:
        assert connection.execute(text("SELECT status FROM delivery")).scalar_one() == "bounced"
        written = connection.execute(text("SELECT actor_id FROM audit_entry WHERE action = 'mail.reported'"))
        assert written.scalar_one() == "cli"


def test_what_is_no_report_and_nobodys_changes_nothing(
    database: Database, tenant_id: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mail.run(database, f"t-{tenant_id}", b"Subject: I am away\r\n\r\n") == mail.REFUSED
    assert "multipart/report" in capsys.readouterr().err
    assert mail.run(database, "nobody", bounce(tenant_id)) == mail.REFUSED
    assert mail.run(database, f"t-{tenant_id}", bounce(tenant_id)) == mail.REFUSED
