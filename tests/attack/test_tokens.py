"""Forged, stolen, worn out and misplaced tokens."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from markezy.kernel.http import service_token
from markezy.kernel.settings import Settings
from markezy.kernel.tokens import sign

from tests.attack.tally import Attacks
from tests.attack.world import Agency

KIND = "forged and misplaced tokens"


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _claims(agency: Agency, **more: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "aud": "staff", "tid": str(agency.tenant_id), "sub": str(uuid4()), "role": "owner", "sid": str(uuid4()),
        "iat": now, "exp": now + 600, **more,
    }  # fmt: skip


def forged(settings: Settings, agency: Agency, public_key: dict[str, Any]) -> dict[str, str]:
    """Tokens that look like an owner's."""
    header = jwt.get_unverified_header(agency.tokens["owner"])
    claims = _claims(agency)
    body = agency.tokens["owner"].split(".")
    raw_public = base64.urlsafe_b64decode(public_key["x"] + "==")

    def signed_by_public_key(key: bytes) -> str:
        unsigned = f"{_part({**header, 'alg': 'HS256'})}.{_part(claims)}"
        mac = hmac.new(key, unsigned.encode(), hashlib.sha256).digest()
        return f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    keys = settings.signing_keys()
    tid, ids = str(agency.tenant_id), {"sub": str(uuid4()), "sid": str(uuid4())}
    return {
        "no algorithm": f"{_part({**header, 'alg': 'none'})}.{_part(claims)}.",
        "no algorithm, odd case": f"{_part({**header, 'alg': 'NoNe'})}.{_part(claims)}.",
        "no signature": f"{body[0]}.{body[1]}.",
        "another key": jwt.encode(
            claims, Ed25519PrivateKey.generate(), "EdDSA", headers={"kid": header.get("kid", "")}
        ),
        "unknown kid": jwt.encode(claims, Ed25519PrivateKey.generate(), "EdDSA", headers={"kid": "../../etc/passwd"}),
        "public key as secret": signed_by_public_key(raw_public),
        "public key as text as secret": signed_by_public_key(json.dumps(public_key).encode()),
        "old secret": sign(settings.staff_secret, "staff", timedelta(minutes=5), tid=tid, role="owner", **ids),
        "changed body": f"{body[0]}.{_part(claims)}.{body[2]}",
        "expired": keys.sign("staff", timedelta(seconds=-60), tid=tid, role="owner", **ids),
        "other audience": keys.sign("console", timedelta(minutes=5), tid=tid, role="owner", **ids),
        "no audience wanted": keys.sign("", timedelta(minutes=5), tid=tid, role="owner", **ids),
        "unknown role": keys.sign("staff", timedelta(minutes=5), tid=tid, role="superuser", **ids),
        "no tenant": keys.sign("staff", timedelta(minutes=5), tid="", role="owner", **ids),
        "a visitor's": sign(settings.service_secret, "visitor", timedelta(days=1), tid=tid, cid=str(uuid4())),
        "a service's": service_token(settings, "worker", "platform", agency.tenant_id),
        "a resume link's": sign(settings.service_secret, "resume", timedelta(days=1), tid=tid, cid=str(uuid4())),
        "garbage": "a.b.c",
        "an API key's look": "mk_00000000_" + "x" * 43,
    }


def test_none_of_them_opens_anything(web_url: str, settings: Settings, victim: Agency, attacks: Attacks) -> None:
    (public_key, *_) = requests.get(f"{web_url}/.well-known/jwks.json", timeout=10).json()["keys"]
    real = requests.get(f"{web_url}/api/v1/leads", headers=_bearer(victim.tokens["owner"]), timeout=10)
    assert victim.secret in real.text, "the genuine token works"
    for name, token in forged(settings, victim, public_key).items():
        for path in (
            "/api/v1/leads",
            "/api/v1/me",
            f"/api/v1/leads/{victim.ids['lead_id']}/transcript",
            "/console/leads",
        ):
            answer = requests.get(web_url + path, headers=_bearer(token), timeout=10, allow_redirects=False)
            # A token of our own key for somebody who does not exist finds nobody.
            refused = answer.status_code in (401, 403, 303, 404)
            attacks.held(KIND, f"{name}: {path}: {answer.status_code}", refused and victim.secret not in answer.text)
    attacks.check(KIND)


def test_the_internal_api_takes_no_staff_token(web_url: str, victim: Agency, attacks: Attacks) -> None:
    for token in victim.tokens.values():
        for method, path in (
            ("GET", f"/internal/flow-versions/{uuid4()}"),
            ("POST", f"/internal/leads/{victim.ids['lead_id']}/qualified"),
        ):
            answer = requests.request(method, web_url + path, headers=_bearer(token), timeout=10)
            attacks.held(KIND, f"staff token: {path}: {answer.status_code}", answer.status_code == 401)
    attacks.check(KIND)


def test_a_refresh_token_works_once_and_its_second_use_ends_the_session(
    web_url: str, victim: Agency, intruder: Agency, attacks: Attacks
) -> None:
    """Whoever copied one is out, and so is whoever they copied it from."""
    kind = "replayed and bent refresh tokens"
    auth = f"{web_url}/api/v1/auth"
    credentials = {"email": f"agent@{victim.secret}.example", "password": "correct horse battery"}
    first = requests.post(f"{auth}/login", json=credentials, timeout=20).json()
    whole = base64.urlsafe_b64decode(first["refresh_token"] + "==")
    bent = {
        "another agency's": intruder.tenant_id.bytes + whole[16:],
        "another session's": whole[:16] + uuid4().bytes + whole[32:],
        "cut short": whole[:-1],
        "grown": whole + b"x",
    }
    for what, token in bent.items():
        answer = _refresh(auth, base64.urlsafe_b64encode(token).decode().rstrip("="))
        attacks.held(kind, f"{what}: {answer.status_code}", answer.status_code == 401)
    second = _refresh(auth, first["refresh_token"])
    assert second.status_code == 200, "the genuine token works once"
    for what, token in (
        ("used before", first["refresh_token"]),
        ("the family's newest, after the theft was seen", second.json()["refresh_token"]),
    ):
        answer = _refresh(auth, token)
        attacks.held(kind, f"{what}: {answer.status_code}", answer.status_code == 401)
    for token in (first["access_token"], second.json()["access_token"]):
        answer = requests.get(f"{web_url}/api/v1/me", headers=_bearer(token), timeout=10)
        attacks.held(kind, f"access token of the ended family: {answer.status_code}", answer.status_code == 401)
    again = requests.post(f"{auth}/login", json=credentials, timeout=20).json()
    guess = base64.urlsafe_b64decode(again["refresh_token"] + "==")[:32] + bytes(32)
    answer = _refresh(auth, base64.urlsafe_b64encode(guess).decode().rstrip("="))
    attacks.held(kind, f"a guessed secret: {answer.status_code}", answer.status_code == 401)
    attacks.check(kind)


def _refresh(auth: str, token: str) -> requests.Response:
    return requests.post(f"{auth}/refresh", json={"refresh_token": token}, timeout=20)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
