"""The console's cookie: what it opens, from where, and when it stops."""

import pytest
import requests
from markezy.accounts.api import Device, console_log_in, console_log_out
from markezy.accounts.throttle import FAILURES_PER_ACCOUNT
from markezy.kernel.errors import TooManyRequests, Unauthenticated
from markezy.kernel.http import Cookie
from sqlalchemy import text

from tests.markezy.accounts.agencies import PASSWORD

BROWSER = Device("127.0.0.0/24", "Firefox")


@pytest.fixture
def agency(make_agency):
    return make_agency("owner")


@pytest.fixture
def cookies(agency, database, services):
    with database.unscoped() as connection:
        cookie = console_log_in(connection, services, agency.email("owner"), PASSWORD, "127.0.0.1", BROWSER)
    assert isinstance(cookie, Cookie)
    return {cookie.name: cookie.value}


def test_cookie_opens_reading(base_url, cookies, agency):
    answer = requests.get(f"{base_url}/guarded/leads.read", cookies=cookies, timeout=20)
    assert answer.json() == {"tenant_id": str(agency.tenant_id), "id": str(agency.users["owner"])}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "{own}"}, 403),
        ({"Origin": "{own}"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_cookie_writes_only_from_the_consoles_own_pages(base_url, cookies, headers, status):
    sent = {name: value.format(own=base_url) for name, value in headers.items()}
    answer = requests.post(f"{base_url}/guarded/leads.write", cookies=cookies, headers=sent, timeout=20)
    assert answer.status_code == status


def test_revoked_session_is_over_at_once(base_url, cookies, agency, database, services):
    with database.transaction(agency.tenant_id) as connection:
        session_id = connection.execute(text("SELECT id FROM staff_session")).scalar_one()
        removal = console_log_out(connection, services, agency.tenant_id, session_id)
    assert removal.max_age == 0
    assert requests.get(f"{base_url}/guarded/leads.read", cookies=cookies, timeout=20).status_code == 401


def test_changed_role_counts_at_once(base_url, cookies, agency, database):
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE staff_user SET role = 'read_only'"))
    assert requests.get(f"{base_url}/guarded/users.read", cookies=cookies, timeout=20).status_code == 403


def test_cookie_is_no_access_token(base_url, cookies):
    (value,) = cookies.values()
    answer = requests.get(f"{base_url}/guarded/leads.read", headers={"Authorization": f"Bearer {value}"}, timeout=20)
    assert answer.status_code == 401


def test_access_token_is_no_cookie(base_url, cookies, agency, log_in):
    (name,) = cookies
    token = log_in(agency.email("owner"))["access_token"]
    answer = requests.get(f"{base_url}/guarded/leads.read", cookies={name: token}, timeout=20)
    assert answer.status_code == 401


def test_console_login_is_throttled_like_the_api(agency, database, services):
    def attempt(password):
        with database.unscoped() as connection:
            console_log_in(connection, services, agency.email("owner"), password, "203.0.113.9", BROWSER)

    for _ in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(Unauthenticated):
            attempt("wrong")
    with pytest.raises(TooManyRequests):
        attempt(PASSWORD)
