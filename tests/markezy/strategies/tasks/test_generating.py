"""From a qualified lead to a written strategy, once."""

from concurrent.futures import ThreadPoolExecutor

from markezy.kernel.limits import give_plan
from markezy.strategies.production.drafting import draft
from markezy.strategies.production.kept import open_strategy
from markezy.strategies.production.writing import content_of

from tests.markezy.strategies.conftest import Desk, OpenDesk
from tests.markezy.strategies.tasks.asked import TITLE, generate


class TestGenerate:
    def test_the_strategy_is_written_in_the_leads_language_and_goes_on_to_be_checked(self, desk: Desk) -> None:
        generate(desk)
        found = desk.strategy
        assert (found.title, found.locale, found.status, found.has_pdf) == (TITLE, "fr", "generated", False)
        assert desk.open_tasks() == ["strategies.check"]
        assert desk.snapshot()[3][-1] == ("strategy.generated", 2)

    def test_a_second_run_changes_nothing(self, desk: Desk) -> None:
        generate(desk)
        before = desk.snapshot()
        generate(desk)
        assert desk.snapshot() == before

    def test_parallel_runs_make_one_strategy(self, desk: Desk) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: generate(desk), range(4)))
        assert desk.open_tasks() == ["strategies.check"]
        assert len(desk.rows("SELECT id FROM strategy")) == 1

    def test_what_goes_beyond_the_plan_is_written_tomorrow(self, desk: Desk) -> None:
        with desk.database.transaction(desk.tenant_id) as connection:
            give_plan(connection, desk.tenant_id, "trial", {"strategies_per_day": 0})
        generate(desk)
        assert desk.rows("SELECT id FROM strategy") == []
        waiting = desk.rows("SELECT due_at > now() AS later, failed_at FROM outbox WHERE task = 'strategies.generate'")
        assert (waiting[-1].later, waiting[-1].failed_at) == (True, None)

    def test_a_language_without_words_falls_back_to_the_agencys(self, open_desk: OpenDesk) -> None:
        desk = open_desk(locale="de-AT")
        generate(desk)
        assert desk.strategy.locale == "fr"

    def test_what_the_agency_changed_counts(self, desk: Desk) -> None:
        for name in ("Vieux", "Neuf"):
            desk.change(f"title: {name}")
        generate(desk)
        assert desk.strategy.title == "Neuf"

    def test_it_remembers_the_versions_and_the_case_it_was_written_from(self, desk: Desk) -> None:
        desk.change("title: Autre")
        strategy_id = desk.written()
        with desk.database.transaction(desk.tenant_id) as connection:
            kept = open_strategy(connection, desk.tenant_id, strategy_id)
        assert [(one.layer, one.part) for one in kept.stack.versions] == [
            ("base", "plan"), ("sector", "plan"), ("base", "fr"), ("sector", "fr"), ("agency", "fr"),
        ]  # fmt: skip
        assert kept.case.lead.contact.company == "Chez Zoë"

    def test_the_same_inputs_give_the_same_bytes_again(self, desk: Desk) -> None:
        desk.change("title: Autre")
        strategy_id = desk.written()
        desk.change("title: Encore autre")
        with desk.database.transaction(desk.tenant_id) as connection:
            kept = open_strategy(connection, desk.tenant_id, strategy_id)
        again = content_of(draft(kept.stack, kept.case).document, kept.case)
        assert again["html"] == kept.strategy.html
        assert again["content_hash"] == kept.strategy.content_hash

    def test_an_agency_without_words_for_its_sector_is_a_dead_letter_that_says_so(self, desk: Desk) -> None:
        desk.rows("UPDATE tenant SET sector = 'circus' RETURNING 1")
        generate(desk)
        assert desk.failure() == (True, "no words for the sector circus are released")
        assert desk.events()[-1] == "strategy.failed"

    def test_words_that_fail_on_this_lead_are_a_dead_letter_without_their_words(self, desk: Desk) -> None:
        desk.change("title: \"{% if lead.name == 'Zoë Martín' %}{{ lead.name + 1 }}{% endif %}Titre\"")
        generate(desk)
        dead, reason = desk.failure()
        assert dead
        assert "Zoë" not in reason

    def test_a_lead_who_is_not_qualified_is_a_dead_letter(self, desk: Desk) -> None:
        desk.run("strategies.generate", lead_id=str(desk.conversation_id))
        assert desk.failure()[0]
