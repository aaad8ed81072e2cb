"""An answer that changed after the strategy was made."""

import pytest
from markezy.kernel.db import Database
from markezy.strategies import api
from markezy.strategies.production import renewing
from markezy.strategies.production.kept import open_strategy

from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.courses import say_otherwise


@pytest.fixture
def changed(desk: Desk, relay_database: Database) -> Desk:
    """The lead said something else after the strategy was made."""
    desk.made()
    say_otherwise(desk, relay_database)
    return desk


class TestNextEdition:
    def test_an_answer_that_changed_is_told_with_what_would_read_differently(self, changed: Desk) -> None:
        with changed.database.transaction(changed.tenant_id) as connection:
            kept = open_strategy(connection, changed.tenant_id, changed.strategies[0].id)
            renewal = renewing.compare(connection, changed.tenant_id, kept)
        assert [(one.question, one.before, one.after) for one in renewal.answers if one.question == "city"] == [
            ("city", "Nîmes", "Lyon")
        ]
        assert any("Lyon" in (block.after or "") for block in renewal.blocks)

    def test_it_is_written_from_what_the_lead_says_today_and_written_once(self, changed: Desk) -> None:
        for _ in range(2):
            changed.run("strategies.generate", lead_id=str(changed.lead_id), edition=2)
        newest, first = changed.strategies
        assert (newest.edition, first.edition) == (2, 1)
        with changed.database.transaction(changed.tenant_id) as connection:
            assert "Lyon" in api.html(connection, changed.tenant_id, newest.id)
