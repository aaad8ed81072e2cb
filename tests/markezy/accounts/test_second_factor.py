"""A second factor: turned on by its owner, asked for at every login, each code once."""

import re
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pyotp
import pytest
from markezy.accounts import second_factor
from markezy.accounts.api import Device, Pending, console_confirm, console_log_in
from markezy.accounts.throttle import CODES_PER_ACCOUNT
from markezy.kernel.errors import TooManyRequests, Unauthenticated
from markezy.kernel.http import Cookie
from sqlalchemy import text

from tests.markezy.accounts.agencies import PASSWORD

BROWSER = Device("127.0.0.0/24", "Firefox")


@pytest.fixture
def agency(make_agency):
    return make_agency("owner", "agent")


@pytest.fixture
def enrolled(agency, log_in, ask):
    """The secret, the recovery codes and a token of an owner whose second factor is on; their last code is some periods old."""
    token = log_in(agency.email("owner"))["access_token"]
    secret = ask("POST", "/me/totp", token, {"password": PASSWORD}).json()["secret"]
    codes = ask("POST", "/me/totp/confirm", token, {"code": pyotp.TOTP(secret).now()}).json()["recovery_codes"]
    return secret, codes, token


@pytest.fixture
def forget_used_codes(agency, database):
    """As if the last code was taken long ago, so that a test needs not wait for the next one."""

    def forget():
        with database.transaction(agency.tenant_id) as connection:
            connection.execute(text("UPDATE staff_totp SET last_step = 0"))

    return forget


@pytest.fixture
def log_in_with(agency, post):
    def send(code=None, password=PASSWORD):
        return post("login", {"email": agency.email("owner"), "password": password, "code": code})

    return send


def test_enrolment_shows_what_an_app_needs(agency, log_in, ask):
    answer = ask("POST", "/me/totp", log_in(agency.email("owner"))["access_token"], {"password": PASSWORD})
    shown = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert pyotp.parse_uri(shown["uri"]).secret == shown["secret"]
    assert agency.email("owner") == pyotp.parse_uri(shown["uri"]).name
    assert ElementTree.fromstring(shown["qr_svg"]).tag.endswith("svg")


def test_an_unconfirmed_factor_asks_for_nothing(agency, log_in, ask, log_in_with):
    ask("POST", "/me/totp", log_in(agency.email("owner"))["access_token"], {"password": PASSWORD})
    assert log_in_with().status_code == 200


def test_login_asks_for_the_code_and_takes_it(enrolled, forget_used_codes, log_in_with, get):
    secret, _, _ = enrolled
    refused = log_in_with()
    assert refused.status_code == 401
    assert refused.json()["code_required"] is True
    forget_used_codes()
    accepted = log_in_with(pyotp.TOTP(secret).now())
    assert accepted.status_code == 200
    assert get("/api/v1/me", accepted.json()["access_token"]).json()["second_factor"] is True


def test_whether_there_is_a_factor_is_told_only_to_who_knows_the_password(enrolled, log_in_with):
    assert "code_required" not in log_in_with(password="wrong").json()


def test_wrong_code_lets_nobody_in(enrolled, log_in_with):
    for code in ("000000", "12345", "١٢٣٤٥٦", " ", "x" * 100, "-" * 30):
        answer = log_in_with(code)
        assert answer.status_code == 401, code


def test_each_code_works_once(enrolled, forget_used_codes, log_in_with):
    secret, _, _ = enrolled
    forget_used_codes()
    code = pyotp.TOTP(secret).now()
    assert log_in_with(code).status_code == 200
    assert log_in_with(code).status_code == 401


def test_of_two_simultaneous_uses_of_a_code_one_wins(enrolled, forget_used_codes, log_in_with):
    secret, _, _ = enrolled
    forget_used_codes()
    code = pyotp.TOTP(secret).now()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: log_in_with(code).status_code, range(2)))
    assert sorted(answers) == [200, 401]


def test_the_code_that_confirmed_is_used_up(agency, log_in, ask, log_in_with):
    token = log_in(agency.email("owner"))["access_token"]
    code = pyotp.TOTP(ask("POST", "/me/totp", token, {"password": PASSWORD}).json()["secret"]).now()
    assert ask("POST", "/me/totp/confirm", token, {"code": code}).status_code == 200
    assert log_in_with(code).status_code == 401


def test_recovery_codes_work_once_each_as_people_type_them(enrolled, log_in_with):
    _, codes, _ = enrolled
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert all(re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code) for code in codes)
    assert log_in_with(codes[0].lower().replace("-", " ")).status_code == 200
    assert log_in_with(codes[0]).status_code == 401
    assert log_in_with(codes[1]).status_code == 200


def test_neither_secret_nor_recovery_codes_can_be_read_in_the_database(enrolled, agency, database):
    secret, codes, _ = enrolled
    with database.transaction(agency.tenant_id) as connection:
        boxes = connection.execute(text("SELECT secret FROM staff_totp")).scalars().all()
        digests = connection.execute(text("SELECT digest FROM staff_recovery_code")).scalars().all()
    stored = b"".join([*boxes, *digests])
    for plain in (secret, *codes, *(code.replace("-", "") for code in codes)):
        assert plain.encode() not in stored


def test_enrolment_and_turning_off_need_the_password_not_only_an_open_session(enrolled, agency, log_in, ask):
    _, _, token = enrolled
    agent = log_in(agency.email("agent"))["access_token"]
    assert ask("POST", "/me/totp", agent, {"password": "not mine at all"}).status_code == 403
    assert ask("POST", "/me/totp/disable", token, {"password": "not mine at all"}).status_code == 403
    assert ask("GET", "/me", token).json()["second_factor"] is True


def test_turned_off_the_password_is_enough_again(enrolled, log_in_with, ask):
    _, codes, token = enrolled
    assert ask("POST", "/me/totp/disable", token, {"password": PASSWORD}).status_code == 204
    assert ask("POST", "/me/totp/disable", token, {"password": PASSWORD}).status_code == 204
    assert log_in_with().status_code == 200
    assert log_in_with(codes[0]).status_code == 200


def test_an_active_factor_is_not_replaced(enrolled, ask):
    _, _, token = enrolled
    assert ask("POST", "/me/totp", token, {"password": PASSWORD}).status_code == 409


def test_enrolments_secret_is_not_kept_for_repeated_requests(agency, log_in, ask):
    token = log_in(agency.email("owner"))["access_token"]
    key = {"Idempotency-Key": "the-same"}
    first, second = (ask("POST", "/me/totp", token, {"password": PASSWORD}, **key).json()["secret"] for _ in range(2))
    assert first != second


def test_guessing_codes_is_slowed_down_from_wherever_it_comes(enrolled, forget_used_codes, agency, database, services):
    secret, _, _ = enrolled

    def attempt(address, code):
        with database.unscoped() as connection:
            pending = console_log_in(connection, services, agency.email("owner"), PASSWORD, address, BROWSER)
        assert isinstance(pending, Pending)
        with database.unscoped() as connection:
            console_confirm(connection, services, pending.token, code, address, BROWSER)

    for place in range(CODES_PER_ACCOUNT):
        with pytest.raises(Unauthenticated):
            attempt(f"203.0.113.{place}", "000000")
    forget_used_codes()
    with pytest.raises(TooManyRequests):
        attempt("198.51.100.1", pyotp.TOTP(secret).now())


def test_console_asks_for_the_code_in_a_second_step(enrolled, forget_used_codes, agency, database, services):
    secret, _, _ = enrolled
    forget_used_codes()
    with database.unscoped() as connection:
        pending = console_log_in(connection, services, agency.email("owner"), PASSWORD, "127.0.0.1", BROWSER)
    assert isinstance(pending, Pending)
    with database.unscoped() as connection, pytest.raises(Unauthenticated):
        console_confirm(connection, services, pending.token, "000000", "127.0.0.1", BROWSER)
    with database.unscoped() as connection:
        cookie = console_confirm(connection, services, pending.token, pyotp.TOTP(secret).now(), "127.0.0.1", BROWSER)
    assert isinstance(cookie, Cookie)


def test_the_first_steps_token_opens_nothing_by_itself(enrolled, agency, database, services, get, base_url):
    with database.unscoped() as connection:
        pending = console_log_in(connection, services, agency.email("owner"), PASSWORD, "127.0.0.1", BROWSER)
    assert get("/api/v1/me", pending.token).status_code == 401
