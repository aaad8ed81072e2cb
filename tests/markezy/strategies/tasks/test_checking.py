"""What the checks find decides whether it goes on."""

import pytest
from markezy.kernel.errors import Conflict
from markezy.strategies.production import deciding, inspecting
from markezy.strategies.production.kept import open_strategy

from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.courses import UNFINISHED, held

SPOILT = f'sections: {{summary: {{blocks: {{ours: {{text: "{UNFINISHED}"}}}}}}}}'


class TestCheck:
    def test_a_strategy_without_a_defect_goes_on_to_be_rendered(self, desk: Desk) -> None:
        desk.checked()
        assert desk.strategy.status == "checked"
        assert "strategies.render" in desk.open_tasks()

    def test_a_second_run_changes_nothing(self, desk: Desk) -> None:
        strategy_id = desk.checked()
        before = desk.snapshot()
        desk.run("strategies.check", strategy_id=str(strategy_id))
        assert desk.snapshot() == before

    def test_a_strategy_that_moved_on_meanwhile_is_left_alone(self, desk: Desk) -> None:
        strategy_id = desk.written()
        with desk.database.transaction(desk.tenant_id) as connection:
            stale = open_strategy(connection, desk.tenant_id, strategy_id)
        desk.run("strategies.check", strategy_id=str(strategy_id))
        before = desk.snapshot()
        with desk.database.transaction(desk.tenant_id) as connection:
            assert not inspecting.settle(connection, desk.tenant_id, stale, inspecting.inspect(stale))
        assert desk.snapshot() == before

    def test_what_the_agencys_changes_spoil_is_written_without_them(self, desk: Desk) -> None:
        desk.change(SPOILT)
        strategy_id = desk.checked()
        second, first = desk.strategies
        assert (first.id, first.status, first.edition) == (strategy_id, "set_aside", 1)
        assert (second.status, second.edition) == ("generated", 2)
        assert desk.events()[-3:] == ["strategy.generated", "strategy.set_aside", "strategy.generated"]
        desk.run("strategies.check", strategy_id=str(second.id))
        assert desk.strategies[0].status == "checked"

    def test_what_fails_every_way_waits_for_staff_and_goes_to_nobody(self, desk: Desk) -> None:
        strategy_id = held(desk)
        assert desk.strategy.status == "held"
        assert desk.events()[-1] == "strategy.held"
        assert "strategies.render" not in desk.open_tasks()
        with desk.database.transaction(desk.tenant_id) as connection:
            (waiting,) = deciding.queue(connection, desk.tenant_id)
        assert waiting.strategy_id == strategy_id
        assert "placeholder" in {finding.problem.code for finding in waiting.findings}

    def test_staff_may_let_it_go(self, desk: Desk) -> None:
        strategy_id = held(desk)
        with desk.database.transaction(desk.tenant_id) as connection:
            deciding.approve(connection, desk.tenant_id, strategy_id, "staff:ada", "c-2")
        desk.run("strategies.render", strategy_id=str(strategy_id))
        assert desk.strategy.status == "rendered"
        with desk.database.transaction(desk.tenant_id) as connection, pytest.raises(Conflict):
            deciding.discard(connection, desk.tenant_id, strategy_id, "staff:ada", "c-3")

    def test_or_keep_it_from_the_lead(self, desk: Desk) -> None:
        strategy_id = held(desk)
        with desk.database.transaction(desk.tenant_id) as connection:
            deciding.discard(connection, desk.tenant_id, strategy_id, "staff:ada", "c-2")
        desk.run("strategies.render", strategy_id=str(strategy_id))
        assert (desk.strategy.status, desk.strategy.has_pdf) == ("set_aside", False)
