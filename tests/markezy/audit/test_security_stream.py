"""What concerns security is in a stream of its own, and nowhere else; without a token, a name or an address in it."""

import json
import logging
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
import requests
from markezy.accounts.throttle import FAILURES_PER_ACCOUNT
from markezy.commands import keys
from markezy.kernel.db import Database
from markezy.kernel.logging import configure_logging, configure_security_log
from markezy.privacy import service

from tests.markezy.console.conftest import PASSWORD, Staff


@pytest.fixture
def _logging_is_restored() -> Iterator[None]:
    root, security = logging.getLogger(), logging.getLogger("markezy.security")
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], security.handlers[:], security.propagate = handlers, [], True
    root.setLevel(level)


@pytest.mark.usefixtures("_logging_is_restored")
def test_every_class_of_event_arrives_there_and_not_in_the_ordinary_log(
    capsys: pytest.CaptureFixture[str],
    staff: Staff,
    make_staff: Callable[..., Staff],
    web_url: str,
    lead_id: UUID,
    database: Database,
    tmp_path: Path,
) -> None:
    def api(path: str, body: object = None, token: str = "", method: str = "POST") -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, f"{web_url}/api/v1/{path}", json=body, headers=headers, timeout=20)

    file = tmp_path / "logs" / "security.log"
    configure_logging("tests")
    configure_security_log("tests", file)
    colleague = make_staff("agent", staff.tenant_id)
    for _ in range(FAILURES_PER_ACCOUNT + 1):
        colleague.log_in("wrong")
    tokens = api("auth/login", {"email": staff.email, "password": PASSWORD}).json()
    token = tokens["access_token"]
    api("auth/refresh", {"refresh_token": tokens["refresh_token"]})
    api("auth/refresh", {"refresh_token": tokens["refresh_token"]})
    token = api("auth/login", {"email": staff.email, "password": PASSWORD}).json()["access_token"]
    api("me", token=token[:-8] + "AAAAAAAA", method="GET")
    secret = api("me/totp", {"password": PASSWORD}, token).json()["secret"]
    api("me/totp/confirm", {"code": pyotp.TOTP(secret).now()}, token)
    api("auth/login", {"email": staff.email, "password": PASSWORD, "code": "000000"})
    api("me/totp/disable", {"password": PASSWORD}, token)
    people = api("users", token=token, method="GET").json()["items"]
    agent = next(one["id"] for one in people if one["role"] == "agent")
    api(f"users/{agent}", {"role": "analyst"}, token, "PATCH")
    key = api("api-keys", {"name": "Reports", "scopes": ["leads.read"]}, token).json()
    api("users", token=key["key"], method="GET")
    api("leads", token=key["key"][:-4] + "AAAA", method="GET")
    api(f"api-keys/{key['id']}", token=token, method="DELETE")
    api(f"leads/{lead_id}/erasure", token=token)
    with database.transaction(staff.tenant_id) as connection:
        service.forget(
            connection, staff.tenant_id, service.erasure_of(connection, staff.tenant_id, lead_id), "correlation"
        )
    slug = f"t-{staff.tenant_id}"
    keys.rotate(database, "tenant", slug, None)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines, ordinary = [json.loads(line) for line in file.read_text().splitlines()], capsys.readouterr().err
    found = {line["event"] for line in lines}
    wanted = {
        "login.refused", "login.throttled", "login.code_refused", "login.accepted", "session.refresh_token_reused",
        "second_factor.on", "second_factor.off", "user.role_changed", "api_key.created", "api_key.revoked", "api_key.refused",
        "access.refused", "token.forged", "erasure.requested", "erasure.done", "keys.rotated",
    }  # fmt: skip
    assert wanted <= found
    assert '"request.answered"' in ordinary
    assert all(line["stream"] == "security" and line["logger"] == "markezy.security" for line in lines)
    assert not any(f'"{event}"' in ordinary for event in wanted)
    whole = json.dumps(lines)
    for told in (staff.email, "Olivia", PASSWORD, token, key["key"], secret, "127.0.0.1", "Maya"):
        assert told not in whole
    in_requests = [line for line in lines if line["event"] == "access.refused"]
    assert all(len(line["address"]) == 32 and line["correlation_id"] for line in in_requests)
    assert {(line["tenant_id"], line["principal"]) for line in in_requests} == {(str(staff.tenant_id), key["id"])}


@pytest.mark.usefixtures("_logging_is_restored")
def test_without_a_file_its_lines_are_marked(capsys: pytest.CaptureFixture[str], staff: Staff) -> None:
    configure_logging("tests")
    staff.log_in("wrong")
    line = next(line for line in capsys.readouterr().err.splitlines() if "login.refused" in line)
    assert json.loads(line)["stream"] == "security"
