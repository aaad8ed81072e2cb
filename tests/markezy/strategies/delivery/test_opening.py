"""What counts as opened and as downloaded, and what does not."""

import json
from collections.abc import Mapping

import pytest
from markezy.consents import api as consents
from markezy.kernel.events import read_stream
from markezy.strategies.delivery.opening import is_a_persons

from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.delivery.conftest import BROWSER, Open

TITLE = "Plus de commandes pour Chez Zoë"
OLDER = {name: value for name, value in BROWSER.items() if not name.startswith("Sec-")}


def _judged(method: str, headers: Mapping[str, str]) -> bool:
    return is_a_persons(method, {name.lower(): value for name, value in headers.items()})


def _became(desk: Desk) -> list[tuple[str, str]]:
    return [(one.kind, one.source) for one in desk.strategy.outcomes]


@pytest.mark.parametrize(
    "program",
    [
        "WhatsApp/2.23.20.0 A",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 Safari/601.2.4 facebookexternalhit/1.1 Twitterbot/1.0",
        "curl/8.5.0",
        "",
    ],
)
def test_programs_that_say_what_they_are_open_nothing(program: str) -> None:
    assert not _judged("GET", {**BROWSER, "User-Agent": program})


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"X-Purpose": "preview"},
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Dest": "iframe"},
    ],
)
def test_what_a_browser_fetches_by_itself_opens_nothing(headers: dict[str, str]) -> None:
    assert not _judged("GET", {**BROWSER, **headers})


def test_a_browser_that_says_nothing_of_its_purpose_is_judged_by_what_it_wants() -> None:
    assert _judged("GET", OLDER)
    assert not _judged("GET", {**OLDER, "Accept": "*/*"})
    assert not _judged("HEAD", OLDER)


def test_a_telephone_is_not_taken_for_a_program() -> None:
    phone = "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
    assert _judged("GET", {**BROWSER, "User-Agent": phone})


def test_the_first_time_counts_and_no_other(desk: Desk, link: str, open_link: Open) -> None:
    open_link(link)
    (first,) = desk.strategy.outcomes
    open_link(link)
    open_link(link, "/pdf")
    assert _became(desk) == [("opened", "lead"), ("downloaded", "lead")]
    assert desk.strategy.outcomes[0] == first
    assert desk.events().count("strategy.outcome_recorded") == 2


def test_asking_previews_and_prefetches_leave_nothing(desk: Desk, link: str, open_link: Open) -> None:
    open_link(link, method="HEAD")
    open_link(link, "/pdf", method="HEAD")
    assert TITLE in open_link(link, User_Agent="WhatsApp/2.23", Accept="*/*").text
    assert open_link(link, Sec_Purpose="prefetch").status_code == 200
    assert _became(desk) == []


def test_nothing_is_kept_but_what_and_when(desk: Desk, link: str, open_link: Open) -> None:
    open_link(link, User_Agent=BROWSER["User-Agent"] + " Unmistakable/7")
    with desk.database.transaction(desk.tenant_id) as connection:
        happened = read_stream(connection, desk.tenant_id, desk.lead_id)[-1]
    assert set(happened.data) == {"strategy_id", "outcome", "source", "at"}
    assert happened.actor == "visitor"
    kept = json.dumps([list(map(str, row)) for row in desk.rows("SELECT * FROM event, strategy_outcome")])
    assert "Unmistakable" not in kept
    assert "127.0.0.1" not in kept


def test_after_a_withdrawal_the_link_opens_and_nothing_is_kept(desk: Desk, link: str, open_link: Open) -> None:
    with desk.database.transaction(desk.tenant_id) as connection:
        consents.withdraw(
            connection,
            desk.tenant_id,
            desk.lead_id,
            desk.conversation_id,
            consents.STRATEGY,
            "staff:x",
            "correlation-1",
        )
    assert TITLE in open_link(link).text
    assert open_link(link, "/pdf").content.startswith(b"%PDF")
    assert _became(desk) == []
