"""The call that says a lead is qualified: once in effect, however often it comes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.errors import NotFound
from markezy.kernel.events import read_stream
from markezy.kernel.http import service_token
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.leads import api
from sqlalchemy import text

from tests.markezy.leads.conversations import Conversation


def _record(conversation: Conversation, lead: api.QualifiedLead | None = None) -> None:
    with conversation.database.transaction(conversation.tenant_id) as connection:
        api.record_qualified(
            connection, conversation.tenant_id, conversation.lead_id, lead or conversation.qualified(), "correlation-1"
        )


def _outbox(conversation: Conversation) -> list[Any]:
    with conversation.database.transaction(conversation.tenant_id) as connection:
        return list(connection.execute(text("SELECT task, payload, correlation_id FROM outbox")).tuples())


def _stream(conversation: Conversation) -> list[Any]:
    with conversation.database.transaction(conversation.tenant_id) as connection:
        return read_stream(connection, conversation.tenant_id, conversation.lead_id)


def test_it_is_written_down_with_its_work_before_the_read_model_knows_the_lead(conversation: Conversation) -> None:
    _record(conversation)
    (written,) = _stream(conversation)
    assert (written.type, written.version, written.stream_type) == ("lead.qualified", 1, "lead")
    assert _outbox(conversation) == [("strategies.generate", {"lead_id": str(conversation.lead_id)}, "correlation-1")]
    with conversation.database.transaction(conversation.tenant_id) as connection:
        assert api.qualified(connection, conversation.tenant_id, conversation.lead_id) == conversation.qualified()


def test_a_second_call_changes_nothing(conversation: Conversation) -> None:
    _record(conversation)
    _record(conversation)
    assert len(_stream(conversation)) == len(_outbox(conversation)) == 1


def test_a_later_end_leaves_the_first_result_in_place(conversation: Conversation) -> None:
    _record(conversation)
    _record(conversation, replace(conversation.qualified("other_end"), score=10))
    with conversation.database.transaction(conversation.tenant_id) as connection:
        assert api.qualified(connection, conversation.tenant_id, conversation.lead_id).end == "good_fit"
    assert len(_outbox(conversation)) == 1


def test_parallel_calls_have_one_effect(conversation: Conversation) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: _record(conversation), range(6)))
    assert len(_stream(conversation)) == len(_outbox(conversation)) == 1


def test_a_conversation_of_another_tenant_is_not_found(conversation: Conversation, make_tenant: Any) -> None:
    other = make_tenant()
    with conversation.database.transaction(other) as connection, pytest.raises(NotFound):
        api.record_qualified(connection, other, conversation.lead_id, conversation.qualified(), "correlation-1")


def test_a_lead_of_another_conversation_is_not_found(conversation: Conversation, database: Database) -> None:
    other = Conversation(database, conversation.tenant_id).start()
    with database.transaction(conversation.tenant_id) as connection, pytest.raises(NotFound):
        api.record_qualified(
            connection, conversation.tenant_id, other.lead_id, conversation.qualified(), "correlation-1"
        )


def test_nobody_is_qualified_before_the_call(conversation: Conversation) -> None:
    with conversation.database.transaction(conversation.tenant_id) as connection, pytest.raises(NotFound):
        api.qualified(connection, conversation.tenant_id, conversation.lead_id)


class TestOverHttp:
    @pytest.fixture
    def post(self, web_url: str, settings: Settings, conversation: Conversation) -> Any:
        def send(body: Any, key: str | None = None, tenant: UUID | None = None, issuer: str = "actions") -> Any:
            token = service_token(settings, issuer, "platform", tenant or conversation.tenant_id)
            headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
            url = f"{web_url}/internal/leads/{conversation.lead_id}/qualified"
            return requests.post(url, json=body, headers=headers, timeout=20)

        return send

    @pytest.fixture
    def body(self, conversation: Conversation) -> dict[str, Any]:
        lead = asdict(conversation.qualified())
        del lead["lead_id"]
        return {**lead, "conversation_id": str(conversation.id), "flow_version_id": str(conversation.flow_version_id)}

    def test_it_is_accepted(self, post: Any, body: dict[str, Any], conversation: Conversation) -> None:
        answer = post(body)
        assert (answer.status_code, answer.json()) == (202, {"lead_id": str(conversation.lead_id)})
        assert len(_outbox(conversation)) == 1

    def test_the_same_key_and_body_get_the_same_answer(
        self, post: Any, body: dict[str, Any], conversation: Conversation
    ) -> None:
        key = f"{conversation.id}:good_fit"
        first, second = post(body, key), post(body, key)
        assert (second.status_code, second.content) == (first.status_code, first.content) == (202, first.content)
        assert len(_outbox(conversation)) == 1

    def test_the_same_key_with_another_body_is_refused(self, post: Any, body: dict[str, Any]) -> None:
        key = str(new_id())
        post(body, key)
        assert post({**body, "score": 1}, key).status_code == 422

    @pytest.mark.parametrize(
        "broken",
        [
            {"score": "high"},
            {"contact": None},
            {"answers": [{"question": "goal"}]},
            {"conversation_id": "x"},
            {"end": "a\0b"},
        ],
    )
    def test_a_wrong_body_is_refused_and_changes_nothing(
        self, post: Any, body: dict[str, Any], broken: dict[str, Any], conversation: Conversation
    ) -> None:
        answer = post({**body, **broken})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert _stream(conversation) == []

    def test_another_tenant_gets_not_found(self, post: Any, body: dict[str, Any], make_tenant: Any) -> None:
        assert post(body, tenant=make_tenant()).status_code == 404

    def test_only_the_action_server_may_call(self, post: Any, body: dict[str, Any]) -> None:
        assert post(body, issuer="rasa").status_code == 403
