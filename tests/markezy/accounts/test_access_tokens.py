"""What an access token must be: signed by one of our keys, for staff, in time. Forgeries are refused, rotation is not noticed."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from markezy.kernel import tokens as symmetric
from markezy.kernel.clock import now
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.ids import new_id
from markezy.kernel.signing import KEPT, BadSigningKeys, SigningKeys, rotate
from pydantic import SecretStr
from sqlalchemy import text

SECRET = SecretStr("t" * 32)


@pytest.fixture
def agency(make_agency):
    return make_agency("owner", "agent")


@pytest.fixture
def claims(agency, log_in):
    """What a genuine token of an open session says."""
    content = jwt.decode(log_in(agency.email("owner"))["access_token"], options={"verify_signature": False})
    return {name: content[name] for name in ("sub", "tid", "sid")}


@pytest.fixture
def keys(services):
    return services.signing


def payload(claims, **changed):
    return {**claims, "aud": "staff", "iat": now(), "exp": now() + timedelta(minutes=1), **changed}


def part(content):
    raw = json.dumps(content, default=lambda at: int(at.timestamp())).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize(
    ("audience", "seconds", "status"),
    [("staff", 60, 200), ("document", 60, 401), ("console", 60, 401), ("visitor", 60, 401), ("staff", -1, 401)],
)
def test_only_a_token_for_staff_counts_and_only_in_its_time(keys, claims, get, audience, seconds, status):
    token = keys.sign(audience, timedelta(seconds=seconds), **claims)
    assert get("/api/v1/me", token).status_code == status


def test_algorithm_none_is_refused(keys, claims, get):
    kid = keys.public()["keys"][0]["kid"]
    for algorithm in ("none", "None", "NONE", ""):
        forged = f"{part({'alg': algorithm, 'typ': 'JWT', 'kid': kid})}.{part(payload(claims))}."
        assert get("/api/v1/me", forged).status_code == 401, algorithm


def test_public_key_is_no_shared_secret(base_url, claims, get):
    """The classic confusion: HS256 over the key that everybody can read."""
    public = requests.get(f"{base_url}/.well-known/jwks.json", timeout=20).json()["keys"][0]
    raw = base64.urlsafe_b64decode(public["x"] + "==")
    for secret in (raw, public["x"].encode(), json.dumps(public).encode()):
        signed = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': public['kid']})}.{part(payload(claims))}"
        mac = base64.urlsafe_b64encode(hmac.digest(secret, signed.encode(), hashlib.sha256)).decode().rstrip("=")
        assert get("/api/v1/me", f"{signed}.{mac}").status_code == 401


def test_our_symmetric_tokens_are_no_access_tokens(services, claims, get):
    for secret in (services.settings.staff_secret, services.settings.service_secret):
        assert get("/api/v1/me", symmetric.sign(secret, "staff", timedelta(minutes=1), **claims)).status_code == 401


@pytest.mark.parametrize("kid", ["known", "unknown", "../../etc/passwd", None, 7])
def test_somebody_elses_key_is_refused_whatever_name_it_bears(keys, claims, get, kid):
    named = keys.public()["keys"][0]["kid"] if kid == "known" else kid
    headers = {} if named is None else {"kid": named}
    if isinstance(named, int):
        stranger = Ed25519PrivateKey.generate()
        signed = f"{part({'alg': 'EdDSA', 'typ': 'JWT', 'kid': named})}.{part(payload(claims))}"
        signature = base64.urlsafe_b64encode(stranger.sign(signed.encode())).decode().rstrip("=")
        token = f"{signed}.{signature}"
    else:
        token = jwt.encode(payload(claims), Ed25519PrivateKey.generate(), "EdDSA", headers=headers)
    assert get("/api/v1/me", token).status_code == 401


def test_key_that_travels_with_the_token_is_not_believed(claims, get):
    stranger = Ed25519PrivateKey.generate()
    own = stranger.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(own).decode().rstrip("=")}
    for headers in ({"jwk": jwk}, {"jku": "https://evil.example/jwks.json"}, {"jwk": jwk, "kid": "mine"}):
        assert get("/api/v1/me", jwt.encode(payload(claims), stranger, "EdDSA", headers=headers)).status_code == 401


def test_changed_claims_break_the_signature(keys, claims, get):
    header, _, signature = keys.sign("staff", timedelta(minutes=1), **claims).split(".")
    forged = f"{header}.{part(payload({**claims, 'tid': str(new_id())}))}.{signature}"
    assert get("/api/v1/me", forged).status_code == 401


def test_session_that_nobody_knows_opens_nothing_however_good_the_signature(keys, claims, get):
    token = keys.sign("staff", timedelta(minutes=1), **{**claims, "sid": str(new_id())}, role="owner")
    assert get("/api/v1/me", token).status_code == 401
    assert get("/guarded/leads.read", token).status_code == 401


def test_swept_session_opens_nothing(keys, claims, get, agency, database):
    token = keys.sign("staff", timedelta(minutes=1), **claims)
    assert get("/api/v1/me", token).status_code == 200
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("DELETE FROM staff_session"))
    assert get("/api/v1/me", token).status_code == 401


def test_role_is_the_one_of_the_users_row_whatever_the_token_says(keys, claims, get, agency, database):
    token = keys.sign("staff", timedelta(minutes=1), **claims, role="owner")
    assert get("/guarded/users.write", token).status_code == 200
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE staff_user SET role = 'analyst'"))
    assert get("/guarded/users.write", token).status_code == 403
    assert get("/guarded/leads.read", token).status_code == 200


def test_session_of_somebody_else_opens_nothing(keys, claims, get, agency, make_agency, log_in):
    strangers = make_agency("owner")
    for email in (agency.email("agent"), strangers.email("owner")):
        theirs = jwt.decode(log_in(email)["access_token"], options={"verify_signature": False})
        mixed = keys.sign("staff", timedelta(minutes=1), **{**claims, "sid": theirs["sid"]})
        assert get("/api/v1/me", mixed).status_code == 401, email


@pytest.mark.parametrize("left_out", ["sub", "tid", "sid"])
def test_token_without_a_claim_is_refused(keys, claims, get, left_out):
    del claims[left_out]
    assert get("/api/v1/me", keys.sign("staff", timedelta(minutes=1), **claims)).status_code == 401


def test_anybody_can_verify_a_token_by_the_published_keys(base_url, make_agency, log_in):
    token = log_in(make_agency().email("owner"))["access_token"]
    published = requests.get(f"{base_url}/.well-known/jwks.json", timeout=20)
    key = jwt.PyJWKSet.from_dict(published.json())[jwt.get_unverified_header(token)["kid"]]
    assert jwt.decode(token, key, algorithms=["EdDSA"], audience="staff")["aud"] == "staff"
    assert set(published.json()["keys"][0]) == {"kty", "crv", "x", "kid", "use", "alg"}
    assert "max-age" in published.headers["Cache-Control"]


def test_rotation_keeps_tokens_good_in_every_process_and_ends_the_oldest_keys(tmp_path, claims):
    file = tmp_path / "keys"
    rotate(file)
    assert file.stat().st_mode & 0o077 == 0
    signer, verifier = SigningKeys(file, SECRET), SigningKeys(file, SECRET)
    before = signer.sign("staff", timedelta(minutes=1), **claims)
    rotate(file)
    after = signer.sign("staff", timedelta(minutes=1), **claims)
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    for token in (before, after):
        assert verifier.verify("staff", token)["sub"] == claims["sub"]
    for _ in range(KEPT - 1):
        rotate(file)
    assert len(verifier.public()["keys"]) == KEPT
    assert verifier.verify("staff", after)["sub"] == claims["sub"]
    with pytest.raises(Unauthenticated):
        verifier.verify("staff", before)


def test_without_a_file_every_process_with_the_secret_has_the_same_key_and_no_other_one(claims):
    token = SigningKeys(None, SECRET).sign("staff", timedelta(minutes=1), **claims)
    assert SigningKeys(None, SECRET).verify("staff", token)["sub"] == claims["sub"]
    with pytest.raises(Unauthenticated):
        SigningKeys(None, SecretStr("u" * 32)).verify("staff", token)


@pytest.mark.parametrize("content", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_file_without_a_usable_key_is_refused_at_start_without_showing_it(tmp_path, content):
    file = tmp_path / "keys"
    file.write_text(content)
    with pytest.raises(BadSigningKeys) as refused:
        SigningKeys(file, SECRET)
    assert "AAAA" not in str(refused.value)
    with pytest.raises(BadSigningKeys):
        SigningKeys(tmp_path / "missing", SECRET)
