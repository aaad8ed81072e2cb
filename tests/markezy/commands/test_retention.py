"""`markezy retention` removes what is past its period; with `--dry-run` it only tells."""

from collections.abc import Callable
from uuid import UUID

import pytest
from markezy.commands.retention import DONE, REFUSED, run
from markezy.kernel.db import Database
from sqlalchemy import text

from tests.markezy.console.rows import add_lead, days_ago


def test_it_tells_first_and_then_does_it(
    database: Database, make_tenant: Callable[[], UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    tenant_id = make_tenant()
    slug = f"t-{tenant_id}"
    with database.transaction(tenant_id) as connection:
        add_lead(connection, tenant_id, state="qualified", last_message_at=days_ago(4000))
    assert run(database, slug, dry_run=True) == DONE
    assert capsys.readouterr().out == f"{slug}: qualified_leads: 1 to remove.\n"
    with database.transaction(tenant_id) as connection:
        assert connection.execute(text("SELECT count(*) FROM erasure")).scalar_one() == 0
    assert run(database, slug, dry_run=False) == DONE
    assert f"{slug}: qualified_leads: 1 removed.\n" in capsys.readouterr().out
    with database.transaction(tenant_id) as connection:
        assert connection.execute(text("SELECT reason FROM erasure")).scalars().all() == ["retention"]
    assert run(database, slug, dry_run=False) == DONE
    assert capsys.readouterr().out.endswith(f"{slug}: nothing removed.\n")


def test_an_unknown_agency_is_refused(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(database, "nobody", dry_run=True) == REFUSED
    assert "nobody" in capsys.readouterr().err
