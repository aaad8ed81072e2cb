import pytest
from markezy import cli
from markezy.commands import replay
from markezy.kernel.db import Database
from sqlalchemy import text

from tests.markezy.leads.conversations import Conversation
from tests.markezy.owned import add_tenant, owned_database
from tests.markezy.sealed import ring_of_tests
from tests.markezy.settling import settle


def test_replay_says_what_it_did_and_check_what_differs(postgres_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with owned_database(postgres_url) as owned:
        owned.migrate()
        owner, database = (
            Database(owned.url("owner"), ring=ring_of_tests()),
            Database(owned.url("markezy_app"), ring=ring_of_tests()),
        )
        tenant_id = add_tenant(database)
        Conversation(database, tenant_id).start().answer("goal", "sales", 1)
        settle(database)
        assert replay.run(owner, database, ["leads"], check=False) == 0
        assert replay.run(owner, database, ["leads"], check=True) == 0
        with database.transaction(tenant_id) as connection:
            connection.execute(text("UPDATE lead SET locale = 'es'"))
        assert replay.run(owner, database, ["leads"], check=True) == 1
        said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("leads: ")]
        assert said == [
            "leads: 2 events replayed, the new read model is in place.",
            "leads: 2 events replayed; lead: 0 rows differ, lead_answer: 0 rows differ, blind_index: 0 rows differ.",
            "leads: 2 events replayed; lead: 2 rows differ, lead_answer: 0 rows differ, blind_index: 0 rows differ.",
        ]
        owner.dispose()
        database.dispose()


def test_replay_needs_the_owner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("MARKEZY_OWNER_DATABASE_URL", raising=False)
    assert cli.main(["replay"]) == 2
    assert "MARKEZY_OWNER_DATABASE_URL" in capsys.readouterr().err
