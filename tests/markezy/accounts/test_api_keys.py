"""API keys: shown once, good for their scopes only, over when revoked or expired."""

from datetime import timedelta

import pytest
from markezy.accounts.roles import GRANTS
from markezy.kernel.clock import now
from sqlalchemy import text


@pytest.fixture
def agency(make_agency):
    return make_agency("owner", "admin", "agent")


@pytest.fixture
def owner(agency, log_in):
    return log_in(agency.email("owner"))["access_token"]


@pytest.fixture
def make_key(owner, ask):
    def make(*scopes, name="Reports", **more):
        made = ask("POST", "/api-keys", owner, {"name": name, "scopes": scopes or ["leads.read"], **more})
        assert made.status_code == 201, made.text
        return made.json()

    return make


def test_key_opens_exactly_its_scopes(make_key, get, agency):
    made = make_key("leads.read", "flows.write")
    for permission in GRANTS:
        expected = 200 if permission in ("leads.read", "flows.write") else 403
        assert get(f"/guarded/{permission}", made["key"]).status_code == expected, permission
    assert get("/guarded/leads.read", made["key"]).json() == {"tenant_id": str(agency.tenant_id), "id": made["id"]}


def test_key_is_shown_once_and_kept_as_a_hash(make_key, owner, ask, agency, database):
    made = make_key()
    secret = made["key"].split("_", 2)[2]
    assert made["key"].startswith(f"mk_{made['prefix']}_")
    listed = ask("GET", "/api-keys", owner)
    assert [one["name"] for one in listed.json()["items"]] == ["Reports"]
    assert secret not in listed.text
    with database.transaction(agency.tenant_id) as connection:
        stored = connection.execute(text("SELECT api_key::text FROM api_key")).scalar_one()
        digest = connection.execute(text("SELECT digest FROM api_key")).scalar_one()
    assert secret not in stored
    assert len(digest) == 32


def test_key_knows_who_it_is_but_is_no_person(make_key, ask):
    made = make_key("handover.write", "leads.read")
    me = ask("GET", "/me", made["key"]).json()
    assert (me["kind"], me["name"], me["permissions"]) == ("api_key", "Reports", ["handover.write", "leads.read"])
    refused = [
        ask("GET", "/sessions", made["key"]),
        ask("DELETE", "/sessions", made["key"]),
        ask("PUT", "/me/password", made["key"], {"current": "x", "new": "y"}),
        ask("POST", "/me/totp", made["key"], {"password": "x"}),
        ask("POST", "/auth/logout", made["key"]),
    ]
    assert [one.status_code for one in refused] == [403] * len(refused)


def test_revoked_key_is_over_at_once(make_key, owner, ask, get):
    made = make_key()
    for _ in range(2):
        assert ask("DELETE", f"/api-keys/{made['id']}", owner).status_code == 204
    assert get("/guarded/leads.read", made["key"]).status_code == 401
    assert ask("GET", "/api-keys", owner).json()["items"] == []
    assert make_key()["id"] != made["id"]


def test_expired_key_is_over(make_key, get, agency, database):
    made = make_key(expires_at=(now() + timedelta(hours=1)).isoformat())
    assert get("/guarded/leads.read", made["key"]).status_code == 200
    with database.transaction(agency.tenant_id) as connection:
        connection.execute(text("UPDATE api_key SET expires_at = now()"))
    assert get("/guarded/leads.read", made["key"]).status_code == 401


def test_use_is_noted_and_a_wrong_secret_is_no_use(make_key, get, owner, ask):
    made = make_key()
    assert get("/guarded/leads.read", made["key"][:-1] + "!").status_code == 401
    assert ask("GET", "/api-keys", owner).json()["items"][0]["last_used_at"] is None
    get("/guarded/leads.read", made["key"])
    assert ask("GET", "/api-keys", owner).json()["items"][0]["last_used_at"] is not None


def test_made_up_keys_are_refused(make_key, get):
    made = make_key()
    prefix, secret = made["prefix"], made["key"].split("_", 2)[2]
    forged = ["mk_", "mk__", f"mk_{prefix}", f"mk_{prefix}_", f"mk_{'0' * 12}_{secret}", f"mk_{prefix}_{'A' * 43}",
              f"mk_{prefix}_{secret}x", f"mk_{prefix.upper()}X_{secret}", f"mk_'--_{secret}"]  # fmt: skip
    for key in forged:
        assert get("/guarded/leads.read", key).status_code == 401, key


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["leads.reed"]},
        {"scopes": ["users.write"]},
        {"scopes": ["api_keys.write"]},
        {"name": " "},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2999-01-01T00:00:00"},
        {"more": True},
    ],
)
def test_odd_keys_are_refused(owner, ask, wrong):
    body = {"name": "Reports", "scopes": ["leads.read"], **wrong}
    assert ask("POST", "/api-keys", owner, body).status_code == 422
    assert ask("GET", "/api-keys", owner).json()["items"] == []


def test_name_is_taken_as_long_as_its_key_counts(make_key, owner, ask):
    make_key()
    assert ask("POST", "/api-keys", owner, {"name": "Reports", "scopes": ["leads.read"]}).status_code == 409


def test_foreign_keys_are_out_of_reach(make_key, make_agency, log_in, ask, get):
    made = make_key()
    stranger = log_in(make_agency("owner").email("owner"))["access_token"]
    assert ask("GET", "/api-keys", stranger).json()["items"] == []
    assert ask("DELETE", f"/api-keys/{made['id']}", stranger).status_code == 404
    assert get("/guarded/leads.read", made["key"]).status_code == 200


def test_key_outlives_the_account_of_who_made_it(make_key, agency, owner, log_in, ask, get):
    admin = log_in(agency.email("admin"))["access_token"]
    made = ask("POST", "/api-keys", admin, {"name": "Export", "scopes": ["leads.read"]}).json()
    ask("PATCH", f"/users/{agency.users['admin']}", owner, {"active": False})
    assert get("/guarded/leads.read", made["key"]).status_code == 200
