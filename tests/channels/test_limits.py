"""What visitors see of their limits, and that one agency's crowd is not another's wait."""

import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from channels import limits, plan_book
from channels.turns import PLACES, PLACES_PER_WEIGHT
from fairuse.plans import plans
from tests.channels.log import Log
from tests.channels.server import Bot
from tests.channels.visitors import Tenant, Visitor

Arrive = Callable[..., Visitor]
GivePlan = Callable[..., None]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch, bot: Bot) -> Iterator[None]:
    """Every limit as it stands in the plans, with visitors who come from addresses of their own."""
    monkeypatch.setenv("MARKEZY_LIMITS_SCALE", "1")
    monkeypatch.setenv("MARKEZY_TRUSTED_PROXIES", "127.0.0.1")
    limits.limits.cache_clear()
    yield
    limits.limits.cache_clear()


@pytest.fixture
def http(bot: Bot) -> Iterator[httpx.Client]:
    """Somebody whose address nobody used before."""
    own = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"
    with httpx.Client(base_url=bot.url, timeout=30, headers={"X-Forwarded-For": own}) as client:
        yield client


@pytest.fixture
def give_plan(log: Log) -> GivePlan:
    def give(tenant: Tenant, plan: str = "trial", **overrides: Any) -> None:
        log.run(
            "INSERT INTO tenant_plan (tenant_id, plan, overrides) VALUES (%s, %s, %s)",
            tenant.id,
            plan,
            Jsonb(overrides),
        )
        plan_book.forget()

    return give


def open_one(http: httpx.Client, tenant: Tenant, address: str) -> httpx.Response:
    return http.post(
        "/webhooks/widget/conversations",
        json={"widget_key": tenant.widget_key},
        headers={"X-Forwarded-For": address},
    )


def test_an_answer_says_how_much_the_visitor_has_left(counting: None, visitor: Visitor) -> None:
    answer = visitor.say("bicycles")
    assert answer.status_code == 200
    assert answer.headers["RateLimit"].startswith('"visitor-message";r=59;t=')
    assert '"visitor-message";q=60;w=60' in answer.headers["RateLimit-Policy"]
    assert "tenant" not in answer.headers["RateLimit-Policy"]


def test_an_agency_over_its_messages_is_refused_and_another_is_not(
    counting: None, new_tenant: Callable[..., Tenant], arrive: Arrive, give_plan: GivePlan
) -> None:
    noisy, quiet = new_tenant(), new_tenant()
    give_plan(noisy, messages_per_minute=2)
    visitors = [arrive(noisy) for _ in range(2)]
    answers = [visitors[n % 2].say("bicycles") for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert arrive(quiet).say("boats").status_code == 200


def test_a_refused_message_leaves_no_trace(
    counting: None, tenant: Tenant, arrive: Arrive, give_plan: GivePlan, log: Log
) -> None:
    give_plan(tenant, messages_per_minute=0)
    visitor = arrive(tenant)
    message_id = str(uuid.uuid4())
    assert visitor.say("bicycles", message_id).status_code == 429
    assert log.rows("SELECT 1 FROM inbox WHERE message_id = %s", message_id) == []


def test_one_address_can_not_open_conversations_without_end(counting: None, http: httpx.Client, tenant: Tenant) -> None:
    most = plans().per_minute("address", "open")
    assert most is not None
    opened = [open_one(http, tenant, "203.0.113.40").status_code for _ in range(most + 1)]
    assert opened == [201] * most + [429]
    assert open_one(http, tenant, "203.0.113.41").status_code == 201


def test_guessing_widget_keys_counts_for_the_address(counting: None, http: httpx.Client) -> None:
    most = plans().per_minute("address", "open")
    assert most is not None
    guesses = [
        http.post(
            "/webhooks/widget/conversations",
            json={"widget_key": f"wk_{uuid.uuid4().hex}"},
            headers={"X-Forwarded-For": "203.0.113.50"},
        ).status_code
        for _ in range(most + 1)
    ]
    assert guesses == [404] * most + [429]


def test_conversations_of_a_day_are_those_of_the_plan(
    counting: None, http: httpx.Client, tenant: Tenant, give_plan: GivePlan
) -> None:
    give_plan(tenant, conversations_per_day=1)
    assert open_one(http, tenant, "203.0.113.60").status_code == 201
    refused = open_one(http, tenant, "203.0.113.61")
    assert refused.status_code == 429
    assert '"tenant-conversations"' in refused.headers["RateLimit"]


def test_an_agency_that_used_up_its_leads_takes_no_new_conversations(
    counting: None, http: httpx.Client, tenant: Tenant, give_plan: GivePlan, log: Log
) -> None:
    give_plan(tenant, leads_per_month=0)
    refused = open_one(http, tenant, "203.0.113.62")
    assert refused.status_code == 503
    assert log.rows("SELECT 1 FROM conversation WHERE tenant_id = %s", tenant.id) == []


def test_files_need_room_in_the_plan(counting: None, tenant: Tenant, arrive: Arrive, give_plan: GivePlan) -> None:
    give_plan(tenant, storage_megabytes=0)
    visitor = arrive(tenant)
    refused = visitor.http.post(
        f"{visitor.path}/files",
        params={"question": "brief", "name": "a.txt"},
        content=b"hello",
        headers={**visitor.headers, "Content-Type": "text/plain"},
    )
    assert refused.status_code == 507


def test_without_redis_messages_are_taken(counting: None, monkeypatch: pytest.MonkeyPatch, visitor: Visitor) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    limits.limits.cache_clear()
    answer = visitor.say("bicycles")
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_the_platforms_news_are_not_counted(
    counting: None,
    visitor: Visitor,
    tenant: Tenant,
    give_plan: GivePlan,
    service_headers: Callable[..., dict[str, str]],
) -> None:
    give_plan(tenant, messages_per_minute=0)
    told = visitor.http.post(
        f"/webhooks/news/conversations/{visitor.conversation_id}",
        json={"id": str(uuid.uuid4()), "intent": "strategy_ready", "data": {"title": "T", "url": "http://x/y"}},
        headers=service_headers(tenant),
    )
    assert told.status_code == 200, told.text


def test_a_crowd_of_one_agency_leaves_places_for_another(
    bot: Bot, new_tenant: Callable[..., Tenant], arrive: Arrive
) -> None:
    noisy, quiet = new_tenant(), new_tenant()
    crowd = [arrive(noisy) for _ in range(PLACES + 2)]
    other = arrive(quiet)
    share = 2 * PLACES_PER_WEIGHT
    bot.actions.calls.clear()
    bot.actions.gate.clear()
    with ThreadPoolExecutor(PLACES + 4) as people:
        said = [people.submit(visitor.say, "bicycles") for visitor in crowd]
        await_calls(bot, share)
        heard = people.submit(other.say, "boats")
        await_calls(bot, share + 1)
        bot.actions.gate.set()
        assert heard.result().status_code == 200
        assert [one.result().status_code for one in said] == [200] * len(crowd)


def await_calls(bot: Bot, number: int) -> None:
    deadline = time.monotonic() + 15
    while len(bot.actions.calls) < number:
        assert time.monotonic() < deadline, f"{len(bot.actions.calls)} calls instead of {number}"
        time.sleep(0.01)
    assert len(bot.actions.calls) == number
