"""Joining, changing roles and leaving a team, by the rules of who may do that to whom."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from markezy.kernel.ids import new_id
from sqlalchemy import text

from tests.markezy.accounts.post_office import token_in

NEWCOMER = {"name": "Inès Ferrand", "role": "agent"}
ACCEPTED = {"password": "chosen by myself", "name": "Inès F."}


@pytest.fixture
def agency(make_agency):
    return make_agency("owner", "admin", "agent")


@pytest.fixture
def owner(agency, log_in):
    return log_in(agency.email("owner"))["access_token"]


@pytest.fixture
def admin(agency, log_in):
    return log_in(agency.email("admin"))["access_token"]


@pytest.fixture
def address():
    return f"ines@{new_id()}.example"


def test_invited_person_gets_a_letter_joins_once_and_logs_in(agency, owner, ask, post, post_office, address):
    invited = ask("POST", "/users", owner, {**NEWCOMER, "email": address})
    assert invited.status_code == 201
    (letter,) = post_office.deliver(agency.tenant_id)
    assert letter["To"].addresses[0].addr_spec == address
    assert "Inès" in letter.get_content()
    assert ask("GET", "/invitations", owner).json()["items"] == [invited.json()]
    body = {**ACCEPTED, "token": token_in(letter)}
    joined = post("invitations/accept", body)
    assert joined.status_code == 201
    assert {**joined.json(), **NEWCOMER, "name": "Inès F.", "email": address, "active": True} == joined.json()
    assert post("invitations/accept", body).status_code == 404
    assert ask("GET", "/invitations", owner).json()["items"] == []
    assert post("login", {"email": address, "password": ACCEPTED["password"]}).status_code == 200


def test_link_is_nowhere_but_in_the_letter(agency, owner, ask, post_office, address):
    ask("POST", "/users", owner, {**NEWCOMER, "email": address}, **{"Idempotency-Key": str(new_id())})
    queued = [row.payload for row in post_office.rows(agency.tenant_id)]
    assert [set(payload) for payload in queued] == [{"invitation_id", "round"}]
    token = post_office.link(agency.tenant_id)
    assert token not in post_office.everything_stored(agency.tenant_id)


def test_letter_that_is_sent_twice_has_the_same_link(agency, owner, ask, post_office, address, post):
    ask("POST", "/users", owner, {**NEWCOMER, "email": address})
    first = post_office.deliver(agency.tenant_id)[0]
    with post_office.database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE outbox SET completed_at = NULL"))
    again = post_office.deliver(agency.tenant_id)[0]
    assert (first["Message-ID"], token_in(first)) == (again["Message-ID"], token_in(again))


def test_sent_again_only_the_last_link_works(agency, owner, ask, post, post_office, address):
    invitation = ask("POST", "/users", owner, {**NEWCOMER, "email": address}).json()["id"]
    first = post_office.link(agency.tenant_id)
    assert ask("POST", f"/invitations/{invitation}/resend", owner).status_code == 200
    last = post_office.link(agency.tenant_id)
    assert post("invitations/accept", {**ACCEPTED, "token": first}).status_code == 404
    assert post("invitations/accept", {**ACCEPTED, "token": last}).status_code == 201
    assert ask("POST", f"/invitations/{invitation}/resend", owner).status_code == 409
    assert ask("DELETE", f"/invitations/{invitation}", owner).status_code == 409


def test_withdrawn_invitation_works_no_more_and_is_not_sent(agency, owner, ask, post, post_office, address):
    invitation = ask("POST", "/users", owner, {**NEWCOMER, "email": address}).json()["id"]
    token = post_office.link(agency.tenant_id)
    ask("POST", f"/invitations/{invitation}/resend", owner)
    for _ in range(2):
        assert ask("DELETE", f"/invitations/{invitation}", owner).status_code == 204
    assert post_office.deliver(agency.tenant_id) == []
    assert post("invitations/accept", {**ACCEPTED, "token": token}).status_code == 404


def test_expired_invitation_works_no_more_and_makes_room(agency, owner, ask, post, post_office, address, database):
    ask("POST", "/users", owner, {**NEWCOMER, "email": address})
    assert ask("POST", "/users", owner, {**NEWCOMER, "email": address.upper()}).status_code == 409
    token = post_office.link(agency.tenant_id)
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE invitation SET expires_at = now()"))
    assert post("invitations/accept", {**ACCEPTED, "token": token}).status_code == 404
    assert ask("POST", "/users", owner, {**NEWCOMER, "email": address}).status_code == 201


@pytest.mark.parametrize("token", ["", "x", "é" * 20, "A" * 86, "!" * 86, "A" * 200])
def test_made_up_links_are_refused(post, token):
    assert post("invitations/accept", {**ACCEPTED, "token": token}).status_code == 404
    assert post("password-reset/finish", {"password": ACCEPTED["password"], "token": token}).status_code == 404


def test_link_of_one_kind_is_none_of_the_other(agency, owner, ask, post, post_office, address):
    ask("POST", "/users", owner, {**NEWCOMER, "email": address})
    token = post_office.link(agency.tenant_id)
    assert post("password-reset/finish", {"password": "chosen by myself", "token": token}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**NEWCOMER, "email": "nobody"}, 422),
        ({**NEWCOMER, "email": "a@b.example", "role": "ceo"}, 422),
        ({"email": "a@b.example", "role": "agent", "name": " "}, 422),
        ({**NEWCOMER, "email": "a@b.example", "tenant_id": "x"}, 422),
    ],
)
def test_odd_invitations_are_refused(owner, ask, body, status):
    assert ask("POST", "/users", owner, body).status_code == status
    assert ask("GET", "/invitations", owner).json()["items"] == []


def test_colleague_is_not_invited_again(agency, owner, ask):
    assert ask("POST", "/users", owner, {**NEWCOMER, "email": agency.email("agent").upper()}).status_code == 409


def test_invitation_does_not_tell_who_works_elsewhere(make_agency, agency, owner, ask, post, post_office):
    elsewhere = make_agency("owner").email("owner")
    assert ask("POST", "/users", owner, {**NEWCOMER, "email": elsewhere}).status_code == 201
    token = post_office.link(agency.tenant_id)
    assert post("invitations/accept", {**ACCEPTED, "token": token}).status_code == 409


def test_name_can_not_add_a_header_to_the_letter(agency, owner, ask, post_office, address):
    name = "Eve\r\nBcc: all@evil.example"
    ask("POST", "/users", owner, {"email": address, "role": "agent", "name": name})
    (letter,) = post_office.deliver(agency.tenant_id)
    assert letter["Bcc"] is None
    assert len(letter["To"].addresses) == 1


def test_role_changes_at_once_also_for_tokens_that_are_out(agency, owner, admin, ask):
    assert ask("GET", "/users", admin).status_code == 200
    changed = ask("PATCH", f"/users/{agency.users['admin']}", owner, {"role": "analyst"})
    assert changed.json()["role"] == "analyst"
    assert ask("GET", "/users", admin).status_code == 403


def test_deactivated_member_is_out_at_once_and_back_when_reactivated(agency, owner, log_in, post, ask):
    email = agency.email("agent")
    tokens = log_in(email)
    path = f"/users/{agency.users['agent']}"
    for _ in range(2):
        assert ask("PATCH", path, owner, {"active": False}).json()["active"] is False
    assert ask("GET", "/me", tokens["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
    refused = post("login", {"email": email, "password": "correct horse battery"})
    unknown = post("login", {"email": "nobody@nowhere.example", "password": "wrong"})
    assert (refused.status_code, refused.json()) == (401, unknown.json())
    assert ask("PATCH", path, owner, {"active": True}).json()["active"] is True
    assert log_in(email)
    assert ask("GET", "/me", tokens["access_token"]).status_code == 401


def test_admin_makes_no_owners_and_changes_none(agency, admin, owner, ask, address):
    owner_path, agent_path = (f"/users/{agency.users[role]}" for role in ("owner", "agent"))
    refusals = [
        ask("POST", "/users", admin, {"email": address, "name": "Eve", "role": "owner"}),
        ask("PATCH", agent_path, admin, {"role": "owner"}),
        ask("PATCH", f"/users/{agency.users['admin']}", admin, {"role": "owner"}),
        ask("PATCH", owner_path, admin, {"role": "agent"}),
        ask("PATCH", owner_path, admin, {"active": False}),
    ]
    assert [one.status_code for one in refusals] == [403] * len(refusals)
    assert ask("GET", "/me", owner).json()["role"] == "owner"
    assert ask("PATCH", agent_path, admin, {"role": "analyst"}).status_code == 200


def test_last_owner_stays(agency, owner, ask):
    path = f"/users/{agency.users['owner']}"
    assert ask("PATCH", path, owner, {"role": "admin"}).status_code == 409
    assert ask("PATCH", path, owner, {"active": False}).status_code == 409
    assert ask("PATCH", f"/users/{agency.users['agent']}", owner, {"role": "owner"}).status_code == 200
    assert ask("PATCH", path, owner, {"role": "admin"}).status_code == 200


def test_two_owners_who_demote_each_other_at_once_leave_one(agency, owner, log_in, ask):
    ask("PATCH", f"/users/{agency.users['agent']}", owner, {"role": "owner"})
    other = log_in(agency.email("agent"))["access_token"]
    pairs = [(owner, agency.users["agent"]), (other, agency.users["owner"])]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: ask("PATCH", f"/users/{pair[1]}", pair[0], {"role": "admin"}), pairs))
    roles = [ask("GET", "/me", token).json()["role"] for token in (owner, other)]
    assert "owner" in roles


def test_change_that_is_half_refused_changes_nothing(agency, admin, ask):
    mine = f"/users/{agency.users['admin']}"
    assert ask("PATCH", mine, admin, {"role": "agent", "active": False}).status_code == 409
    assert ask("GET", "/me", admin).json()["role"] == "admin"


def test_foreign_team_is_out_of_reach(make_agency, agency, owner, ask, post_office, log_in, address):
    foreign = make_agency("owner", "agent")
    invitation = ask(
        "POST", "/users", log_in(foreign.email("owner"))["access_token"], {**NEWCOMER, "email": address}
    ).json()["id"]
    assert ask("PATCH", f"/users/{foreign.users['agent']}", owner, {"role": "analyst"}).status_code == 404
    assert ask("POST", f"/invitations/{invitation}/resend", owner).status_code == 404
    assert ask("DELETE", f"/invitations/{invitation}", owner).status_code == 404
    assert ask("GET", "/invitations", owner).json()["items"] == []
