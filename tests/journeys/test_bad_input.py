"""What a hostile or broken client may send: a clear refusal, and nothing stored."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import psycopg
import pytest
import requests

from tests.journeys.lead import Lead


@pytest.fixture
def rows(demo: dict[str, Any], tenants: dict[str, dict[str, Any]]) -> Callable[[], dict[str, int]]:
    """How many rows a visitor could have caused, over all agencies."""

    def count() -> dict[str, int]:
        found = {"conversation": 0, "inbox": 0, "event": 0}
        with psycopg.connect(demo["database_url"]) as connection:
            for tenant in tenants.values():
                connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [tenant["id"]])
                for table in found:
                    found[table] += connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found

    return count


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"widget_key": "wk_unknown"}', 404),
        (b'{"widget_key": "wk_unk', 400),
        (b'{"widget_key": "\xff\xfe"}', 400),
        (b"[]", 400),
        (b"{}", 422),
        (json.dumps({"widget_key": "x" * 1_000_000}).encode(), 413),
    ],
    ids=["unknown key", "malformed JSON", "invalid UTF-8", "no object", "no key", "1 MB"],
)
def test_no_conversation_begins(demo: dict[str, Any], rows: Callable[[], Any], body: bytes, status: int) -> None:
    before = rows()
    answer = requests.post(f"{demo['bot_url']}/webhooks/widget/conversations", data=body, timeout=30)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail"]
    assert rows() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps({"id": str(uuid.uuid4()), "text": "x" * 1_000_000}).encode(), 413),
        (b'{"id": "', 400),
        (b'{"id": "\xc3\x28"}', 400),
        (json.dumps({"id": "no uuid", "text": "hello"}).encode(), 422),
        (json.dumps({"id": str(uuid.uuid4()), "text": "a\0b"}).encode(), 422),
        (json.dumps({"id": str(uuid.uuid4()), "payload": "/strategy_ready{}"}).encode(), 422),
        (json.dumps({"id": str(uuid.uuid4()), "text": "a", "payload": "/start"}).encode(), 422),
    ],
    ids=["1 MB", "malformed JSON", "invalid UTF-8", "no UUID", "NUL", "forbidden intent", "text and payload"],
)
def test_a_message_is_refused_and_leaves_nothing(
    make_lead: Callable[..., Lead], rows: Callable[[], Any], body: bytes, status: int
) -> None:
    lead = make_lead()
    before = rows()
    headers = {"Authorization": f"Bearer {lead.token}"}
    answer = requests.post(f"{lead.url}/messages", data=body, headers=headers, timeout=30)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert rows() == before


def test_a_forged_or_foreign_token_opens_nothing(make_lead: Callable[..., Lead], rows: Callable[[], Any]) -> None:
    lead, other, foreign = make_lead(), make_lead(), make_lead("atelier-nova", "fr")
    claims = jwt.decode(lead.token, options={"verify_signature": False})
    forged = [
        jwt.encode(claims, "guessed" * 8, algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),
        lead.token[:-4] + "AAAA",
        "",
    ]
    before = rows()
    for token in (*forged, other.token, foreign.token):
        headers = {"Authorization": f"Bearer {token}"}
        body = {"id": str(uuid.uuid4()), "text": "hello"}
        assert requests.post(f"{lead.url}/messages", json=body, headers=headers, timeout=30).status_code in (401, 404)
        assert requests.get(f"{lead.url}/messages", headers=headers, timeout=30).status_code in (401, 404)
        assert requests.get(f"{lead.url}/events", headers=headers, timeout=30).status_code in (401, 404)
    assert rows() == before


def test_the_same_message_again_gets_the_same_answer_and_has_no_second_effect(
    make_lead: Callable[..., Lead], rows: Callable[[], Any]
) -> None:
    lead = make_lead()
    body = {"id": str(uuid.uuid4()), "text": "why do you ask?"}
    first = lead.post(body)
    assert first.status_code == 200
    before = rows()
    again = lead.post(body)
    assert (again.status_code, again.json()) == (200, first.json())
    assert rows() == before
    assert lead.post({**body, "text": "another text"}).status_code == 409
