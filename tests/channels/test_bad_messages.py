"""Everything a visitor may get wrong: told clearly, nothing stored, nothing broken."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

VISITOR_SECRET = "visitor-secret-for-tests-0123456789abcdef"
SERVICE_SECRET = "service-secret-for-tests-0123456789abcdef"
ID = "018f0000-0000-7000-8000-000000000001"


def raw(visitor: Any, body: bytes) -> httpx.Response:
    return visitor.http.post(f"{visitor.path}/messages", content=body, headers=visitor.headers)


@pytest.fixture
def stored(log: Any) -> Callable[[], tuple[int, int]]:
    return lambda: (log.count("event"), log.count("inbox"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"\xff\xfe{}", 400),
        (b'{"id": "\xc3\x28"}', 400),
        (b'{"id": NaN}', 400),
        (b"[" * 20000, 400),
        (b'{"a":' * 30 + b"1" + b"}" * 30, 422),
        (b'{"id": 1e999}', 422),
        (b"{}", 422),
        (b'{"text": "hello"}', 422),
        (b'{"id": "1", "text": "hello"}', 422),
        (b'{"id": 1, "text": "hello"}', 422),
        (b'{"id": "{018f0000-0000-7000-8000-000000000001}", "text": "hello"}', 422),
        (json.dumps({"id": ID}).encode(), 422),
        (json.dumps({"id": ID, "text": "a", "payload": "/stop"}).encode(), 422),
        (json.dumps({"id": ID, "text": 7}).encode(), 422),
        (json.dumps({"id": ID, "text": ["a"]}).encode(), 422),
        (json.dumps({"id": ID, "text": ""}).encode(), 422),
        (json.dumps({"id": ID, "text": " \n "}).encode(), 422),
        (json.dumps({"id": ID, "text": "a" * 4001}).encode(), 422),
        (json.dumps({"id": ID, "text": "nul \0"}).encode(), 422),
        (json.dumps({"id": ID, "text": "half \ud83d"}).encode(), 422),
        (json.dumps({"id": ID, "text": "fine", "\0": 1}).encode(), 422),
        (json.dumps({"id": ID, "payload": "hello"}).encode(), 422),
        (json.dumps({"id": ID, "payload": "/restart"}).encode(), 422),
        (json.dumps({"id": ID, "payload": "/session_start"}).encode(), 422),
        (json.dumps({"id": ID, "payload": '/strategy_ready{"title":"a","url":"https://a.example"}'}).encode(), 422),
        (json.dumps({"id": ID, "payload": "/answer{"}).encode(), 422),
        (json.dumps({"id": ID, "payload": '/answer{"question":"q"} /stop'}).encode(), 422),
        (json.dumps({"id": ID, "payload": '/answer{"slot":"x"}'}).encode(), 422),
        (json.dumps({"id": ID, "payload": '/answer{"question":7}'}).encode(), 422),
        (json.dumps({"id": ID, "payload": '/answer{"question":"q","value":null}'}).encode(), 422),
        (json.dumps({"id": ID, "payload": '/answer{"question":"q","value":{"a":1}}'}).encode(), 422),
        (json.dumps({"id": ID, "payload": '/answer{"question":"q","value":NaN}'}).encode(), 422),
        (json.dumps({"id": ID, "payload": '/answer{"question":"q","value":"\\u0000"}'}).encode(), 422),
        (json.dumps({"id": ID, "text": "a" * 70000}).encode(), 413),
        (b" " * 1_000_000, 413),
    ],
    ids=lambda value: repr(value[:60]) if isinstance(value, bytes) else None,
)
def test_a_wrong_message_is_refused_and_leaves_nothing(
    visitor: Any, stored: Callable[[], Any], body: bytes, status: int
) -> None:
    before = stored()
    response = raw(visitor, body)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"]
    assert stored() == before


def test_a_large_body_without_a_declared_length_is_refused(visitor: Any, stored: Callable[[], Any]) -> None:
    before = stored()

    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 4096

    response = visitor.http.post(f"{visitor.path}/messages", content=chunks(), headers=visitor.headers)
    assert response.status_code == 413
    assert stored() == before


def test_the_longest_allowed_text_is_taken(visitor: Any) -> None:
    assert visitor.say("é" * 4000).status_code == 200


def test_text_of_any_script_comes_back_as_it_was_sent(visitor: Any) -> None:
    text = "Ça va ? 你好 😀 \u202e<b>&amp;\x01"
    assert visitor.say(text).status_code == 200
    said = [entry["text"] for entry in visitor.transcript()["messages"] if entry["from"] == "visitor"]
    assert said == [text]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
            max_leaves=12,
        ).map(lambda value: json.dumps(value).encode()),
        st.fixed_dictionaries(
            {"id": st.just(ID) | st.text(max_size=40) | st.integers()},
            optional={
                "text": st.none() | st.integers() | st.sampled_from(["", "\0", "\ud800", " "]),
                "payload": st.none() | st.text(max_size=60).filter(lambda text: not text.startswith("/s")),
            },
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_no_body_breaks_the_server(visitor: Any, stored: Callable[[], Any], body: bytes) -> None:
    before = stored()
    response = raw(visitor, body)
    assert 400 <= response.status_code < 500, (body, response.text)
    assert stored() == before


def token(visitor: Any, tenant: Any, secret: str = VISITOR_SECRET, **changes: Any) -> str:
    now = int(time.time())
    claims = {"aud": "visitor", "tid": tenant.id, "cid": visitor.conversation_id, "iat": now, "exp": now + 60}
    claims.update(changes)
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, secret, algorithm="HS256")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Basic dTpw",
        "Bearer x.y.z",
        "Bearer " + jwt.encode({"aud": "visitor"}, None, algorithm="none"),
    ],
)
def test_without_a_token_nothing_opens(visitor: Any, stored: Callable[[], Any], authorization: str | None) -> None:
    before = stored()
    headers = {} if authorization is None else {"Authorization": authorization}
    answers = [
        visitor.http.post(f"{visitor.path}/messages", json={"id": ID, "text": "a"}, headers=headers),
        visitor.http.get(f"{visitor.path}/messages", headers=headers),
        visitor.http.get(f"{visitor.path}/events", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert all(answer.headers["www-authenticate"] == "Bearer" for answer in answers)
    assert stored() == before


@pytest.mark.parametrize(
    ("changes", "secret", "status"),
    [
        ({}, "another-secret-another-secret-another-secret", 401),
        ({}, SERVICE_SECRET, 401),
        ({"exp": 1}, VISITOR_SECRET, 401),
        ({"exp": None}, VISITOR_SECRET, 401),
        ({"aud": "bot"}, VISITOR_SECRET, 401),
        ({"aud": None}, VISITOR_SECRET, 401),
        ({"tid": None}, VISITOR_SECRET, 401),
        ({"tid": "'; DROP TABLE tenant"}, VISITOR_SECRET, 401),
        ({"cid": 7}, VISITOR_SECRET, 401),
        ({"cid": str(uuid.uuid4())}, VISITOR_SECRET, 404),
        ({"tid": str(uuid.uuid4())}, VISITOR_SECRET, 404),
    ],
)
def test_a_token_that_is_not_this_visitors_does_not_open_the_conversation(
    visitor: Any, tenant: Any, stored: Callable[[], Any], changes: dict[str, Any], secret: str, status: int
) -> None:
    before = stored()
    headers = {"Authorization": f"Bearer {token(visitor, tenant, secret, **changes)}"}
    response = visitor.http.post(f"{visitor.path}/messages", json={"id": ID, "text": "a"}, headers=headers)
    assert response.status_code == status, response.text
    assert stored() == before


def test_one_visitors_token_does_not_open_anothers_conversation(
    arrive: Callable[..., Any], tenant: Any, new_tenant: Callable[..., Any]
) -> None:
    mine = arrive(tenant)
    for theirs in (arrive(tenant), arrive(new_tenant())):
        response = mine.http.get(f"{theirs.path}/messages", headers=mine.headers)
        assert response.status_code == 404


@pytest.mark.parametrize("id_", ["1", "nobody", str(uuid.uuid4()), "%00", "..%2f"])
def test_a_conversation_nobody_started_is_not_found(visitor: Any, id_: str) -> None:
    response = visitor.http.get(f"/webhooks/widget/conversations/{id_}/messages", headers=visitor.headers)
    assert response.status_code == 404
