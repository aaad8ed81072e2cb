"""The lead's own link: what it shows, to whom, and for how long."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from markezy.kernel.settings import Settings
from markezy.kernel.tokens import sign

from tests.markezy.leads.conversations import staff_token
from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.delivery.conftest import Open, token_of

TITLE = "Plus de commandes pour Chez Zoë"


def test_it_shows_the_strategy_as_a_page_with_a_way_to_the_pdf(desk: Desk, link: str, open_link: Open) -> None:
    answer = open_link(link)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert TITLE in answer.text
    assert f"{desk.settings.platform_url}/documents/{link}/pdf" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text


def test_the_pdf_behind_it_is_a_file_to_keep(link: str, open_link: Open) -> None:
    answer = open_link(link, "/pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Plus%20de%20commandes")


def test_nothing_of_it_is_kept_on_the_way(link: str, open_link: Open) -> None:
    for rest in ("", "/pdf"):
        answer = open_link(link, rest)
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "no-store" in answer.headers["cache-control"]
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_program_may_ask_whether_it_is_there(link: str, open_link: Open) -> None:
    answer = open_link(link, method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert open_link("x", method="HEAD").status_code == 404


def test_a_strategy_from_before_there_were_pages_opens_as_pdf(desk: Desk, link: str, open_link: Open) -> None:
    desk.rows("UPDATE strategy SET document = NULL, inputs = NULL RETURNING 1")
    answer = open_link(link)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("inline")


@pytest.mark.parametrize("status", ["generated", "checked", "held", "set_aside"])
def test_what_did_not_go_out_is_not_shown(desk: Desk, link: str, open_link: Open, status: str) -> None:
    desk.rows(f"UPDATE strategy SET status = '{status}' RETURNING 1")
    for rest in ("", "/pdf"):
        answer = open_link(link, rest)
        assert answer.status_code == 404
        assert TITLE not in answer.text


def test_it_ends_after_thirty_days(desk: Desk, link: str, open_link: Open) -> None:
    claims = jwt.decode(link, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 30 * 24 * 3600
    ids = {"tid": claims["tid"], "sid": claims["sid"]}
    assert open_link(sign(desk.settings.staff_secret, "document", timedelta(seconds=-1), **ids)).status_code == 404


def test_one_that_was_tampered_with_explains_itself_in_the_readers_language(link: str, open_link: Open) -> None:
    answer = open_link(link[:-4] + "AAAA")
    assert answer.status_code == 404
    assert "Ce lien ne fonctionne plus" in answer.text
    assert '<html lang="fr">' in answer.text
    assert '<html lang="en">' in open_link("x", Accept_Language="xx").text


def test_other_tokens_and_other_tenants_open_nothing(
    desk: Desk, open_link: Open, settings: Settings, make_tenant: Any
) -> None:
    strategy_id = desk.made()
    assert open_link(staff_token(settings, desk.tenant_id)).status_code == 404
    assert open_link(token_of(settings, make_tenant(), strategy_id)).status_code == 404
    for ids in ({"tid": "x", "sid": str(strategy_id)}, {"tid": str(desk.tenant_id), "sid": 7}, {}):
        assert open_link(sign(settings.staff_secret, "document", timedelta(days=1), **ids)).status_code == 404
