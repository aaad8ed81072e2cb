"""What became of our deals comes back from the CRM by itself: once, to the right strategy, whatever goes wrong on the way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.crm import api, looking_back
from markezy.crm.telling import Teller
from markezy.crm.vendors.hubspot.client import HubSpotClient
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.ids import new_id
from markezy.strategies import api as strategies
from sqlalchemy import Connection, text

from tests.markezy.console.rows import add_strategy
from tests.markezy.crm.conftest import Case
from tests.markezy.leads.conversations import staff_token

WON = ("won", "crm", "5000.00 EUR")


@pytest.fixture
def case(case: Case) -> Case:
    case.sync()
    return case


def test_a_deal_that_was_won_is_told_with_amount_currency_and_close_date(case: Case) -> None:
    closed_at = now() - timedelta(hours=3)
    case.move("closedwon", amount="5000", deal_currency_code="USD", closedate=closed_at.isoformat())
    case.look()
    assert case.outcomes() == [("won", "crm", "5000.00 USD")]
    (told,) = case.told()
    assert datetime.fromisoformat(told.data["at"]) == closed_at
    assert told.actor == f"crm:{case.connection_id}"


def test_an_amount_without_a_currency_is_in_the_accounts_own(case: Case) -> None:
    case.move("closedwon", amount="5000")
    case.look()
    assert case.outcomes() == [WON]


def test_an_account_that_does_not_tell_its_currency_tells_that_it_was_won(case: Case) -> None:
    case.move("closedwon", amount="5000")
    case.crm.fail_next({"status": None, "after": True}, {"status": 403})
    case.look()
    assert case.outcomes() == [("won", "crm", None)]
    case.look()
    assert case.outcomes() == [WON]


@pytest.mark.parametrize("amount", ["-5", "1e30", "1e999999999", "much", ""])
def test_an_amount_that_can_not_be_one_does_not_hide_that_it_was_won(case: Case, amount: str) -> None:
    case.move("closedwon", amount=amount)
    case.look()
    assert case.outcomes() == [("won", "crm", None)]


@pytest.mark.parametrize(
    "odd",
    [
        {"closedate": "0001-01-01T00:00:00+14:00"},
        {"closedate": "9999-12-31T23:59:59-14:00"},
        {"closedate": 10**30},
        {"closedate": ["x"], "amount": {}},
        {"amount": "5", "deal_currency_code": 7},
        {"amount": "5", "deal_currency_code": "euros"},
        {"engagements_last_meeting_booked": "tomorrow", "hs_merged_object_ids": None},
    ],
    ids=str,
)
def test_a_value_that_makes_no_sense_hides_nothing_else(case: Case, odd: dict[str, Any]) -> None:
    properties = {"hs_is_closed_won": "true", "hs_is_closed": "true"} | odd
    case.crm.fail_next({"body": _answer({"id": case.deal.id, "properties": properties})})
    case.look()
    assert (case.outcomes()[0][:2], len(case.outcomes()), case.health().last_error) == (("won", "crm"), 1, None)


def test_a_deal_that_was_lost_is_told_without_an_amount(case: Case) -> None:
    case.move("closedlost", amount="5000")
    case.look()
    assert case.outcomes() == [("lost", "crm", None)]


def test_a_deal_that_is_open_tells_nothing(case: Case) -> None:
    case.look()
    assert case.outcomes() == []
    assert case.health().deals == 1


def test_a_meeting_booked_after_the_deal_was_made_is_told_once(case: Case) -> None:
    case.move(engagements_last_meeting_booked=(now() + timedelta(days=2)).isoformat())
    case.look()
    case.move(engagements_last_meeting_booked=(now() + timedelta(days=9)).isoformat())
    case.look()
    assert case.outcomes() == [("meeting_booked", "crm", None)]
    assert len(case.told()) == 1
    assert datetime.fromisoformat(case.told()[0].data["at"]) <= now()


def test_a_meeting_from_before_the_deal_is_none_of_ours(case: Case) -> None:
    case.move(engagements_last_meeting_booked=(now() - timedelta(days=2)).isoformat())
    case.look()
    assert case.outcomes() == []


def test_the_same_again_changes_nothing(case: Case) -> None:
    case.move("closedwon", amount="5000")
    for _ in range(3):
        case.look()
    assert case.outcomes() == [WON]
    assert len(case.told()) == 1
    assert case.health().outcomes == 0


def test_a_corrected_amount_follows_and_keeps_its_first_time(case: Case) -> None:
    case.move("closedwon", amount="5000")
    case.look()
    case.move(amount="4500", closedate=now().isoformat())
    case.look()
    assert case.outcomes() == [("won", "crm", "4500.00 EUR")]
    first, second = case.told()
    assert first.data["at"] == second.data["at"]


def test_a_deal_won_after_all_is_no_longer_lost(case: Case) -> None:
    case.move("closedlost")
    case.look()
    case.move("appointmentscheduled")
    case.look()
    assert case.outcomes() == [("lost", "crm", None)]
    case.move("closedwon", amount="5000")
    case.look()
    assert case.outcomes() == [WON]


def test_what_staff_said_after_the_crm_stands_until_the_crm_says_something_new(case: Case) -> None:
    case.move("closedwon", amount="5000")
    case.look()
    _staff_say(case, "lost")
    case.look()
    assert case.outcomes() == [("lost", "staff", None)]
    case.move("appointmentscheduled")
    case.look()
    case.move("closedwon", amount="5000")
    case.look()
    assert case.outcomes() == [WON]


def test_the_same_told_by_staff_and_crm_is_one(case: Case) -> None:
    _staff_say(case, "won", amount=Decimal(5000), currency="EUR")
    case.move("closedwon", amount="5000")
    case.look()
    assert case.outcomes() == [("won", "staff", "5000.00 EUR")]
    assert len(case.told()) == 1


def test_an_outcome_belongs_to_the_newest_edition_when_it_was_first_told_and_stays_there(case: Case) -> None:
    second = _another_edition(case)
    case.move("closedwon", amount="5000")
    case.look()
    _another_edition(case)
    case.move(amount="6000")
    case.look()
    assert case.outcomes() == []
    assert case.outcomes(second) == [("won", "crm", "6000.00 EUR")]


def test_amounts_are_sealed_in_the_log(case: Case) -> None:
    case.move("closedwon", amount="123456")
    case.look()
    stored = case.rows("SELECT data::text FROM event WHERE type = 'strategy.outcome_recorded'")
    assert len(stored) == 1
    assert "123456" not in stored[0][0]
    assert "123456" not in str(case.rows("SELECT crm_look_back::text, crm_sync::text FROM crm_look_back, crm_sync"))


def test_deals_that_are_not_ours_are_neither_asked_for_nor_believed(case: Case) -> None:
    foreign = case.portal.create("deals", {"dealname": "Somebody else's", "dealstage": "closedwon", "amount": "9"})
    case.look()
    assert case.health().deals == 1
    answer = _answer({"id": foreign.id, "properties": {"hs_is_closed_won": "true", "hs_is_closed": "true"}})
    case.crm.fail_next({"body": answer})
    case.look()
    assert (case.health().deals, case.health().missing, case.told()) == (1, 1, [])


def test_another_agencys_crm_that_knows_our_deals_id_tells_us_nothing(case: Case, make_tenant: Any) -> None:
    other = make_tenant()
    with case.database.transaction(other) as connection:
        connection_id = api.add_connection(
            connection, other, "hubspot", "HubSpot", case.crm.url, case.token, frozenset({case.crm.host})
        )
    case.move("closedwon", amount="5000")
    teller = Teller(lambda: case.database.transaction(other), other, connection_id, "c")
    assert looking_back.look(teller, _client(case)) == looking_back.Look()
    # In the other agency's name with our connection's id there is nothing to look at.
    replace(case, tenant_id=other).look()
    assert replace(case, tenant_id=other).rows("SELECT 1 FROM crm_look_back WHERE looked_at IS NOT NULL") == []
    assert case.told() == []


def test_a_deal_that_was_deleted_is_counted_and_changes_nothing(case: Case) -> None:
    case.move("closedwon", amount="5000")
    case.look()
    case.portal.remove("deals", case.deal.id)
    case.look()
    assert case.outcomes() == [WON]
    assert (case.health().deals, case.health().missing, case.health().last_error) == (1, 1, None)


def test_a_deal_that_was_merged_is_followed(case: Case) -> None:
    ours, foreign = case.deal, case.portal.create("deals", {"dealname": "The same firm"})
    merged = case.portal.merge([foreign, ours])
    case.portal.update(merged, {"dealstage": "closedwon", "amount": "5000"})
    case.look()
    assert case.outcomes() == [WON]


def test_of_our_deals_merged_into_one_a_single_one_tells_what_it_earned(case: Case) -> None:
    ours = case.deal
    second = _another_edition(case)
    twin = case.portal.create("deals", {"dealname": "The same lead"})
    case.rows(f"UPDATE crm_sync SET deal_id = '{twin.id}' WHERE strategy_id = '{second}' RETURNING 1")
    merged = case.portal.merge([ours, twin])
    case.portal.update(merged, {"dealstage": "closedwon", "amount": "5000"})
    case.look()
    assert case.outcomes() + case.outcomes(second) == [WON]


def test_many_deals_are_read_in_pages_from_where_the_last_look_stopped(case: Case) -> None:
    _many_deals(case, 2050)
    case.move("closedwon", amount="5000")
    last = max(row[0] for row in case.rows("SELECT deal_id FROM crm_sync"))
    case.rows(f"UPDATE crm_sync SET deal_id = '{last}9' WHERE deal_id = '{case.deal.id}' RETURNING 1")
    case.portal.records["deals"][f"{last}9"] = case.portal.records["deals"].pop(case.deal.id)
    case.deal.id = f"{last}9"
    case.look()
    assert (case.health().deals, case.outcomes()) == (1000, [])
    case.look()
    assert (case.health().deals, case.outcomes()) == (1000, [])
    case.look()
    assert (case.health().deals, case.outcomes()) == (51, [WON])
    case.look()
    assert case.health().deals == 1000


def test_a_look_that_is_killed_anywhere_loses_nothing_and_tells_nothing_twice(case: Case) -> None:
    case.move("closedwon", amount="5000", engagements_last_meeting_booked=(now() + timedelta(days=1)).isoformat())
    for survived in range(20):
        teller = Teller(_dying(case, survived), case.tenant_id, case.connection_id, "c")
        try:
            looking_back.look(teller, _client(case))
        except _Killed:
            continue
        break
    else:
        pytest.fail("the look never ended")
    assert survived > 4
    assert sorted(one.data["outcome"] for one in case.told()) == ["meeting_booked", "won"]
    assert sorted(one[0] for one in case.outcomes()) == ["meeting_booked", "won"]


def test_a_look_that_is_overtaken_does_not_bring_back_what_is_over(case: Case) -> None:
    case.move("closedwon", amount="5000")
    teller = Teller(lambda: case.database.transaction(case.tenant_id), case.tenant_id, case.connection_id, "c")
    _, known = teller.next_deals("")
    (before,) = _client(case).read_deals(list(known))
    case.move("closedlost")
    case.look()
    assert teller.tell(before, known[before.id]) == 0
    assert case.outcomes() == [("lost", "crm", None)]


@pytest.mark.parametrize(
    ("fault", "reason", "refused"),
    [
        ({"status": 429, "retry_after": "1"}, "HubSpot answered 429.", False),
        ({"status": 500}, "HubSpot answered 500 SERVER_ERROR.", False),
        ({"status": 401}, "HubSpot answered 401 EXPIRED_AUTHENTICATION.", True),
        ({"status": 403}, "HubSpot answered 403 SERVER_ERROR.", True),
        ({"body": "<html>"}, "HubSpot's answer is not JSON.", False),
        ({"body": "[]"}, "HubSpot's answer has an unexpected form.", False),
        ({"body": "[" * 100_000}, "HubSpot's answer is not JSON.", False),
        ({"body": '{"results": ' + "9" * 5000 + "}"}, "HubSpot's answer is not JSON.", False),
        ({"body": "{}"}, "HubSpot's answer has an unexpected form.", False),
        ({"body": '{"results": [7]}'}, "HubSpot's answer has an unexpected form.", False),
        ({"body": '{"results": [{"id": "1", "properties": null}]}'}, "HubSpot's answer has an unexpected form.", False),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_crm_in_trouble_is_named_left_alone_for_a_while_and_told_of_afterwards(
    case: Case, fault: dict[str, Any], reason: str, refused: bool
) -> None:
    case.move("closedwon", amount="5000")
    case.crm.fail_next(fault)
    case.look()
    assert (case.health().last_error, case.health().refused, case.told()) == (reason, refused, [])
    assert _due(case) > now() + timedelta(seconds=30)
    assert case.rows("SELECT count(*) FROM outbox WHERE task = 'crm.look_back' AND completed_at IS NULL") == [(0,)]
    case.look()
    assert (case.health().last_error, case.health().refused, case.outcomes()) == (None, False, [WON])


def test_a_crm_is_left_alone_for_as_long_as_it_wants(case: Case) -> None:
    case.crm.fail_next({"status": 429, "retry_after": "7200"})
    case.look()
    assert timedelta(minutes=119) < _due(case) - now() <= timedelta(hours=2)


def test_each_failure_in_a_row_is_followed_by_a_longer_rest(case: Case) -> None:
    rests = []
    for _ in range(3):
        case.crm.fail_next({"status": 503})
        case.look()
        rests.append(_due(case) - now())
    assert rests == sorted(rests)
    assert rests[2] > 3 * rests[0]


def test_a_lead_who_was_forgotten_is_not_asked_for(case: Case) -> None:
    case.move("closedwon", amount="5000")
    with case.database.transaction(case.tenant_id) as connection:
        personal.destroy(connection, case.tenant_id, case.lead_id)
    case.crm.fail_next({"status": 500})
    case.look()
    assert (case.health().last_error, case.health().deals, case.told()) == (None, 0, [])
    case.crm.app.ctx.crm_faults.clear()


def test_a_lead_who_is_forgotten_while_the_crm_answers_has_no_outcome(case: Case) -> None:
    case.move("closedwon", amount="5000", engagements_last_meeting_booked=(now() + timedelta(days=1)).isoformat())
    teller = Teller(lambda: case.database.transaction(case.tenant_id), case.tenant_id, case.connection_id, "c")
    _, known = teller.next_deals("")
    (answered,) = _client(case).read_deals(list(known))
    case.ask()
    case.erase()
    assert teller.tell(answered, known[answered.id]) == 0
    assert case.told() == []
    assert case.rows("SELECT count(*) FROM strategy_outcome") == [(0,)]


def test_connections_that_are_due_are_asked_once_and_those_that_are_off_never(case: Case) -> None:
    waiting = "SELECT count(*) FROM outbox WHERE task = 'crm.look_back' AND completed_at IS NULL"
    api.begin_looking_back(case.database, now())
    api.begin_looking_back(case.database, now())
    assert case.rows(waiting) == [(1,)]
    case.rows("UPDATE outbox SET completed_at = now() RETURNING 1")
    case.look()
    api.begin_looking_back(case.database, now())
    assert case.rows(waiting) == [(0,)]
    api.begin_looking_back(case.database, now() + timedelta(hours=1))
    assert case.rows(waiting) == [(1,)]
    case.rows("UPDATE outbox SET completed_at = now() RETURNING 1")
    case.rows("UPDATE crm_connection SET active = false RETURNING 1")
    api.begin_looking_back(case.database, now() + timedelta(hours=1))
    assert case.rows(waiting) == [(0,)]


def test_staff_may_have_a_crm_asked_now(case: Case) -> None:
    with case.database.transaction(case.tenant_id) as connection:
        api.look_back(connection, case.tenant_id, case.connection_id, "c")
        api.look_back(connection, case.tenant_id, case.connection_id, "c")
        with pytest.raises(NotFound):
            api.look_back(connection, case.tenant_id, new_id(), "c")
    assert case.rows("SELECT count(*) FROM outbox WHERE task = 'crm.look_back'") == [(1,)]
    case.rows("UPDATE crm_connection SET active = false RETURNING 1")
    with case.database.transaction(case.tenant_id) as connection, pytest.raises(Conflict):
        api.look_back(connection, case.tenant_id, case.connection_id, "c")


def test_the_connections_tell_how_looking_back_goes(case: Case, web_url: str) -> None:
    (unseen,) = _connections(case, web_url)
    assert unseen["look_back"] is None
    case.move("closedwon", amount="5000")
    case.look()
    case.crm.fail_next({"status": 401})
    case.look()
    (seen,) = _connections(case, web_url)
    told = seen["look_back"]
    assert (told["deals"], told["missing"], told["outcomes"], told["refused"]) == (1, 0, 1, True)
    assert told["last_error"] == "HubSpot answered 401 EXPIRED_AUTHENTICATION."
    assert told["looked_at"] < told["failed_at"]


def test_a_connection_is_asked_now_over_http(case: Case, web_url: str, make_tenant: Any) -> None:
    def ask(tenant_id: UUID, role: str = "admin") -> int:
        headers = {"Authorization": f"Bearer {staff_token(case.settings, tenant_id, role)}"}
        url = f"{web_url}/api/v1/crm/connections/{case.connection_id}/look-back"
        return requests.post(url, headers=headers, timeout=20).status_code

    asked = [ask(case.tenant_id), ask(case.tenant_id, "agent"), ask(make_tenant())]
    assert asked == [202, 403, 404]
    assert case.rows("SELECT count(*) FROM outbox WHERE task = 'crm.look_back'") == [(1,)]


@pytest.mark.parametrize(
    ("to", "outcomes"),
    [
        ("won", [("won", "crm", "4321.00 EUR")]),
        ("lost", [("lost", "crm", None)]),
        ("meeting", [("meeting_booked", "crm", None)]),
        ("open", []),
    ],
)
def test_a_person_moves_a_deal_on_the_sandboxs_page(case: Case, to: str, outcomes: Any) -> None:
    case.portal.update(case.deal, {"amount": ""})
    account = f"{case.crm.url.removesuffix('/hubspot')}/crm/{case.token}/deals/{case.deal.id}"
    moved = requests.post(account, data={"to": to, "amount": "4321"}, headers={"Accept": "text/html"}, timeout=20)
    assert (moved.status_code, f'action="/crm/{case.token}/deals/{case.deal.id}"' in moved.text) == (200, True)
    assert requests.post(account, data={"to": "nowhere"}, timeout=20).status_code == 404
    case.look()
    assert case.outcomes() == outcomes


def _connections(case: Case, web_url: str) -> Any:
    headers = {"Authorization": f"Bearer {staff_token(case.settings, case.tenant_id, 'agent')}"}
    return requests.get(f"{web_url}/api/v1/crm/connections", headers=headers, timeout=20).json()["items"]


def _staff_say(case: Case, kind: str, **paid: Any) -> None:
    with case.database.transaction(case.tenant_id) as connection:
        strategies.record_outcome(
            connection, case.tenant_id, case.strategy_id, strategies.OutcomeKind(kind), strategies.OutcomeSource.STAFF, "c",
            actor="staff:x", **paid,
        )  # fmt: skip


def _another_edition(case: Case) -> UUID:
    """Another strategy of the lead's, brought to the same deal."""
    with case.database.transaction(case.tenant_id) as connection:
        connection.execute(
            text("UPDATE strategy SET edition = (SELECT max(edition) + 1 FROM strategy) WHERE edition = 1")
        )
        strategy_id = add_strategy(connection, case.tenant_id, case.lead_id, "Plan")
        _add_deal(connection, case, case.deal.id, strategy_id)
    return strategy_id


def _many_deals(case: Case, count: int) -> None:
    """Deals of ours that the CRM no longer has, before the one it has."""
    with case.database.transaction(case.tenant_id) as connection:
        for number in range(count):
            _add_deal(connection, case, f"0{number:05}", new_id())


def _add_deal(connection: Connection, case: Case, deal_id: str, strategy_id: UUID) -> None:
    connection.execute(
        text(
            "INSERT INTO crm_sync (tenant_id, id, connection_id, lead_id, strategy_id, status, deal_id)"
            " VALUES (:tenant, :id, :connection, :lead, :strategy, 'synced', :deal)"
        ),
        {
            "tenant": case.tenant_id, "id": new_id(), "connection": case.connection_id, "lead": case.lead_id,
            "strategy": strategy_id, "deal": deal_id,
        },
    )  # fmt: skip


def _due(case: Case) -> datetime:
    ((found,),) = case.rows("SELECT due_at FROM crm_look_back")
    due: datetime = found.astimezone(UTC)
    return due


def _client(case: Case) -> HubSpotClient:
    return HubSpotClient(case.crm.url, case.token, "c", {case.crm.host})


def _answer(*results: dict[str, Any]) -> str:
    return json.dumps({"status": "COMPLETE", "results": results})


class _Killed(BaseException):
    """The process is gone."""


def _dying(case: Case, survived: int) -> Any:
    """Transactions of a process that is killed before it commits the one after so many."""
    begun = iter(range(survived + 1))

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with case.database.transaction(case.tenant_id) as connection:
            yield connection
            if next(begun, None) == survived:
                raise _Killed

    return transaction
