"""Strategies on their way, as staff review them, compare them with today and ask for another edition."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.consents import api as consents
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from markezy.strategies import api

from tests.markezy.leads.conversations import ReadModel, staff_token
from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.courses import break_templates, held, say_otherwise

Ask = Callable[..., requests.Response]


@pytest.fixture
def ask(web_url: str, settings: Settings, desk: Desk) -> Ask:
    """Somebody of the agency calls; by default a reader of French."""
    token = staff_token(settings, desk.tenant_id)

    def send(path: str, method: str = "GET", bearer: str = token, **headers: str) -> requests.Response:
        told = {"Authorization": f"Bearer {bearer}", "Accept-Language": "fr-FR,fr;q=0.9", **headers}
        return requests.request(method, f"{web_url}/api/v1{path}", headers=told, timeout=60)

    return send


@pytest.fixture
def known(desk: Desk, database: Database, relay_database: Database) -> Desk:
    """The lead whom the read model knows."""
    ReadModel(database, relay_database).catch_up()
    return desk


class TestReview:
    def test_the_queue_tells_what_was_found_in_the_readers_language(self, desk: Desk, ask: Ask) -> None:
        strategy_id = held(desk)
        (shown,) = ask("/strategies/review").json()["items"]
        assert (shown["strategy_id"], shown["lead_id"], shown["edition"]) == (str(strategy_id), str(desk.lead_id), 1)
        found = next(one for one in shown["findings"] if one["code"] == "placeholder")
        assert (found["place"].split(".")[0], found["severity"]) == ("summary", "error")
        english = ask("/strategies/review", **{"Accept-Language": "en"}).json()["items"][0]["findings"]
        told = next(one for one in english if one["code"] == "placeholder")
        assert told["text"].startswith("A placeholder was left in the text")
        assert found["text"] != told["text"]

    def test_what_is_approved_goes_on_to_be_rendered(self, desk: Desk, ask: Ask) -> None:
        strategy_id = held(desk)
        answer = ask(f"/strategies/{strategy_id}/approve", "POST")
        assert (answer.status_code, answer.json()["status"]) == (200, "checked")
        assert "strategies.render" in desk.open_tasks()
        assert ask("/strategies/review").json()["items"] == []

    def test_what_is_discarded_goes_to_nobody(self, desk: Desk, ask: Ask) -> None:
        strategy_id = held(desk)
        assert ask(f"/strategies/{strategy_id}/discard", "POST").json()["status"] == "set_aside"
        assert "strategies.render" not in desk.open_tasks()

    def test_a_decision_is_made_once(self, desk: Desk, ask: Ask) -> None:
        strategy_id = held(desk)
        ask(f"/strategies/{strategy_id}/discard", "POST")
        for verdict in ("approve", "discard"):
            assert ask(f"/strategies/{strategy_id}/{verdict}", "POST").status_code == 409

    def test_who_only_reads_decides_nothing(self, desk: Desk, ask: Ask, settings: Settings) -> None:
        strategy_id = held(desk)
        reader = staff_token(settings, desk.tenant_id, "read_only")
        assert ask(f"/strategies/{strategy_id}/approve", "POST", reader).status_code == 403
        assert ask("/strategies/review", bearer=reader).status_code == 200

    def test_another_agency_sees_and_decides_nothing(
        self, desk: Desk, ask: Ask, settings: Settings, make_tenant: Callable[..., UUID]
    ) -> None:
        strategy_id = held(desk)
        stranger = staff_token(settings, make_tenant())
        assert ask("/strategies/review", bearer=stranger).json()["items"] == []
        for path, method in (("approve", "POST"), ("discard", "POST"), ("content", "GET"), ("changes", "GET")):
            assert ask(f"/strategies/{strategy_id}/{path}", method, stranger).status_code == 404

    def test_nobody_is_asked_about_a_lead_who_was_forgotten(self, desk: Desk, ask: Ask) -> None:
        held(desk)
        with desk.database.transaction(desk.tenant_id) as connection:
            api.forget_lead(connection, desk.tenant_id, desk.lead_id)
            assert api.count_waiting(connection, desk.tenant_id) == 0
        assert ask("/strategies/review").json()["items"] == []


class TestNextEdition:
    def test_it_tells_what_the_lead_said_otherwise_and_what_would_read_differently(
        self, desk: Desk, ask: Ask, relay_database: Database
    ) -> None:
        strategy_id = desk.made()
        say_otherwise(desk, relay_database)
        told = ask(f"/strategies/{strategy_id}/changes").json()
        city = next(one for one in told["answers"] if one["question"] == "city")
        assert (city["before"], city["after"]) == ("Nîmes", "Lyon")
        assert told["templates_changed"] is False
        assert any("Lyon" in (block["after"] or "") for block in told["blocks"])
        assert not any((block["after"] or "").endswith("}") for block in told["blocks"])

    def test_it_is_asked_for_once(self, known: Desk, ask: Ask) -> None:
        known.made()
        key = {"Idempotency-Key": "again"}
        first = ask(f"/leads/{known.lead_id}/strategies", "POST", **key)
        assert (first.status_code, first.json()["edition"]) == (202, 2)
        assert ask(f"/leads/{known.lead_id}/strategies", "POST", **key).json() == first.json()
        assert ask(f"/leads/{known.lead_id}/strategies", "POST").status_code == 409
        assert known.open_tasks().count("strategies.generate") == 1

    def test_none_is_asked_for_while_one_is_checked_or_rendered(self, known: Desk, ask: Ask) -> None:
        for step in (known.written, known.checked):
            step()
            assert ask(f"/leads/{known.lead_id}/strategies", "POST").status_code == 409

    def test_none_is_written_for_who_does_not_want_one(self, known: Desk, ask: Ask) -> None:
        known.made()
        with known.database.transaction(known.tenant_id) as connection:
            consents.withdraw(
                connection, known.tenant_id, known.lead_id, known.conversation_id, consents.STRATEGY, "staff:x", "c-1"
            )
        assert ask(f"/leads/{known.lead_id}/strategies", "POST").status_code == 409

    def test_templates_that_make_no_strategy_any_more_are_told(self, known: Desk, ask: Ask) -> None:
        strategy_id = known.made()
        break_templates(known)
        assert ask(f"/strategies/{strategy_id}/changes").status_code == 409


class TestContent:
    def test_each_block_tells_the_version_and_the_answers_it_came_from(self, desk: Desk, ask: Ask) -> None:
        desk.change("title: Neuf")
        content = ask(f"/strategies/{desk.written()}/content").json()
        blocks = {block["id"]: block for section in content["sections"] for block in section["blocks"]}
        assert {one["layer"] for one in content["versions"]} == {"base", "sector", "agency"}
        origins = [block["origin"] for block in blocks.values()]
        assert {origin["layer"] for origin in origins} >= {"base", "sector"}
        assert all(origin["version"]["part"] == "fr" for origin in origins)
        said = {answer["question"]: answer for origin in origins for answer in origin["answers"]}
        assert said["city"] == {"question": "city", "label": "City", "display": "Nîmes"}

    def test_blocks_with_figures_tell_the_versions_of_the_plan(self, desk: Desk, ask: Ask) -> None:
        content = ask(f"/strategies/{desk.written()}/content").json()
        blocks = {block["id"]: block["origin"] for section in content["sections"] for block in section["blocks"]}
        plans = [one for one in content["versions"] if one["part"] == "plan"]
        assert {one["layer"] for one in plans} == {"base", "sector"}
        assert blocks["channels.mix"]["figures"] == plans
        assert blocks["forecast.kpis"]["figures"] == plans
        assert blocks["positioning.why"]["figures"] == []

    def test_what_was_found_stands_at_its_block(self, desk: Desk, ask: Ask) -> None:
        content = ask(f"/strategies/{held(desk)}/content").json()
        first = content["sections"][0]["blocks"][0]
        assert "placeholder" in {finding["code"] for finding in first["findings"]}
        assert content["findings"]

    def test_the_team_opens_its_briefing(self, desk: Desk, ask: Ask) -> None:
        strategy_id = desk.made()
        answer = ask(f"/strategies/{strategy_id}/briefing")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert "no-store" in answer.headers["cache-control"]

    def test_there_is_no_briefing_before_there_is_a_pdf(self, desk: Desk, ask: Ask) -> None:
        assert ask(f"/strategies/{desk.written()}/briefing").status_code == 404

    def test_the_list_tells_edition_status_and_how_much_was_found(self, known: Desk, ask: Ask) -> None:
        held(known)
        (shown,) = ask(f"/leads/{known.lead_id}/strategies").json()["items"]
        facts: dict[str, Any] = {name: shown[name] for name in ("edition", "status", "model", "has_content")}
        assert facts == {"edition": 1, "status": "held", "model": None, "has_content": True}
        assert shown["findings"] >= 1
