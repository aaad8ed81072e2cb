"""Logging in over HTTP, against a real PostgreSQL and Redis."""

import time

import pytest
from markezy.accounts.throttle import FAILURES_PER_ACCOUNT, STRANGERS_REMEMBERED
from sqlalchemy import text

from tests.markezy.accounts.agencies import PASSWORD


def test_right_credentials_give_tokens_that_work(make_agency, log_in, get):
    agency = make_agency("owner")
    tokens = log_in(agency.email("owner"))
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 900
    me = get("/api/v1/me", tokens["access_token"]).json()
    assert me["email"] == agency.email("owner")
    assert me["role"] == "owner"
    assert me["tenant"]["id"] == str(agency.tenant_id)
    assert "users.read" in me["permissions"]


def test_tokens_are_not_stored_by_caches(make_agency, post):
    answer = post("login", {"email": make_agency().email("owner"), "password": PASSWORD})
    assert answer.headers["Cache-Control"] == "no-store"


def test_e_mail_is_found_in_any_case(make_agency, post):
    answer = post("login", {"email": make_agency().email("owner").upper(), "password": PASSWORD})
    assert answer.status_code == 200


def test_unknown_address_and_wrong_password_are_answered_alike(make_agency, post):
    wrong_password = post("login", {"email": make_agency().email("owner"), "password": "wrong"})
    unknown_address = post("login", {"email": "nobody@nowhere.example", "password": "wrong"})
    assert wrong_password.status_code == unknown_address.status_code == 401
    assert wrong_password.json() == unknown_address.json()
    assert wrong_password.headers["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("costly_passwords")
def test_unknown_address_takes_as_long_as_a_wrong_password(make_agency, post):
    known = make_agency().email("owner")

    def seconds(email: str) -> float:
        started = time.perf_counter()
        post("login", {"email": email, "password": "wrong"})
        return time.perf_counter() - started

    fastest_known = min(seconds(known) for _ in range(4))
    fastest_unknown = min(seconds("nobody@nowhere.example") for _ in range(4))
    # Without the decoy hash an unknown address answers in a tenth of the time.
    assert fastest_unknown > fastest_known / 3


def test_password_is_stored_as_an_argon2id_hash_only(make_agency, database):
    agency = make_agency()
    with database.transaction(agency.tenant_id) as connection:
        stored = connection.execute(text("SELECT password_hash FROM staff_user")).scalar_one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"email": "a@b.example"}, 422),
        ({"email": "", "password": "x"}, 422),
        ({"email": ["a"], "password": "x"}, 422),
        ({"email": "a" * 400, "password": "x"}, 401),
        ({"email": "a@b.example", "password": "x" * 5000}, 401),
        ({"email": "nul\0@b.example", "password": "x"}, 401),
        ({"email": "ünïcode@b.example", "password": "pässwörd 🔑"}, 401),
        ([], 422),
    ],
)
def test_odd_bodies_are_refused_clearly(post, body, status):
    answer = post("login", body)
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_repeated_failures_are_slowed_down_even_with_the_right_password(make_agency, post):
    email = make_agency().email("owner")
    for _ in range(FAILURES_PER_ACCOUNT):
        assert post("login", {"email": email, "password": "wrong"}).status_code == 401
    refused = post("login", {"email": email, "password": PASSWORD})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900


def test_spelling_the_address_differently_gives_no_further_attempts(make_agency, post):
    email = make_agency().email("owner")
    for _ in range(FAILURES_PER_ACCOUNT):
        post("login", {"email": email, "password": "wrong"})
    assert post("login", {"email": email.upper(), "password": "wrong"}).status_code == 429


def test_one_throttled_account_leaves_the_others_alone(make_agency, post, log_in):
    agency = make_agency("owner", "agent")
    for _ in range(FAILURES_PER_ACCOUNT + 1):
        post("login", {"email": agency.email("owner"), "password": "wrong"})
    assert log_in(agency.email("agent"))["access_token"]


def test_success_forgets_the_failures_before_it(make_agency, post, log_in):
    email = make_agency().email("owner")
    for _ in range(2):
        for _ in range(FAILURES_PER_ACCOUNT - 1):
            assert post("login", {"email": email, "password": "wrong"}).status_code == 401
        assert log_in(email)["access_token"]


def test_throttle_forgets_in_time_and_keeps_no_address(make_agency, post, redis):
    email = make_agency().email("owner")
    post("login", {"email": email, "password": "wrong"})
    keys = list(redis.scan_iter("markezy:login:*"))
    assert keys
    for key in keys:
        assert 0 < redis.ttl(key) <= STRANGERS_REMEMBERED.total_seconds()
        assert email.encode() not in key
        assert b"127.0.0.1" not in key
