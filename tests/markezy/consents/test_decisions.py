"""What may be done, and what proves it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from markezy.consents import api
from markezy.flows import api as flows
from markezy.kernel.settings import Settings

from tests.markezy.consents.conftest import World
from tests.markezy.flows.conftest import small_flow
from tests.markezy.leads.conversations import staff_token


def test_nothing_may_be_done_before_the_lead_has_answered(world: World) -> None:
    assert not world.may()


def test_the_last_word_counts(world: World) -> None:
    for given in (True, False, True):
        world.decide(given)
        assert world.may() is given


def test_a_withdrawal_counts_until_consent_is_given_again(world: World) -> None:
    world.decide(True)
    world.withdraw()
    assert not world.may()
    world.decide(True)
    assert world.may()


def test_one_purpose_says_nothing_about_another(world: World) -> None:
    world.begin(world.publish("News?", purpose="newsletter"))
    world.decide(False, purpose="newsletter")
    assert world.may(api.CONTACT)
    assert not world.may("newsletter")


def test_what_a_flow_does_not_ask_is_not_based_on_consent_but_can_be_refused(world: World) -> None:
    with world.database.transaction(world.tenant_id) as connection:
        plain = flows.publish(connection, world.tenant_id, "plain", "Plain", small_flow())
    world.begin(plain)
    assert world.may()
    world.withdraw()
    assert not world.may()


def test_a_receipt_has_the_very_words_and_what_proves_them(world: World) -> None:
    world.decide(True)
    world.publish("May we call?")
    (receipt,) = world.receipts()
    assert (receipt.decision, receipt.purpose, receipt.version, receipt.locale) == ("given", "contact", 1, "fr")
    assert receipt.text == "May we write to you? (fr)"
    assert (receipt.channel, receipt.actor, receipt.stream_id) == ("widget", "visitor", world.lead.id)
    assert receipt.hash is not None
    assert len(receipt.hash) == 32


def test_words_that_replaced_the_flows_own_are_the_ones_on_the_receipt(world: World) -> None:
    world.publish("May we call?")
    world.decide(True, version=2)
    (receipt,) = world.receipts()
    assert (receipt.version, receipt.text) == (2, "May we call? (fr)")


class TestOverHttp:
    @pytest.fixture
    def ask(self, web_url: str, settings: Settings, world: World) -> Any:
        def send(
            method: str, path: str, body: Any = None, role: str = "agent", tenant: UUID | None = None
        ) -> requests.Response:
            token = staff_token(settings, tenant or world.tenant_id, role)
            url = f"{web_url}/api/v1/{path.format(lead=world.lead.lead_id)}"
            return requests.request(method, url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=20)

        return send

    def test_staff_take_a_consent_back_and_see_who_did(self, ask: Any, world: World) -> None:
        world.decide(True)
        for _ in range(2):
            answer = ask("POST", "leads/{lead}/consents/withdraw", {"purpose": "contact"})
            assert (answer.status_code, answer.json()["decision"]) == (200, "withdrawn")
        assert not world.may()
        world.receipts()
        shown = ask("GET", "leads/{lead}/consents").json()["items"]
        assert [one["decision"] for one in shown] == ["withdrawn", "given"]
        assert shown[0]["actor"].startswith("staff:")

    def test_all_decisions_come_in_pages(self, ask: Any, world: World) -> None:
        for given in (True, False, True):
            world.decide(given)
        world.receipts()
        first = ask("GET", "consents?limit=2").json()
        rest = ask("GET", f"consents?limit=2&cursor={first['next_cursor']}").json()
        assert [one["decision"] for one in first["items"] + rest["items"]] == ["given", "refused", "given"]
        assert rest["next_cursor"] is None
        assert ask("GET", "consents/texts").json()["items"][0]["texts"]["en"] == "May we write to you?"

    @pytest.mark.parametrize("path", ["consents?limit=0", "consents?limit=x", "consents?cursor=x"])
    def test_a_wish_that_is_none_is_refused(self, ask: Any, path: str) -> None:
        assert ask("GET", path).status_code in (400, 422)

    def test_only_who_works_with_leads_takes_consents_back(self, ask: Any) -> None:
        body = {"purpose": "contact"}
        assert ask("POST", "leads/{lead}/consents/withdraw", body, role="analyst").status_code == 403
        assert ask("POST", "leads/{lead}/consents/withdraw", {"purpose": "../x"}).status_code == 422

    def test_another_agencys_lead_is_none(self, ask: Any, make_tenant: Any) -> None:
        other = make_tenant()
        assert ask("GET", "leads/{lead}/consents", tenant=other).status_code == 404
        assert ask("POST", "leads/{lead}/consents/withdraw", {"purpose": "contact"}, tenant=other).status_code == 404
        assert ask("GET", f"leads/{uuid4()}/consents").status_code == 404


def test_a_withdrawal_in_the_chat_counts_like_any_other(world: World) -> None:
    world.decide(True)
    data = {"purpose": "contact", "locale": "fr", "channel": "widget", "lead_id": str(world.lead.lead_id)}
    world.lead.add("qualification.consent_withdrawn", data, "visitor")
    assert not world.may()
    assert [(one.decision, one.channel, one.actor) for one in world.receipts()] == [
        ("withdrawn", "widget", "visitor"), ("given", "widget", "visitor"),
    ]  # fmt: skip
