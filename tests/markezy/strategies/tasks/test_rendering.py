"""The PDFs are kept."""

from io import BytesIO

import pytest
from markezy.strategies import api, repository
from markezy.strategies.model import DocumentKind
from markezy.strategies.rendering import press
from markezy.strategies.rendering.pdf import TookTooLong
from pypdf import PdfReader

from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.tasks.asked import TITLE


class TestRender:
    def test_the_pdf_is_kept_and_everybody_is_told(self, desk: Desk) -> None:
        strategy_id = desk.made()
        with desk.database.transaction(desk.tenant_id) as connection:
            text = PdfReader(BytesIO(api.pdf(connection, desk.tenant_id, strategy_id))).pages[0].extract_text()
        assert TITLE in " ".join(text.split())
        assert "Zoë Martín" in text
        assert (desk.strategy.status, desk.strategy.has_pdf) == ("rendered", True)
        assert {"crm.sync", "strategies.announce", "strategies.email"} <= set(desk.open_tasks())

    def test_a_second_run_changes_nothing(self, desk: Desk) -> None:
        strategy_id = desk.made()
        before = desk.snapshot()
        desk.run("strategies.render", strategy_id=str(strategy_id))
        assert desk.snapshot() == before

    def test_the_team_gets_a_briefing_of_its_own(self, desk: Desk) -> None:
        strategy_id = desk.made()
        with desk.database.transaction(desk.tenant_id) as connection:
            body = repository.find_document(connection, desk.tenant_id, strategy_id, DocumentKind.BRIEFING)
        assert body is not None
        assert "Zoë Martín" in " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)

    def test_what_a_busy_machine_did_not_render_in_time_is_tried_again(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        strategy_id = desk.checked()
        with monkeypatch.context() as hurried:
            hurried.setattr(press, "_SECONDS", 0)
            with pytest.raises(TookTooLong):
                desk.run("strategies.render", strategy_id=str(strategy_id))
        assert "strategy.failed" not in desk.events()
        desk.run("strategies.render", strategy_id=str(strategy_id))
        assert desk.strategy.has_pdf

    def test_what_was_not_checked_is_not_rendered(self, desk: Desk) -> None:
        desk.run("strategies.render", strategy_id=str(desk.written()))
        assert not desk.strategy.has_pdf
