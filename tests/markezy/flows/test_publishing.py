"""Flows in the database and over HTTP."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import markezy.flows.checks
import pytest
import requests
from markezy.accounts.api import add_user
from markezy.accounts.routes import blueprint as accounts
from markezy.flows import api
from markezy.flows.routes import blueprint
from markezy.kernel.db import Database
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Services, service_token
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from redis import Redis
from sanic import Sanic

from tests.markezy.conftest import MakeTenant
from tests.markezy.flows.conftest import Ask, said, small_flow
from tests.markezy.flows.test_checks import BROKEN, DOUBTFUL, MALFORMED, Break
from tests.markezy.serving import serving

Case = tuple[str, str, Break, str]


def publish(database: Database, tenant_id: UUID, definition: dict[str, Any], slug: str = "shop") -> api.FlowVersion:
    with database.transaction(tenant_id) as connection:
        return api.publish(connection, tenant_id, slug, "Shop", definition)


def test_a_published_flow_is_what_new_conversations_get(database: Database, tenant_id: UUID) -> None:
    version = publish(database, tenant_id, small_flow())
    with database.transaction(tenant_id) as connection:
        assert api.published_version(connection, tenant_id, "shop") == version
        assert api.get_version(connection, tenant_id, version.id) == version
    assert version.number == 1
    assert api.check(version.definition) == []


def test_publishing_the_same_again_changes_nothing(database: Database, tenant_id: UUID) -> None:
    first = publish(database, tenant_id, small_flow())
    assert publish(database, tenant_id, small_flow()) == first


def test_a_change_is_a_new_version_and_the_old_one_stays(database: Database, tenant_id: UUID) -> None:
    first = publish(database, tenant_id, small_flow())
    second = publish(database, tenant_id, {**small_flow(), "greeting": said("Hi")})
    assert (second.number, second.flow_id) == (2, first.flow_id)
    with database.transaction(tenant_id) as connection:
        assert api.get_version(connection, tenant_id, first.id) == first
        assert api.published_version(connection, tenant_id, "shop") == second


def test_a_flow_with_problems_is_refused_with_all_of_them(database: Database, tenant_id: UUID) -> None:
    broken = {**small_flow(), "start": "nowhere"}
    broken["greeting"] = {"en": "Hello"}
    with pytest.raises(Invalid) as refused:
        publish(database, tenant_id, broken)
    found = refused.value.extra["findings"]
    assert isinstance(found, list)
    assert {finding["code"] for finding in found} == {"unknown_target", "missing_translation"}
    with database.transaction(tenant_id) as connection:
        assert api.list_flows(connection, tenant_id) == []


def _one_of_each(*cases: Case) -> list[Any]:
    """The first case of every code."""
    firsts = {code: case for case in reversed(cases) for code in case[:1]}
    return [pytest.param(*case[1:], code, id=code) for code, case in sorted(firsts.items())]


@pytest.mark.parametrize(("at", "break_it", "mend", "code"), _one_of_each(*MALFORMED, *BROKEN))
def test_a_broken_flow_is_not_published_and_the_answer_says_what_and_where(
    ask: Ask, at: str, break_it: Break, mend: str, code: str
) -> None:
    """Over a version that is published already: conversations go on getting that one."""
    sound, broken = small_flow(), small_flow()
    break_it(broken)
    assert ask("PUT", "/shop/draft", {"name": "Shop", "definition": sound}).status_code == 200
    assert ask("POST", "/shop/publish").status_code == 200
    kept = ask("PUT", "/shop/draft", {"name": "Shop", "definition": broken})
    if code == "malformed":
        refused = kept
    else:
        assert kept.status_code == 200, kept.text
        refused = ask("POST", "/shop/publish", {"revision": kept.json()["revision"]})
    assert refused.status_code == 422
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    found = [each for each in refused.json()["findings"] if (each["code"], each["at"]) == (code, at)]
    assert found, refused.json()
    assert mend in found[0]["mend"]
    assert found[0]["severity"] == "error"
    summary = ask("GET", "/shop").json()
    assert summary["number"] == 1
    assert [each["number"] for each in ask("GET", "/shop/versions").json()["items"]] == [1]
    assert (summary["draft_revision"] is None) == (code == "malformed"), "a draft that is refused stays to be mended"


@pytest.mark.parametrize(("at", "break_it", "mend", "code"), _one_of_each(*MALFORMED, *BROKEN))
def test_no_way_into_the_database_leads_past_the_checks(
    database: Database, tenant_id: UUID, at: str, break_it: Break, mend: str, code: str
) -> None:
    broken = small_flow()
    break_it(broken)
    for publish_it in (api.publish, api.publish_new):
        with database.transaction(tenant_id) as connection:
            with pytest.raises(Invalid) as refused:
                publish_it(connection, tenant_id, "shop", "Shop", broken)
            assert api.list_flows(connection, tenant_id) == []
        listed: Any = refused.value.extra["findings"]
        assert any((each["code"], each["at"]) == (code, at) and mend in each["mend"] for each in listed)


@pytest.mark.parametrize(("at", "break_it", "mend", "code"), _one_of_each(*DOUBTFUL))
def test_a_doubtful_flow_is_published_with_its_warning_beside_the_draft(
    ask: Ask, at: str, break_it: Break, mend: str, code: str
) -> None:
    doubtful = small_flow()
    break_it(doubtful)
    kept = ask("PUT", "/shop/draft", {"name": "Shop", "definition": doubtful}).json()
    found = [each for each in kept["findings"] if (each["code"], each["at"]) == (code, at)]
    assert found, kept
    assert mend in found[0]["mend"]
    assert found[0]["severity"] == "warning"
    assert ask("POST", "/shop/publish").json()["number"] == 1


def test_every_code_the_checks_have_is_tried_here() -> None:
    told = {code for code, *_ in (*MALFORMED, *BROKEN, *DOUBTFUL)}
    checks = Path(markezy.flows.checks.__file__).parent
    written = {
        found
        for file in checks.glob("*.py")
        for found in re.findall(r'^ +"([a-z]+(?:_[a-z]+)+)",$', file.read_text(), re.M)
    }
    assert {"cycle", "unreachable", "malformed"} <= told
    assert written - told == set()


def test_another_tenants_flow_is_not_there(database: Database, make_tenant: MakeTenant) -> None:
    mine, theirs = make_tenant(), make_tenant()
    version = publish(database, theirs, small_flow())
    with database.transaction(mine) as connection:
        for tenant in (mine, theirs):
            with pytest.raises(NotFound):
                api.get_version(connection, tenant, version.id)
        with pytest.raises(NotFound):
            api.published_version(connection, mine, "shop")


def test_labels_and_places_come_in_the_order_of_the_flow(database: Database, tenant_id: UUID) -> None:
    version = publish(database, tenant_id, small_flow())
    assert next(iter(api.ordinals(version).items())) == ("goal", 1)
    assert next(iter(api.labels(version, "fr").values())) == "Label (fr)"
    assert next(iter(api.labels(version, "de").values())) == "Label"
    assert api.outcomes(version) == {"done": "qualified", "nothing": "disqualified"}


@pytest.fixture(scope="module")
def url(settings: Settings, database: Database) -> Iterator[str]:
    app = Sanic("flows-under-test", configure_logging=False)
    app.ctx.services = Services(settings, database, Redis.from_url(settings.redis_url.get_secret_value()))
    app.blueprint(blueprint)
    app.blueprint(accounts)
    with serving(app) as base:
        yield base


def by_service(settings: Settings, issuer: str, tenant_id: UUID) -> dict[str, str]:
    return {"Authorization": f"Bearer {service_token(settings, issuer, 'platform', tenant_id)}"}


def test_the_action_server_reads_a_version(url: str, settings: Settings, database: Database, tenant_id: UUID) -> None:
    version = publish(database, tenant_id, small_flow())
    address = f"{url}/internal/flow-versions/{version.id}"
    read = requests.get(address, headers=by_service(settings, "actions", tenant_id), timeout=10)
    assert read.status_code == 200
    assert read.json() == {"id": str(version.id), "number": 1, "definition": version.definition}
    assert requests.get(address, timeout=10).status_code == 401
    assert requests.get(address, headers=by_service(settings, "stranger", tenant_id), timeout=10).status_code == 403


def test_unknown_foreign_and_malformed_ids_are_the_same_404(
    url: str, settings: Settings, database: Database, make_tenant: MakeTenant
) -> None:
    mine, theirs = make_tenant(), make_tenant()
    version = publish(database, theirs, small_flow())
    for id_ in (str(version.id), str(new_id()), "nonsense"):
        read = requests.get(
            f"{url}/internal/flow-versions/{id_}", headers=by_service(settings, "actions", mine), timeout=10
        )
        assert read.status_code == 404


def test_staff_list_the_flows_page_by_page(url: str, database: Database, tenant_id: UUID) -> None:
    with database.transaction(tenant_id) as connection:
        email, password = f"a-{tenant_id}@agency.example", "a long password"
        add_user(connection, tenant_id, email=email, name="A", role="read_only", password=password)
    for slug in ("a", "b", "c"):
        publish(database, tenant_id, small_flow(), slug)
    login = requests.post(f"{url}/api/v1/auth/login", json={"email": email, "password": password}, timeout=20).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}

    def page(**query: str) -> requests.Response:
        return requests.get(f"{url}/api/v1/flows", params=query, headers=headers, timeout=10)

    first = page(limit="2").json()
    assert [flow["slug"] for flow in first["items"]] == ["a", "b"]
    assert first["items"][0]["number"] == 1
    second = page(limit="2", cursor=first["next_cursor"]).json()
    assert ([flow["slug"] for flow in second["items"]], second["next_cursor"]) == (["c"], None)
    for wrong, status in (
        ({"limit": "0"}, 422),
        ({"limit": "x"}, 422),
        ({"cursor": "???"}, 400),
        ({"cursor": "YWJj"}, 400),
    ):
        assert page(**wrong).status_code == status
    assert requests.get(f"{url}/api/v1/flows", timeout=10).status_code == 401
