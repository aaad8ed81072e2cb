"""Creating agencies and staff, and the wall between agencies."""

import pytest
from markezy.accounts import api
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.ids import new_id
from sqlalchemy import text


@pytest.fixture
def create(database):
    def make(slug):
        tenant_id = new_id()
        with database.transaction(tenant_id) as connection:
            return api.create_tenant(
                connection, tenant_id, slug=slug, name="Lumen", locale="fr", sector="saas", brand={"color": "#0a5"}
            )

    return make


def test_created_agency_is_found_again(create, database):
    created = create(f"a-{new_id()}")
    with database.transaction(created.id) as connection:
        assert api.tenant(connection, created.id) == created


def test_taken_slug_is_a_conflict(create):
    slug = create(f"a-{new_id()}").slug
    with pytest.raises(Conflict):
        create(slug)


def test_foreign_agency_is_not_found(create, database, tenant_id):
    foreign = create(f"a-{new_id()}")
    with database.transaction(tenant_id) as connection, pytest.raises(NotFound):
        api.tenant(connection, foreign.id)


def test_foreign_user_is_not_found(make_agency, database):
    mine, foreign = make_agency("owner"), make_agency("owner")
    with database.transaction(mine.tenant_id) as connection:
        for tenant_id in (mine.tenant_id, foreign.tenant_id):
            with pytest.raises(NotFound):
                api.user(connection, tenant_id, foreign.users["owner"])


def test_widget_keys_are_random_unique_and_the_agencys_own(make_agency, database):
    mine, foreign = make_agency(), make_agency()
    with database.transaction(mine.tenant_id) as connection:
        keys = [api.add_widget_key(connection, mine.tenant_id) for _ in range(2)]
        assert sorted(api.widget_keys(connection, mine.tenant_id)) == sorted(keys)
        assert len(set(keys)) == 2
    with database.transaction(foreign.tenant_id) as connection:
        assert api.widget_keys(connection, foreign.tenant_id) == []
        with pytest.raises(Conflict):
            api.add_widget_key(connection, foreign.tenant_id, keys[0])
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_address_belongs_to_one_account_in_all_agencies(make_agency, database):
    first, second = make_agency("owner"), make_agency("agent")
    with database.transaction(second.tenant_id) as connection, pytest.raises(Conflict):
        api.add_user(
            connection, second.tenant_id,
            email=first.email("owner").upper(), name="Twin", role="agent", password="long enough",
        )  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"email": "a@@b.example"}, {"role": "ceo"}, {"password": "short"}]
)
def test_bad_accounts_are_refused_and_nothing_is_written(wrong, database, tenant_id):
    account = {"email": "ana@lumen.example", "name": "Ana", "role": "agent", "password": "long enough"} | wrong
    with database.transaction(tenant_id) as connection:
        with pytest.raises(Invalid):
            api.add_user(connection, tenant_id, **account)
        assert connection.execute(text("SELECT count(*) FROM staff_user")).scalar_one() == 0


def test_users_are_listed_page_by_page_and_only_the_agencys_own(make_agency, log_in, get):
    make_agency("owner")
    agency = make_agency("owner", "admin", "agent")
    token = log_in(agency.email("admin"))["access_token"]
    first = get("/api/v1/users", token, params={"limit": 2}).json()
    second = get("/api/v1/users", token, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [user["role"] for user in first["items"] + second["items"]] == ["owner", "admin", "agent"]
    assert second["next_cursor"] is None
    assert "password_hash" not in first["items"][0]


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"limit": "many"}, {"limit": "²"}, {"cursor": "x"}]
)
def test_odd_paging_is_refused_clearly(query, make_agency, log_in, get):
    token = log_in(make_agency("owner").email("owner"))["access_token"]
    assert get("/api/v1/users", token, params=query).status_code == 422
