"""Getting into the console, staying out of it, and what every answer protects."""

import pytest
import requests
from markezy.accounts.throttle import FAILURES_PER_ACCOUNT


def test_stranger_is_led_to_the_login_form_and_back(make_staff):
    person = make_staff()
    wanted = "/console/leads?state=qualified"
    form = person.get(wanted)
    assert form.url.startswith(f"{person.url}/console/login?next=")
    assert 'name="next" value="/console/leads?state=qualified"' in form.text
    answer = person.log_in(next=wanted)
    assert (answer.status_code, answer.headers["Location"]) == (303, wanted)
    assert person.get(wanted).status_code == 200


def test_cookie_is_out_of_reach_for_scripts_and_other_sites(make_staff):
    cookie = make_staff().log_in().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_wrong_password_says_so_keeps_the_address_and_never_the_password(make_staff):
    person = make_staff()
    answer = person.log_in("not-the-password")
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert person.email in answer.text
    assert "not-the-password" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_too_many_failures_say_how_long_to_wait(make_staff):
    person = make_staff()
    for _ in range(FAILURES_PER_ACCOUNT):
        person.log_in("wrong")
    answer = person.log_in()
    assert answer.status_code == 429
    assert "15 min" in answer.text


NOBODY = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/console\\@evil.example", "/console/\r\nX: 1", ""],
)
def test_login_sends_nobody_to_another_site(make_staff, elsewhere):
    assert make_staff().log_in(next=elsewhere).headers["Location"] == "/console/leads"


def test_login_form_posted_from_another_site_is_refused(make_staff):
    person = make_staff()
    form = {"email": person.email, "password": "correct horse battery"}
    answer = person.post("/console/login", form, headers={"Origin": "https://evil.example"}, allow_redirects=False)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_logged_in_user_skips_the_login_form(staff):
    assert staff.get("/console/login", allow_redirects=False).headers["Location"] == "/console/leads"


def test_logout_ends_the_session_even_for_a_copied_cookie(staff):
    copied = dict(staff.browser.cookies)
    assert staff.post("/console/logout", allow_redirects=False).headers["Location"] == "/console/login"
    answer = requests.get(f"{staff.url}/console/leads", cookies=copied, allow_redirects=False, timeout=20)
    assert answer.status_code == 303


def test_logout_from_another_site_is_refused(staff):
    assert staff.post("/console/logout", headers={"Origin": "https://evil.example"}).status_code == 403
    assert staff.get("/console/leads", allow_redirects=False).status_code == 200


def test_fragment_request_without_a_session_leads_the_whole_page_to_the_login(make_staff):
    answer = make_staff().get("/console/leads", headers={"HX-Request": "true"}, allow_redirects=False)
    assert answer.headers["HX-Redirect"] == "/console/login"


def test_link_from_another_site_asks_once_more_so_that_the_cookie_comes_along(make_staff):
    answer = make_staff().get(
        "/console/leads?q=a&state=new", headers={"Sec-Fetch-Site": "cross-site"}, allow_redirects=False
    )
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/console/leads?q=a&amp;state=new">' in answer.text


@pytest.mark.parametrize(
    "path", ["/console/leads", "/console/login", "/console/nowhere", "/console/static/console.css"]
)
def test_every_answer_carries_the_protective_headers(staff, path):
    headers = staff.get(path, allow_redirects=False).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_stay_out_of_caches_and_files_stay_in(staff):
    assert staff.get("/console/leads").headers["Cache-Control"] == "no-store"
    assert "immutable" in staff.get("/console/static/console.css").headers["Cache-Control"]


def test_pages_hold_no_inline_script_or_style(staff):
    page = staff.get("/console/leads").text
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page


@pytest.mark.parametrize("path", ["/console/nowhere", "/console/leads/not-an-id", f"/console/leads/{NOBODY}"])
def test_addresses_that_lead_nowhere_are_explained(staff, path):
    answer = staff.get(path)
    assert answer.status_code == 404
    assert "We can&#39;t find this page" in answer.text
    assert 'href="/console/leads"' in answer.text


def test_root_and_console_lead_to_the_leads(staff):
    for path in ("/", "/console"):
        assert staff.get(path).url == f"{staff.url}/console/leads"
