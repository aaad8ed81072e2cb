"""Refresh, reuse, logout: what keeps a login alive and what ends it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text


def test_refresh_gives_new_tokens_that_work(make_agency, log_in, post, get):
    first = log_in(make_agency().email("owner"))
    second = post("refresh", {"refresh_token": first["refresh_token"]}).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert get("/api/v1/me", second["access_token"]).status_code == 200
    assert post("refresh", {"refresh_token": second["refresh_token"]}).status_code == 200


def test_used_refresh_token_ends_the_session_for_thief_and_owner(make_agency, log_in, post):
    first = log_in(make_agency().email("owner"))
    second = post("refresh", {"refresh_token": first["refresh_token"]}).json()
    assert post("refresh", {"refresh_token": first["refresh_token"]}).status_code == 401
    assert post("refresh", {"refresh_token": second["refresh_token"]}).status_code == 401


def test_of_two_simultaneous_refreshes_only_one_wins(make_agency, log_in, post):
    token = log_in(make_agency().email("owner"))["refresh_token"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: post("refresh", {"refresh_token": token}).status_code, range(2)))
    assert sorted(answers) == [200, 401]


def test_other_sessions_of_the_user_survive_a_reuse(make_agency, log_in, post):
    email = make_agency().email("owner")
    stolen, untouched = log_in(email), log_in(email)
    post("refresh", {"refresh_token": stolen["refresh_token"]})
    post("refresh", {"refresh_token": stolen["refresh_token"]})
    assert post("refresh", {"refresh_token": untouched["refresh_token"]}).status_code == 200


def test_refresh_token_is_stored_as_a_hash_only(make_agency, log_in, database):
    agency = make_agency()
    token = log_in(agency.email("owner"))["refresh_token"]
    with database.transaction(agency.tenant_id) as connection:
        stored = connection.execute(text("SELECT refresh_hash FROM staff_session")).scalar_one()
    assert len(stored) == 32
    assert token.encode() not in stored


def test_logout_ends_the_refresh_token(make_agency, log_in, post):
    tokens = log_in(make_agency().email("owner"))
    assert post("logout", token=tokens["access_token"]).status_code == 204
    assert post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_expired_session_is_over(make_agency, log_in, post, database):
    agency = make_agency()
    tokens = log_in(agency.email("owner"))
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE staff_session SET expires_at = now() - interval '1 second'"))
    assert post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_next_login_sweeps_the_users_expired_sessions(make_agency, log_in, database):
    agency = make_agency()
    log_in(agency.email("owner"))
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE staff_session SET expires_at = now() - interval '1 second'"))
    log_in(agency.email("owner"))
    with database.transaction(agency.tenant_id) as connection:
        assert connection.execute(text("SELECT count(*) FROM staff_session")).scalar_one() == 1


def test_refresh_takes_a_changed_role_over(make_agency, log_in, post, get, database):
    agency = make_agency("owner")
    first = log_in(agency.email("owner"))
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE staff_user SET role = 'read_only'"))
    second = post("refresh", {"refresh_token": first["refresh_token"]}).json()
    assert get("/guarded/users.read", second["access_token"]).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "é" * 20, "A" * 86, "!" * 86])
def test_made_up_refresh_tokens_are_refused(post, token):
    assert post("refresh", {"refresh_token": token}).status_code == 401
