"""A resume link, followed on another device."""

import time
import uuid
from typing import Any

import jwt
import pytest

from tests.channels.server import SERVICE_SECRET, VISITOR_SECRET


def link_token(tenant: Any, conversation_id: str, secret: str = SERVICE_SECRET, **claims: Any) -> str:
    good = {"aud": "resume", "tid": tenant.id, "cid": conversation_id, "exp": int(time.time()) + 600}
    return jwt.encode({name: value for name, value in {**good, **claims}.items() if value is not None}, secret, "HS256")


def test_a_link_gives_a_token_for_the_same_conversation(http: Any, tenant: Any, visitor: Any) -> None:
    visitor.say("bicycles")
    answer = http.post("/webhooks/widget/resume", json={"token": link_token(tenant, visitor.conversation_id)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["conversation_id"] == visitor.conversation_id
    elsewhere = http.get(
        f"/webhooks/widget/conversations/{visitor.conversation_id}/messages",
        headers={"Authorization": f"Bearer {answer.json()['token']}"},
    )
    assert elsewhere.json() == visitor.transcript()


@pytest.mark.parametrize(
    "change",
    [
        {"secret": VISITOR_SECRET},
        {"aud": "visitor"},
        {"aud": None},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"cid": None},
        {"tid": "TENANT"},
        {"cid": 7},
    ],
)
def test_a_link_that_is_forged_or_too_old_gives_none(
    http: Any, tenant: Any, visitor: Any, change: dict[str, Any]
) -> None:
    token = link_token(tenant, visitor.conversation_id, **change)
    answer = http.post("/webhooks/widget/resume", json={"token": token})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "token" not in answer.json()


def test_a_link_to_another_tenants_conversation_leads_nowhere(http: Any, visitor: Any, new_tenant: Any) -> None:
    answer = http.post("/webhooks/widget/resume", json={"token": link_token(new_tenant(), visitor.conversation_id)})
    assert answer.status_code == 404


def test_a_link_to_a_conversation_that_is_gone_leads_nowhere(http: Any, tenant: Any) -> None:
    answer = http.post("/webhooks/widget/resume", json={"token": link_token(tenant, str(uuid.uuid4()))})
    assert answer.status_code == 404


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": 7}, {"token": "x" * 2001}])
def test_a_body_without_a_token_is_refused(http: Any, body: dict[str, Any]) -> None:
    assert http.post("/webhooks/widget/resume", json=body).status_code == 422


def test_a_link_that_was_followed_after_its_time_says_so(http: Any, tenant: Any, visitor: Any) -> None:
    token = link_token(tenant, visitor.conversation_id, exp=int(time.time()) - 60)
    answer = http.post("/webhooks/widget/resume", json={"token": token})
    assert answer.json()["detail"].startswith("This link has expired.")


def test_the_token_a_link_gives_is_good_for_speaking(http: Any, tenant: Any, visitor: Any) -> None:
    told = http.post("/webhooks/widget/resume", json={"token": link_token(tenant, visitor.conversation_id)}).json()
    said = http.post(
        f"{visitor.path}/messages",
        json={"id": str(uuid.uuid4()), "text": "bicycles"},
        headers={"Authorization": f"Bearer {told['token']}"},
    )
    assert said.status_code == 200


def test_a_links_token_opens_nothing_by_itself(http: Any, tenant: Any, visitor: Any) -> None:
    headers = {"Authorization": f"Bearer {link_token(tenant, visitor.conversation_id)}"}
    assert http.get(f"{visitor.path}/messages", headers=headers).status_code == 401
