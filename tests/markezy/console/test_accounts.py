"""The pages about people: one's own account, the team, API keys, and what the letters' links lead to."""

import html
import re

import pyotp
import pytest
import requests
from markezy.accounts import links
from markezy.accounts.api import add_user, invite, request_reset, user
from markezy.accounts.roles import GRANTS, Role, allows
from markezy.kernel.http import Services
from sqlalchemy import text

from tests.markezy.console.conftest import PASSWORD

NEW = "a brand new password"


@pytest.fixture
def services(settings, database, redis):
    return Services(settings, database, redis)


@pytest.fixture
def colleague(staff, database):
    with database.transaction(staff.tenant_id) as connection:
        return add_user(
            connection, staff.tenant_id,
            email=f"ravi@{staff.tenant_id}.example", name="Ravi <b>Menon</b>", role="agent", password=PASSWORD,
        )  # fmt: skip


@pytest.fixture
def enrol(staff):
    """Turn the second factor on by the pages; the secret and the recovery codes."""

    def walk():
        page = staff.post("/console/account/second-factor", {"password": PASSWORD})
        secret = re.search(r'class="secret">([A-Z2-7]+)<', page.text)[1]
        confirmed = staff.post("/console/account/second-factor/confirm", {"code": pyotp.TOTP(secret).now()})
        return secret, re.search(r'id="codes">([^<]+)<', confirmed.text)[1].split()

    return walk


@pytest.fixture
def invitation(staff, database, settings):
    """The path of the page an invitation leads to."""
    with database.transaction(staff.tenant_id) as connection:
        me = user(connection, staff.tenant_id, connection.execute(text("SELECT id FROM staff_user")).scalar_one())
        made = invite(connection, me, f"ines@{staff.tenant_id}.example", "Inès Ferrand", "agent", "correlation")
    return f"/console/invitation/{links.token_for(settings, links.INVITATION, staff.tenant_id, made.id, made.round)}"


def members(page):
    return re.findall(r'action="/console/team/([0-9a-f-]{36})/(role|deactivate|reactivate)"', page.text)


def test_second_factor_is_set_up_and_asked_for_at_the_next_login(staff, enrol, make_staff, database):
    secret, codes = enrol()
    assert len(codes) == 10
    assert "Recovery codes left: 10" in html.unescape(staff.get("/console/account").text)
    staff.post("/console/logout")
    asked = staff.log_in(next="/console/inbox")
    assert asked.status_code == 200
    assert PASSWORD not in asked.text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    form["next"] = form.get("next", "")
    refused = staff.post("/console/login/code", {**form, "code": "000000"}, allow_redirects=False)
    assert refused.status_code == 401
    assert form["pending"] in refused.text
    with database.transaction(staff.tenant_id) as connection:
        connection.execute(text("UPDATE staff_totp SET last_step = 0"))
    opened = staff.post("/console/login/code", {**form, "code": pyotp.TOTP(secret).now()}, allow_redirects=False)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/console/inbox")
    assert staff.get("/console/account").url.endswith("/console/account")


@pytest.mark.parametrize("pending", ["", "x", "a.b.c"])
def test_made_up_first_step_leads_back_to_the_login(make_staff, pending):
    answer = make_staff().post("/console/login/code", {"pending": pending, "code": "123456"}, allow_redirects=False)
    assert answer.status_code == 401
    assert 'name="password"' in answer.text


def test_second_factor_is_turned_off_with_the_password_only(staff, enrol):
    enrol()
    refused = staff.post("/console/account/second-factor/off", {"password": "wrong"})
    assert refused.status_code == 403
    assert "Your password is not right." in refused.text
    assert "The second factor is off." in staff.post("/console/account/second-factor/off", {"password": PASSWORD}).text


def test_new_password_is_set_and_bad_ones_are_explained(staff):
    for current, new, status in (("wrong", NEW, 403), (PASSWORD, "short", 422)):
        refused = staff.post("/console/account/password", {"current": current, "new": new})
        assert (refused.status_code, 'role="alert"' in refused.text) == (status, True)
    done = staff.post("/console/account/password", {"current": PASSWORD, "new": NEW})
    assert "Your new password is set" in done.text
    staff.post("/console/logout")
    assert staff.log_in().status_code == 401
    assert staff.log_in(NEW).status_code == 303


def test_other_sessions_are_seen_and_ended(staff, make_staff):
    elsewhere = requests.Session()
    form = {"email": staff.email, "password": PASSWORD}
    elsewhere.post(f"{staff.url}/console/login", form, headers={"Origin": staff.url}, timeout=20)
    page = staff.get("/console/account")
    assert page.text.count("From 127.0.0.0/24") == 2
    (other,) = re.findall(r"/console/account/sessions/([0-9a-f-]{36})/end", page.text)
    staff.post(f"/console/account/sessions/{other}/end")
    assert elsewhere.get(f"{staff.url}/console/account", timeout=20).url.startswith(f"{staff.url}/console/login")
    assert staff.get("/console/account").status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_pages_open_by_role(make_staff, role):
    member = make_staff(role)
    member.log_in()
    assert member.get("/console/account").status_code == 200
    for path, permission in (("/console/team", "users.read"), ("/console/api-keys", "api_keys.read")):
        assert member.get(path).status_code == (200 if allows(role, permission) else 403)
    assert ('href="/console/team"' in member.get("/console/leads").text) is allows(role, "users.read")


def test_team_page_shows_the_whole_matrix(staff):
    cells = re.findall(r"<td>.*?visually-hidden\">(yes|no)<", staff.get("/console/team").text)
    assert cells == ["yes" if role in allowed else "no" for allowed in GRANTS.values() for role in Role]


def test_names_are_text_on_the_team_page(staff, colleague):
    page = staff.get("/console/team").text
    assert "<b>" not in page
    assert "Ravi &lt;b&gt;Menon&lt;/b&gt;" in page


def test_role_is_changed_and_access_ended_and_renewed(staff, colleague, make_staff):
    path = f"/console/team/{colleague.id}"
    assert "Saved" in staff.post(f"{path}/role", {"role": "analyst"}).text
    assert (str(colleague.id), "reactivate") in members(staff.post(f"{path}/deactivate"))
    assert (str(colleague.id), "deactivate") in members(staff.post(f"{path}/reactivate"))
    assert staff.post(f"{path}/role", {"role": "ceo"}).status_code == 422


def test_last_owner_and_what_an_admin_may_not_are_explained(staff, make_staff, database):
    with database.transaction(staff.tenant_id) as connection:
        owner = connection.execute(text("SELECT id FROM staff_user")).scalar_one()
    refused = staff.post(f"/console/team/{owner}/role", {"role": "agent"})
    assert refused.status_code == 409
    assert "needs an owner" in refused.text
    admin = make_staff("admin", staff.tenant_id)
    admin.log_in()
    assert admin.post(f"/console/team/{owner}/role", {"role": "agent"}).status_code == 403
    assert (str(owner), "role") not in members(admin.get("/console/team"))


def test_somebody_is_invited_reminded_and_uninvited(staff):
    newcomer = {"name": "Inès", "email": f"ines@{staff.tenant_id}.example", "role": "agent"}
    assert "on its way" in staff.post("/console/team/invitations", newcomer).text
    again = staff.post("/console/team/invitations", newcomer)
    assert (again.status_code, newcomer["email"] in again.text) == (409, True)
    (found,) = set(re.findall(r"/console/team/invitations/([0-9a-f-]{36})/resend", again.text))
    assert "A new letter" in staff.post(f"/console/team/invitations/{found}/resend").text
    assert newcomer["email"] not in staff.post(f"/console/team/invitations/{found}/withdraw").text
    assert staff.post("/console/team/invitations", {**newcomer, "email": "nobody"}).status_code == 422


def test_invitations_page_lets_somebody_join_once(staff, invitation, make_staff):
    page = staff.get(invitation)
    assert "Inès Ferrand" in page.text
    assert staff.post(invitation, {"name": "Inès", "password": "short"}).status_code == 422
    joined = staff.post(invitation, {"name": "Inès", "password": NEW}, allow_redirects=False)
    assert joined.headers["Location"] == "/console/login?done=joined"
    assert staff.get(invitation).status_code == 404
    staff.post("/console/logout")
    form = {"email": f"ines@{staff.tenant_id}.example", "password": NEW}
    assert staff.post("/console/login", form, allow_redirects=False).status_code == 303


def test_forgotten_password_is_replaced_by_the_links_page(staff, database, services, settings):
    assert "a letter is on its way" in staff.post("/console/reset", {"email": "nobody@nowhere.example"}).text
    with database.unscoped() as connection:
        request_reset(connection, services, staff.email, "127.0.0.1", "correlation")
    with database.transaction(staff.tenant_id) as connection:
        reset_id = connection.execute(text("SELECT id FROM password_reset")).scalar_one()
    path = f"/console/reset/{links.token_for(settings, links.RESET, staff.tenant_id, reset_id)}"
    assert staff.get(path).status_code == 200
    assert staff.post(path, {"password": "short"}).status_code == 422
    assert staff.post(path, {"password": NEW}, allow_redirects=False).headers["Location"] == "/console/login?done=reset"
    assert staff.get(path).status_code == 404
    assert staff.get("/console/account").url.startswith(f"{staff.url}/console/login")
    assert staff.log_in(NEW).status_code == 303


@pytest.mark.parametrize("kind", ["invitation", "reset"])
@pytest.mark.parametrize("token", ["x", "A" * 86, "%00", "..%2f..%2fetc"])
def test_links_that_do_not_work_say_so(make_staff, kind, token):
    assert make_staff().get(f"/console/{kind}/{token}").status_code == 404


def test_api_key_is_made_shown_once_works_and_is_revoked(staff):
    made = staff.post("/console/api-keys", {"name": "Reports", "scopes": "leads.read", "days": "30"})
    key = re.search(r"mk_[0-9a-f]{12}_[\w-]{43}", made.text)[0]
    headers = {"Authorization": f"Bearer {key}"}
    assert requests.get(f"{staff.url}/api/v1/leads", headers=headers, timeout=20).status_code == 200
    page = staff.get("/console/api-keys").text
    assert key not in page
    (found,) = re.findall(r"/console/api-keys/([0-9a-f-]{36})/revoke", page)
    assert "opens nothing any more" in staff.post(f"/console/api-keys/{found}/revoke").text
    assert requests.get(f"{staff.url}/api/v1/leads", headers=headers, timeout=20).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"days": "-1"}, {"days": "1000000"}, {"scopes": "users.write"}, {"scopes": ""}],
)
def test_odd_keys_are_explained_and_not_made(staff, wrong):
    refused = staff.post("/console/api-keys", {"name": "Reports", "scopes": "leads.read", "days": "30", **wrong})
    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    assert "/revoke" not in staff.get("/console/api-keys").text


def test_api_key_is_no_way_into_the_console(staff):
    made = staff.post("/console/api-keys", {"name": "Reports", "scopes": "leads.read", "days": "never"})
    key = re.search(r"mk_[0-9a-f]{12}_[\w-]{43}", made.text)[0]
    for path in ("/console/leads", "/console/account", "/console/team"):
        headers = {"Authorization": f"Bearer {key}"}
        assert requests.get(staff.url + path, headers=headers, timeout=20).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/console/account/password", "/console/account/second-factor", "/console/account/second-factor/off",
     "/console/account/sessions/end-others", "/console/team/invitations", "/console/api-keys", "/console/login/code",
     "/console/reset"],
)  # fmt: skip
def test_other_sites_can_send_none_of_the_forms(staff, path):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert staff.post(path, {"password": PASSWORD}, headers=headers).status_code == 403
