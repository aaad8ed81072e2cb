"""A forgotten password: a letter to whoever has the account, one use, one hour, and no word about who has one."""

import time
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from markezy.accounts.own_account import throttle_of
from markezy.accounts.throttle import RESETS_PER_ACCOUNT, STRANGERS_PER_ACCOUNT
from sqlalchemy import text

from tests.markezy.accounts.agencies import PASSWORD

NEW = "a brand new password"


@pytest.fixture
def agency(make_agency):
    return make_agency("owner")


@pytest.fixture
def link(agency, post, post_office):
    assert post("password-reset", {"email": agency.email("owner").upper()}).status_code == 202
    return post_office.link(agency.tenant_id)


def test_link_sets_a_new_password_once_and_ends_all_sessions(agency, log_in, post, link, get):
    open_session = log_in(agency.email("owner"))
    assert post("password-reset/finish", {"token": link, "password": NEW}).status_code == 204
    assert get("/api/v1/me", open_session["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": open_session["refresh_token"]}).status_code == 401
    assert post("login", {"email": agency.email("owner"), "password": PASSWORD}).status_code == 401
    assert post("login", {"email": agency.email("owner"), "password": NEW}).status_code == 200
    assert post("password-reset/finish", {"token": link, "password": PASSWORD}).status_code == 404


def test_answer_is_the_same_whether_the_address_has_an_account(agency, post, post_office, make_agency, database):
    gone = make_agency("owner")
    with database.transaction(gone.tenant_id) as connection:
        connection.execute(text("UPDATE staff_user SET deactivated_at = now()"))
    answers = []
    for email in (agency.email("owner"), "nobody@nowhere.example", gone.email("owner"), "not an address", "nul\0"):
        started = time.perf_counter()
        answer = post("password-reset", {"email": email})
        answers.append((answer.status_code, answer.text))
        assert 0.2 < time.perf_counter() - started < 2
    assert len(set(answers)) == 1
    assert len(post_office.deliver(agency.tenant_id)) == 1
    assert post_office.deliver(gone.tenant_id) == []


def test_letters_are_limited_for_every_address_alike(agency, post):
    for email in (agency.email("owner"), "nobody@nowhere.example"):
        statuses = [post("password-reset", {"email": email}).status_code for _ in range(RESETS_PER_ACCOUNT + 1)]
        assert statuses == [202] * RESETS_PER_ACCOUNT + [429]


def test_used_link_takes_the_others_along(agency, post, post_office, link):
    post("password-reset", {"email": agency.email("owner")})
    second = post_office.link(agency.tenant_id)
    assert post("password-reset/finish", {"token": second, "password": NEW}).status_code == 204
    assert post("password-reset/finish", {"token": link, "password": PASSWORD}).status_code == 404


def test_of_two_simultaneous_uses_one_wins(post, link):
    with ThreadPoolExecutor(2) as pool:
        passwords = [NEW, "another new password"]
        answers = pool.map(lambda each: post("password-reset/finish", {"token": link, "password": each}), passwords)
        assert sorted(answer.status_code for answer in answers) == [204, 404]


def test_link_expires(agency, post, link, database):
    with database.transaction(agency.tenant_id) as connection:
        hour = connection.execute(text("SELECT expires_at - created_at FROM password_reset")).scalar_one()
        connection.execute(text("UPDATE password_reset SET expires_at = now()"))
    assert 3590 < hour.total_seconds() < 3610
    assert post("password-reset/finish", {"token": link, "password": NEW}).status_code == 404


def test_bad_password_leaves_the_link_good(post, link):
    assert post("password-reset/finish", {"token": link, "password": "short"}).status_code == 422
    assert post("password-reset/finish", {"token": link, "password": NEW}).status_code == 204


def test_link_is_nowhere_but_in_the_letter(agency, link, post_office):
    assert link not in post_office.everything_stored(agency.tenant_id)


def test_second_factor_is_still_asked_for(agency, log_in, ask, post, link):
    token = log_in(agency.email("owner"))["access_token"]
    secret = ask("POST", "/me/totp", token, {"password": PASSWORD}).json()["secret"]
    ask("POST", "/me/totp/confirm", token, {"code": pyotp.TOTP(secret).now()})
    assert post("password-reset/finish", {"token": link, "password": NEW}).status_code == 204
    refused = post("login", {"email": agency.email("owner"), "password": NEW})
    assert refused.json()["code_required"] is True


def test_link_of_a_deactivated_account_works_no_more(agency, post, link, database):
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE staff_user SET deactivated_at = now()"))
    assert post("password-reset/finish", {"token": link, "password": NEW}).status_code == 404


def test_link_lets_the_owner_in_while_somebody_guesses_from_everywhere(agency, post, link, services):
    """On a journey, from an address that nobody knows, the letter is the way around the guesses of others."""
    email = agency.email("owner")
    for number in range(STRANGERS_PER_ACCOUNT):
        throttle_of(services).admit(email, f"203.0.113.{number}")
    assert post("login", {"email": email, "password": PASSWORD}).status_code == 429
    assert post("password-reset/finish", {"token": link, "password": NEW}).status_code == 204
    assert post("login", {"email": email, "password": NEW}).status_code == 200
