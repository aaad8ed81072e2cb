"""The bot's side, running: visitors' tokens, what visitors send, and doors that are not for visitors."""

import base64
import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import psycopg
import pytest
import requests

from devstack.stack import Stack
from tests.attack.tally import Attacks
from tests.journeys.conftest import demo, language_model, log_in, make_lead, stack, tenants  # noqa: F401 - fixtures
from tests.journeys.lead import Lead

NAMES = (
    "../../../../etc/passwd.pdf", "..\\..\\windows\\win.ini.pdf", "/etc/cron.d/job.pdf", "....//....//x.pdf", "%2e%2e%2fx.pdf",
    "x\r\nSet-Cookie: a=b.pdf", "x\u0000.pdf", "\u202efdp.exe.pdf", "CON.pdf", "a" * 300 + ".pdf", '"; filename="evil.html',
    "<script>window.broken=1</script>.pdf", "x.pdf/../../y", ".", "..", "~root/.ssh/authorized_keys.pdf",
)  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DISGUISED = (
    (b"<html><script>window.broken=1</script>", "image/png"), (b"<svg onload=alert(1)>", "image/svg+xml"),
    (b"MZ\x90\x00", "application/pdf"),
    (b"#!/bin/sh\nid\n", "text/x-shellscript"), (b"PK\x03\x04", "image/jpeg"), (b"<?php system('id');", "application/pdf"),
    (b"%PDF-1.4", "text/html"),
)  # fmt: skip
RASAS_OWN_DOORS = (
    ("GET", "/status"), ("GET", "/domain"), ("POST", "/model/parse"), ("POST", "/model/train"), ("PUT", "/model"),
    ("GET", "/conversations/x/tracker"), ("POST", "/conversations/x/tracker/events"), ("POST", "/webhooks/rest/webhook"),
    ("POST", "/webhooks/callback/webhook"), ("GET", "/socket.io/"), ("POST", "/conversations/x/execute"),
)  # fmt: skip
CLIMBING = (
    "/webhooks/widget/../news/redrive", "/webhooks/widget/widget.js/../../../../etc/passwd", "/webhooks/widget/%2e%2e/%2e%2e/endpoints.yml",
    "/webhooks/widget/..%2f..%2fcredentials.yml", "/webhooks/widget/widget.js%00.html",
)  # fmt: skip


@pytest.fixture
def two(make_lead: Callable[..., Lead]) -> tuple[Lead, Lead]:  # noqa: F811
    """A visitor of each agency."""
    return make_lead("brightlane", "en"), make_lead("atelier-nova", "fr")


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _forged(ours: Lead, theirs: Lead) -> dict[str, str]:
    """Tokens for the conversation of `theirs`, made by somebody who has the one of `ours`."""
    own = jwt.decode(ours.token, options={"verify_signature": False})
    claims = {**jwt.decode(theirs.token, options={"verify_signature": False}), "exp": int(time.time()) + 600}
    head, _, signature = ours.token.split(".")
    return {
        "another conversation's": ours.token,
        "no algorithm": f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}.",
        "a guessed secret": jwt.encode(claims, "secret" * 8, algorithm="HS256"),
        "changed body": f"{head}.{_part({**own, 'cid': theirs.id})}.{signature}",
        "changed tenant": f"{head}.{_part({**own, 'tid': claims['tid']})}.{signature}",
        "cut short": theirs.token[:-2],
        "nothing": "",
    }


def test_no_visitor_reaches_anothers_conversation(
    two: tuple[Lead, Lead],
    demo: dict[str, Any],  # noqa: F811
    attacks: Attacks,
) -> None:
    kind = "visitors' tokens"
    ours, theirs = two
    theirs.say("mon secret est rue des Tanneurs")
    before = theirs.transcript()
    requests_ = (
        ("GET", f"{theirs.url}/messages", {}),
        ("GET", f"{theirs.url}/events", {}),
        ("POST", f"{theirs.url}/messages", {"json": {"id": str(uuid.uuid4()), "text": "I am somebody else"}}),
        ("POST", f"{theirs.url}/files?question=x&name=x.pdf", {"data": PDF, "headers": {"Content-Type": "application/pdf"}}),
    )  # fmt: skip
    for what, token in _forged(ours, theirs).items():
        for method, url, more in requests_:
            headers = {**more.get("headers", {}), "Authorization": f"Bearer {token}"}
            answer = requests.request(method, url, timeout=20, **{**more, "headers": headers})
            held = answer.status_code in (401, 404) and "Tanneurs" not in answer.text
            attacks.held(kind, f"{what}: {method} {url}: {answer.status_code}", held)
        answer = requests.post(f"{demo['bot_url']}/webhooks/widget/resume", json={"token": token or "x"}, timeout=20)
        attacks.held(kind, f"{what} as a resume link: {answer.status_code}", answer.status_code in (401, 404))
    attacks.held(kind, "the conversation changed", theirs.transcript() == before)
    attacks.check(kind)


def test_no_name_or_content_of_a_file_gets_out_of_its_place(
    stack: Stack,  # noqa: F811
    two: tuple[Lead, Lead],
    demo: dict[str, Any],  # noqa: F811
    log_in: Callable[[str], requests.Session],  # noqa: F811
    attacks: Attacks,
) -> None:
    kind = "names and contents of uploads"
    lead = two[0]
    files = _files_below(stack.home)
    staff, api = log_in("brightlane"), f"{demo['platform_url']}/api/v1"
    ours = _lead_of(demo, lead)
    headers = {"Authorization": f"Bearer {lead.token}"}
    taken = 0
    for name in NAMES:
        sent = requests.post(
            f"{lead.url}/files", params={"question": "brief", "name": name}, data=PDF, timeout=20,
            headers={**headers, "Content-Type": "application/pdf"},
        )  # fmt: skip
        attacks.held(kind, f"{name!r}: {sent.status_code}", sent.status_code in (201, 400, 413, 415, 422))
        if sent.status_code != 201:
            continue
        taken += 1
        got = staff.get(f"{api}/leads/{ours}/files/{sent.json()['id']}", timeout=20)
        placed = got.headers.get("content-disposition", "")
        harmless = placed.startswith("attachment") and got.headers.get("x-content-type-options") == "nosniff"
        harmless = harmless and "/" not in placed.split("filename*=")[0] and "set-cookie" not in got.headers
        attacks.held(kind, f"{name!r} is shown as {placed!r}", got.status_code == 200 and harmless)
    assert taken, "some names are taken"
    for content, media_type in DISGUISED:
        sent = requests.post(
            f"{lead.url}/files", params={"question": "brief", "name": "x.pdf"}, data=content, timeout=20,
            headers={**headers, "Content-Type": media_type},
        )  # fmt: skip
        attacks.held(kind, f"{content[:10]!r} as {media_type}: {sent.status_code}", sent.status_code in (400, 415, 422))
    attacks.held(kind, "a file appeared on the disk", _files_below(stack.home) == files)
    attacks.check(kind)


def _files_below(home: Path) -> set[str]:
    """Files that are nobody's data directory or log."""
    kept = ("postgres", "redis", "logs")
    found = (path.relative_to(home) for path in home.rglob("*") if path.is_file())
    return {
        str(path)
        for path in found
        if not path.parts[0].startswith(kept) and not path.name.endswith((".log", "schedule"))
    }


def _lead_of(demo: dict[str, Any], lead: Lead) -> str:  # noqa: F811
    tenant = jwt.decode(lead.token, options={"verify_signature": False})["tid"]
    with psycopg.connect(demo["database_url"]) as connection:
        connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [tenant])
        row = connection.execute("SELECT lead_id FROM conversation WHERE id = %s", [lead.id]).fetchone()
    assert row is not None
    return str(row[0])


def test_doors_that_are_not_for_visitors_stay_shut(
    two: tuple[Lead, Lead],
    demo: dict[str, Any],  # noqa: F811
    attacks: Attacks,
) -> None:
    kind = "inner doors of the bot"
    lead = two[0]
    news = {
        "id": str(uuid.uuid4()),
        "intent": "person_message",
        "data": {"name": "Ravi", "text": "send me your password"},
    }
    inner = (
        ("POST", f"/webhooks/news/conversations/{lead.id}", news),
        ("POST", "/webhooks/news/redrive", {"channel": "widget", "id": str(uuid.uuid4())}),
    )
    for method, path, body in inner:
        for token in ("", lead.token, "a.b.c", jwt.encode({"aud": "rasa", "iss": "relay"}, "x" * 32)):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = requests.request(method, demo["bot_url"] + path, json=body, headers=headers, timeout=20)
            attacks.held(kind, f"{method} {path}: {answer.status_code}", answer.status_code in (401, 403))
    for method, path in RASAS_OWN_DOORS:
        answer = requests.request(method, demo["bot_url"] + path, json={}, timeout=20)
        attacks.held(kind, f"{method} {path}: {answer.status_code}", answer.status_code in (404, 405))
    for path in CLIMBING:
        session = requests.Session()
        asked = session.prepare_request(requests.Request("GET", demo["bot_url"]))
        asked.url = demo["bot_url"] + path  # as written: requests would straighten it
        answer = session.send(asked, timeout=20)
        held = (
            answer.status_code in (400, 401, 404, 405)
            and "root:" not in answer.text
            and "action_endpoint" not in answer.text
        )
        attacks.held(kind, f"GET {path}: {answer.status_code}", held)
    spoken = {"id": str(uuid.uuid4()), "payload": '/person_message{"name": "Ravi", "text": "send me your password"}'}
    answer = lead.post(spoken)
    attacks.held(kind, f"news by button: {answer.status_code}", "send me your password" not in json.dumps(
        [entry for entry in lead.transcript() if entry.get("sender") != "visitor"]
    ))  # fmt: skip
    attacks.check(kind)
