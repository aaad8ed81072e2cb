"""A turn that can't be carried out fails as a whole, and can be tried again."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from actions import platform_client
from tests.actions.conversation import TENANT, Conversation, names
from tests.actions.platform_stand_in import Platform


def almost_done(lead: Conversation) -> None:
    lead.tap("/start")
    lead.say("sales")
    lead.say("maya@shop.example")


def test_a_flow_version_is_fetched_once_for_all_conversations(server: str, platform: Platform) -> None:
    leads = [Conversation(server) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda lead: lead.tap("/start"), leads))
    leads[0].say("sales")
    assert len(platform.requests) == 1


def test_tenants_share_no_flow(lead: Conversation, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    lead.tap("/start")
    monkeypatch.setattr("tests.actions.conversation.TENANT", TENANT.replace("1", "9"))
    Conversation(lead.url).tap("/start")
    assert len({request["claims"]["tid"] for request in platform.requests}) == 2


@pytest.mark.parametrize("failures", [[503], [0], [500, 429], [0, 503]])
def test_a_passing_failure_of_the_platform_is_not_noticed(
    lead: Conversation, platform: Platform, failures: list[int]
) -> None:
    almost_done(lead)
    platform.failures.extend(failures)
    assert names(lead.tap("/confirm"))[-1] == "completed"
    told = platform.calls("/qualified")
    assert len(told) == len(failures) + 1
    assert len({request["key"] for request in told}) == 1


def test_a_lasting_failure_fails_the_turn_within_rasas_patience_and_a_redrive_succeeds(
    lead: Conversation, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    almost_done(lead)
    monkeypatch.setattr(platform_client, "WITHIN", 0.6)
    before = dict(lead.slots)
    platform.failures.extend([503] * 50)
    response = lead.post("action_confirm", "confirm", "/confirm", {})
    assert response.status_code == 503
    assert response.elapsed.total_seconds() < 3
    assert "events" not in response.json()
    assert "maya" not in response.text
    platform.failures.clear()
    assert lead.slots == before
    assert names(lead.tap("/confirm"))[-1] == "completed"
    assert len({request["key"] for request in platform.calls("/qualified")}) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_a_refusal_is_not_repeated(lead: Conversation, platform: Platform, status: int) -> None:
    almost_done(lead)
    platform.failures.append(status)
    assert lead.post("action_confirm", "confirm", "/confirm", {}).status_code == 503
    assert len(platform.calls("/qualified")) == 1


def test_an_unknown_flow_version_fails_the_turn_and_is_not_remembered(lead: Conversation, platform: Platform) -> None:
    kept = dict(platform.definitions)
    platform.definitions.clear()
    assert lead.post("action_start", "start", "/start", {}).status_code == 503
    platform.definitions.update(kept)
    assert names(lead.tap("/start")) == ["started", "question_asked"]


def test_a_turn_without_its_metadata_fails_loudly(lead: Conversation) -> None:
    lead.metadata.clear()
    response = lead.post("action_start", "start", "/start", {})
    assert response.status_code == 503


def test_an_unusable_state_fails_the_turn(lead: Conversation) -> None:
    lead.slots["qualification"] = {"locale": "en"}
    assert lead.post("action_answer", "answer", "hello", {}).status_code == 503


def test_news_without_a_document_is_refused(lead: Conversation) -> None:
    assert lead.post("action_announce_strategy", "strategy_ready", "", {"title": "Plan"}).status_code == 503


def test_an_unknown_action_is_rasas_404(lead: Conversation) -> None:
    assert lead.post("action_dance", "answer", "hello", {}).status_code == 404
