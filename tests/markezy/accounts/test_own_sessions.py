"""Staff see where they are logged in and end it; what ends, ends at once."""

from datetime import timedelta

import pytest
import requests
from markezy.accounts.api import console_log_in, device_of
from sqlalchemy import text

from tests.markezy.accounts.agencies import PASSWORD


@pytest.fixture
def agency(make_agency):
    return make_agency("owner", "agent")


@pytest.fixture
def two(agency, log_in):
    """Tokens of one owner on two devices."""
    return log_in(agency.email("owner")), log_in(agency.email("owner"))


def test_list_tells_where_and_since_when_and_which_one_asks(two, agency, log_in, ask):
    here, _ = two
    log_in(agency.email("agent"))
    items = ask("GET", "/sessions", here["access_token"]).json()["items"]
    assert len(items) == 2
    assert [item["current"] for item in items].count(True) == 1
    assert {item["network"] for item in items} == {"127.0.0.0/24"}
    assert all(item["user_agent"].startswith("python-requests/") for item in items)
    assert all(item["last_used_at"] >= item["created_at"] for item in items)


def test_nothing_about_the_device_can_be_read_in_the_database(two, agency, database):
    with database.transaction(agency.tenant_id) as connection:
        rows = connection.execute(text("SELECT staff_session::text, device FROM staff_session")).all()
    for whole, device in rows:
        assert "127.0.0" not in whole
        assert b"127.0.0" not in device
        assert b"requests" not in device


def test_ended_session_is_over_at_once_for_both_its_tokens(two, ask, post):
    here, there = two
    sessions = ask("GET", "/sessions", here["access_token"]).json()["items"]
    (other,) = (one["id"] for one in sessions if not one["current"])
    for _ in range(2):
        assert ask("DELETE", f"/sessions/{other}", here["access_token"]).status_code == 204
    assert ask("GET", "/me", there["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": there["refresh_token"]}).status_code == 401
    assert ask("GET", "/me", here["access_token"]).status_code == 200


def test_nobody_ends_a_colleagues_session(two, agency, log_in, ask):
    here, _ = two
    agent = log_in(agency.email("agent"))["access_token"]
    (theirs,) = (one["id"] for one in ask("GET", "/sessions", agent).json()["items"])
    assert ask("DELETE", f"/sessions/{theirs}", here["access_token"]).status_code == 404
    assert ask("GET", "/me", agent).status_code == 200


def test_all_others_end_and_the_own_one_stays(two, agency, log_in, ask):
    here, there = two
    agent = log_in(agency.email("agent"))["access_token"]
    assert ask("DELETE", "/sessions", here["access_token"]).json() == {"ended": 1}
    assert ask("GET", "/me", there["access_token"]).status_code == 401
    assert ask("GET", "/me", here["access_token"]).status_code == 200
    assert ask("GET", "/me", agent).status_code == 200


def test_logout_ends_the_access_token_too(two, post, ask):
    here, _ = two
    post("logout", token=here["access_token"])
    assert ask("GET", "/me", here["access_token"]).status_code == 401


def test_reused_refresh_token_ends_the_access_tokens_of_its_family(two, post, ask):
    here, _ = two
    renewed = post("refresh", {"refresh_token": here["refresh_token"]}).json()
    assert post("refresh", {"refresh_token": here["refresh_token"]}).status_code == 401
    assert ask("GET", "/me", renewed["access_token"]).status_code == 401


def test_new_password_ends_the_other_sessions_and_the_old_password(two, agency, ask, post):
    here, there = two
    change = {"current": PASSWORD, "new": "a brand new password"}
    assert ask("PUT", "/me/password", here["access_token"], change).status_code == 204
    assert ask("GET", "/me", here["access_token"]).status_code == 200
    assert ask("GET", "/me", there["access_token"]).status_code == 401
    email = agency.email("owner")
    assert post("login", {"email": email, "password": PASSWORD}).status_code == 401
    assert post("login", {"email": email, "password": change["new"]}).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"current": "not my password", "new": "a brand new password"}, 403),
        ({"current": PASSWORD, "new": "short"}, 422),
        ({"current": PASSWORD, "new": "x" * 1025}, 422),
        ({"current": PASSWORD}, 422),
        ({"current": PASSWORD, "new": "a brand new password", "more": 1}, 422),
    ],
)
def test_refused_change_of_the_password_changes_nothing(two, change, status, ask, log_in, agency):
    here, there = two
    assert ask("PUT", "/me/password", here["access_token"], change).status_code == status
    assert ask("GET", "/me", there["access_token"]).status_code == 200
    assert log_in(agency.email("owner"))


@pytest.mark.parametrize(("rested", "status"), [("7 hours 59 minutes", 200), ("8 hours", 401)])
def test_console_session_ends_when_nobody_uses_it(agency, database, services, base_url, rested, status):
    with database.unscoped() as connection:
        device = device_of("127.0.0.1", "Firefox")
        cookie = console_log_in(connection, services, agency.email("owner"), PASSWORD, "127.0.0.1", device)
    rest = text("UPDATE staff_session SET last_used_at = last_used_at - CAST(:rested AS interval)")
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(rest, {"rested": rested})
    cookies = {cookie.name: cookie.value}
    assert requests.get(f"{base_url}/api/v1/me", cookies=cookies, timeout=20).status_code == status
    # Being used, it begins to rest anew.
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(rest, {"rested": "2 hours"})
    assert requests.get(f"{base_url}/api/v1/me", cookies=cookies, timeout=20).status_code == status


@pytest.mark.parametrize(("rested", "status"), [("6 days 23 hours", 200), ("7 days", 401)])
def test_api_session_ends_when_nobody_uses_it_for_a_week(two, agency, database, post, ask, rested, status):
    here, there = two
    rest = text("UPDATE staff_session SET last_used_at = last_used_at - CAST(:rested AS interval)")
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(rest, {"rested": rested})
    assert ask("GET", "/me", here["access_token"]).status_code == status
    assert post("refresh", {"refresh_token": there["refresh_token"]}).status_code == status


@pytest.mark.parametrize("kind", ["api", "console"])
def test_session_ends_in_the_end_however_much_it_is_used(two, agency, database, services, base_url, ask, kind):
    here, _ = two
    with database.unscoped() as connection:
        device = device_of("127.0.0.1", "Firefox")
        cookie = console_log_in(connection, services, agency.email("owner"), PASSWORD, "127.0.0.1", device)
    with database.transaction(agency.tenant_id) as connection:
        longest = dict(
            connection.execute(text("SELECT kind, max(expires_at - created_at) FROM staff_session GROUP BY kind")).all()
        )
        assert longest == {"api": timedelta(days=30), "console": timedelta(hours=12)}
        connection.execute(text("UPDATE staff_session SET last_used_at = now(), expires_at = now()"))
    if kind == "api":
        assert ask("GET", "/me", here["access_token"]).status_code == 401
    else:
        cookies = {cookie.name: cookie.value}
        assert requests.get(f"{base_url}/api/v1/me", cookies=cookies, timeout=20).status_code == 401


def test_refreshing_does_not_make_a_session_longer(two, agency, database, post):
    expiry = text("SELECT max(expires_at) FROM staff_session")
    with database.transaction(agency.tenant_id) as connection:
        before = connection.execute(expiry).scalar_one()
    assert post("refresh", {"refresh_token": two[0]["refresh_token"]}).status_code == 200
    with database.transaction(agency.tenant_id) as connection:
        assert connection.execute(expiry).scalar_one() == before
