from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from markezy.crm.model import Closed, Contact, CrmError, CrmRefused, Deal, DealNow, Note
from markezy.crm.vendors.hubspot.client import HubSpotClient
from markezy.kernel.errors import Invalid

CONTACT = Contact("zoe@bakery.example", "Zoé Martin", "Bakery", "+33612345678", None, "Lyon")
DEAL = Deal(UUID(int=1), "Bakery – Plan", Decimal("2000"))
NOTE = Note(UUID(int=2), "<p>The plan</p>")


@pytest.fixture
def client(sandbox_crm, token: str) -> HubSpotClient:
    return HubSpotClient(sandbox_crm.url, token, "corr-1", {sandbox_crm.host})


def sync(client: HubSpotClient) -> tuple[str, str, str]:
    client.prepare()
    contact_id = client.upsert_contact(CONTACT)
    deal_id = client.ensure_deal(DEAL, contact_id)
    return contact_id, deal_id, client.ensure_note(NOTE, contact_id, deal_id)


def test_contact_deal_and_note_arrive_and_belong_together(client: HubSpotClient, sandbox_crm, token: str) -> None:
    contact_id, deal_id, note_id = sync(client)
    records = sandbox_crm.portal(token).records
    assert records["contacts"][contact_id].properties["lastname"] == "Martin"
    assert "website" not in records["contacts"][contact_id].properties
    assert records["deals"][deal_id].properties["amount"] == "2000"
    assert records["deals"][deal_id].associations["contacts"] == [contact_id]
    assert records["notes"][note_id].associations == {"contacts": [contact_id], "deals": [deal_id]}
    assert "The plan" in records["notes"][note_id].properties["hs_note_body"]


def test_everything_again_creates_nothing_more(client: HubSpotClient, sandbox_crm, token: str) -> None:
    assert sync(client) == sync(client)
    assert {kind: len(found) for kind, found in sandbox_crm.portal(token).records.items()} == {
        "contacts": 1, "deals": 1, "notes": 1,
    }  # fmt: skip


@pytest.mark.parametrize("lost", [1, 2, 4, 6])
def test_an_answer_lost_on_the_way_does_not_double_the_record(
    client: HubSpotClient, sandbox_crm, token: str, lost: int
) -> None:
    passed = [{"status": None, "after": True}] * lost
    sandbox_crm.fail_next(*passed, {"status": 502, "after": True})
    with pytest.raises(CrmError):
        sync(client)
    sync(client)
    assert {kind: len(found) for kind, found in sandbox_crm.portal(token).records.items()} == {
        "contacts": 1, "deals": 1, "notes": 1,
    }  # fmt: skip


def test_a_known_contact_is_updated_and_keeps_what_the_agency_typed(
    client: HubSpotClient, sandbox_crm, token: str
) -> None:
    portal = sandbox_crm.portal(token)
    portal.create("contacts", {"email": "ZOE@bakery.example", "website": "https://typed.example"})
    contact_id = client.upsert_contact(CONTACT)
    found = portal.records["contacts"]
    assert list(found) == [contact_id]
    assert found[contact_id].properties["website"] == "https://typed.example"
    assert found[contact_id].properties["city"] == "Lyon"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_crm_is_worth_another_try(client: HubSpotClient, sandbox_crm, token: str, status: int) -> None:
    sandbox_crm.fail_next({"status": status})
    with pytest.raises(CrmError) as caught:
        client.upsert_contact(CONTACT)
    assert not isinstance(caught.value, CrmRefused)


def test_a_refused_contact_is_not_worth_another_try_and_the_reason_names_nobody(client: HubSpotClient) -> None:
    with pytest.raises(CrmRefused) as caught:
        client.upsert_contact(Contact("zoe-without-at", "Zoé"))
    assert "zoe" not in str(caught.value).lower()


def test_a_wrong_token_is_refused(sandbox_crm) -> None:
    client = HubSpotClient(sandbox_crm.url, "wrong", "corr-1", {sandbox_crm.host})
    with pytest.raises(CrmRefused, match="401"):
        client.prepare()


def test_an_unreachable_crm_is_worth_another_try(sandbox_crm) -> None:
    client = HubSpotClient("http://127.0.0.1:1", "pat-x", "corr-1", {"127.0.0.1:1"})
    with pytest.raises(CrmError):
        client.prepare()


def test_a_crm_that_does_not_answer_in_time_is_worth_another_try(sandbox_crm, token: str) -> None:
    sandbox_crm.fail_next({"status": 500, "hang": 2})
    client = HubSpotClient(sandbox_crm.url, token, "corr-1", {sandbox_crm.host}, timeout=(1, 0.1))
    with pytest.raises(CrmError, match="ReadTimeout"):
        client.read_deals(["1"])


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7), ("999999999", 86400), ("Fri, 01 Jan 2021 00:00:00 GMT", 0), ("soon", None)]
)
def test_how_long_the_crm_wants_us_to_wait_is_understood(
    client: HubSpotClient, sandbox_crm, said: str, seconds: float | None
) -> None:
    sandbox_crm.fail_next({"status": 429, "retry_after": said})
    with pytest.raises(CrmError) as caught:
        client.read_deals(["1"])
    assert caught.value.retry_after == seconds


def test_deals_are_read_with_what_became_of_them(client: HubSpotClient, sandbox_crm, token: str) -> None:
    _, deal_id, _ = sync(client)
    portal = sandbox_crm.portal(token)
    lost = portal.create("deals", {"dealname": "Other", "dealstage": "closedlost"})
    changes = {"dealstage": "closedwon", "amount": "12.5", "deal_currency_code": "USD", "closedate": "1767225600000"}
    portal.update(portal.records["deals"][deal_id], changes)
    won, other = client.read_deals([deal_id, "4711", lost.id])
    closed_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert won == DealNow(deal_id, Closed.WON, closed_at, Decimal("12.5"), "USD")
    assert (other.id, other.closed) == (lost.id, Closed.LOST)
    assert client.home_currency() == "EUR"


def test_a_private_address_is_never_called() -> None:
    with pytest.raises(Invalid):
        HubSpotClient("http://127.0.0.1:8100/hubspot", "pat-x", "corr-1")
