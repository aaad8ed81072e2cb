"""A real Rasa server with the channels, a small trained model, a real PostgreSQL and Redis, and an action server in our hands.

Run through `python -m devstack.services -- .venv-bot/bin/python -m pytest tests/channels`.
"""

import asyncio
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt
import psycopg
import pytest
import yaml
from aiohttp import web
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from rasa.core.agent import Agent
from rasa.core.run import configure_app, create_http_input_channels
from rasa.model_training import train
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from bot.lock_store import LeaseLockStore
from bot.tracker_store import EventTrackerStore
from envelope.keys import Keys
from tests.sealed_rows import keys_of_conversation, new_keys, opened_data

VISITOR_SECRET = "visitor-secret-for-tests-0123456789abcdef"
SERVICE_SECRET = "service-secret-for-tests-0123456789abcdef"

CREDENTIALS = str(Path(__file__).resolve().parents[2] / "credentials.yml")

INTENTS = {
    "start": "action_start",
    "answer": "action_answer",
    "go_back": "action_answer",
    "ask_why": "action_answer",
    "ask_person": "action_answer",
    "stop": "action_answer",
    "change_answer": "action_answer",
    "confirm": "action_answer",
    "go_on": "action_answer",
    "resume_later": "action_answer",
    "switch_language": "action_answer",
    "person_joined": "action_news",
    "person_message": "action_news",
    "person_left": "action_news",
    "team_away": "action_news",
    "reminder": "action_news",
    "strategy_ready": "action_announce_strategy",
}


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The application role's address of a fresh copy of the migrated database."""
    server = os.environ.get("MARKEZY_TEST_POSTGRES_URL")
    if not server:
        pytest.fail("these tests need PostgreSQL and Redis: run them through `python -m devstack.services -- …`")
    name = f"channels_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE markezy_template")
        yield make_conninfo(server, dbname=name, user="markezy_app", password="test")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Log:
    """The database as its owner sees it, for looking and for preparing."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self._connection = connection

    def rows(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows, their event data opened."""
        return [opened_data(self._rows, row) for row in self._rows(statement, *parameters)]

    def _rows(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        return self._connection.execute(statement, parameters).fetchall()

    def keys(self, tenant_id: str, conversation_id: str) -> Keys:
        """The keys of the lead whose conversation it is."""
        return keys_of_conversation(self._rows, tenant_id, conversation_id)

    def begin_lead(self, tenant_id: str, lead_id: str) -> Keys:
        """Keys for a lead whom a test puts into the tables itself."""
        return new_keys(self._rows, tenant_id, lead_id)

    def run(self, statement: str, *parameters: Any) -> None:
        self._connection.execute(statement, parameters)

    def count(self, table: str) -> int:
        return self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]

    def types(self, conversation_id: str) -> list[str]:
        rows = self.rows("SELECT type FROM event WHERE stream_id = %s ORDER BY version", conversation_id)
        return [row["type"] for row in rows]


@pytest.fixture(scope="session")
def log(database_url: str) -> Iterator[Log]:
    server = os.environ["MARKEZY_TEST_POSTGRES_URL"]
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    address = make_conninfo(server, dbname=name)
    with psycopg.connect(address, autocommit=True, row_factory=dict_row) as connection:
        yield Log(connection)


@dataclass
class ActionServer:
    """Speaks rasa-sdk's protocol; can be told to fail or to wait."""

    url: str = ""
    failing: bool = False
    silent: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    """Of the qualification, told with every answer."""
    calls: list[dict[str, Any]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    def reset(self) -> None:
        self.failing = self.silent = False
        self.events = []
        self.calls.clear()
        self.gate.set()
        self.arrived.clear()

    async def answer(self, request: Any) -> Any:
        call = await request.json()
        self.calls.append(call)
        self.arrived.set()
        await asyncio.get_running_loop().run_in_executor(None, self.gate.wait, 20)
        if self.failing:
            return web.json_response({"error": "out of order"}, status=500)
        return web.json_response(
            {
                "events": [*self.events, {"event": "followup", "name": "action_listen"}],
                "responses": [] if self.silent else [self._response(call)],
            }
        )

    def _response(self, call: dict[str, Any]) -> dict[str, Any]:
        if call["next_action"] == "action_start":
            button = {"title": "An online shop", "payload": '/answer{"question":"business","value":"shop"}'}
            return {"text": "Hello! What do you do?", "buttons": [button]}
        if call["next_action"] == "action_announce_strategy":
            told = {each["entity"]: each["value"] for each in call["tracker"]["latest_message"]["entities"]}
            attachment = {"title": told["title"], "url": told["url"], "media_type": "application/pdf"}
            return {"text": "Your strategy is ready.", "custom": {"attachment": attachment}}
        if call["next_action"] == "action_news":
            told = {each["entity"]: each["value"] for each in call["tracker"]["latest_message"]["entities"]}
            if "text" in told:
                return {"text": told["text"], "custom": {"from": "staff", "name": told["name"]}}
            return {"text": "News."}
        return {"text": f"Noted, number {len(self.calls)}."}


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model that knows the intents and leaves every answer to the action server."""
    folder = tmp_path_factory.mktemp("assistant")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")

    _write(
        folder / "config.yml",
        {
            "assistant_id": "markezy-tests",
            "recipe": "default.v1",
            "language": "en",
            "pipeline": [{"name": "WhitespaceTokenizer"}, {"name": "KeywordIntentClassifier"}],
            "policies": [{"name": "RulePolicy", "core_fallback_action_name": "action_answer"}],
        },
    )
    _write(
        folder / "domain.yml",
        {
            "version": "3.1",
            "intents": list(INTENTS),
            "entities": ["question", "value", "title", "url", "name", "text", "reason", "opens_at"],
            "slots": {
                name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
                for name in ("qualification", "locale", "conversation")
            },
            "actions": sorted(set(INTENTS.values())),
            "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
        },
    )
    _write(folder / "nlu.yml", {"version": "3.1", "nlu": [{"intent": "answer", "examples": "- bicycles\n- boats\n"}]})
    _write(
        folder / "rules.yml",
        {
            "version": "3.1",
            "rules": [
                {"rule": intent, "steps": [{"intent": intent}, {"action": action}]}
                for intent, action in INTENTS.items()
            ],
        },
    )
    files = [str(folder / "nlu.yml"), str(folder / "rules.yml")]
    result = train(str(folder / "domain.yml"), str(folder / "config.yml"), files, output=str(folder / "models"))
    assert result.model
    return result.model


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False))


@dataclass
class Bot:
    """The running server."""

    url: str
    actions: ActionServer
    loop: asyncio.AbstractEventLoop
    app: Any


@pytest.fixture(scope="session")
def server(database_url: str, model: str) -> Iterator[Bot]:
    """Rasa's server with our channels, in a thread."""
    os.environ.update(
        DATABASE_URL=database_url,
        MARKEZY_VISITOR_SECRET=VISITOR_SECRET,
        MARKEZY_SERVICE_SECRET=SERVICE_SECRET,
        MARKEZY_LIMITS_SCALE="1000",  # all tests' visitors share one address
    )
    actions = ActionServer()
    actions.reset()
    started: threading.Event = threading.Event()
    found: dict[str, Any] = {}

    async def serve() -> None:
        found["stop"] = asyncio.Event()
        await _serve(database_url, model, actions, found, started)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            found["error"] = error
            started.set()
            raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(120), "the server did not start"
    if "error" in found:
        raise found["error"]
    yield Bot(found["url"], actions, found["loop"], found["app"])
    found["loop"].call_soon_threadsafe(found["stop"].set)
    thread.join(30)
    assert not thread.is_alive(), "the server did not stop"


async def _serve(
    database_url: str, model: str, actions: ActionServer, found: dict[str, Any], started: threading.Event
) -> None:
    configure_structlog(logging.INFO)
    site = web.Application()
    site.router.add_post("/webhook", actions.answer)
    runner = web.AppRunner(site)
    await runner.setup()
    action_socket = _free_socket()
    await web.SockSite(runner, action_socket).start()
    actions.url = f"http://127.0.0.1:{action_socket.getsockname()[1]}/webhook"

    redis_url = os.environ["REDIS_URL"]
    app = configure_app(create_http_input_channels(None, CREDENTIALS), enable_api=False)
    store = EventTrackerStore(Domain.empty(), host=database_url, redis_url=redis_url)
    app.ctx.agent = Agent.load(
        model, tracker_store=store, lock_store=LeaseLockStore(redis_url), action_endpoint=EndpointConfig(actions.url)
    )
    listening = _free_socket()
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=True)
    await server.startup()
    await server.before_start()
    await server.after_start()
    found.update(url=f"http://127.0.0.1:{listening.getsockname()[1]}", loop=asyncio.get_running_loop(), app=app)
    started.set()
    await found["stop"].wait()
    await server.before_stop()
    for connection in list(server.connections):
        connection.close()
    await server.close()
    await server.after_stop()
    await runner.cleanup()
    Sanic._app_registry.pop(app.name, None)


def _free_socket() -> socket.socket:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    return listening


@pytest.fixture
def bot(server: Bot) -> Iterator[Bot]:
    """The server, with an action server that answers."""
    server.actions.reset()
    yield server
    server.actions.reset()


@dataclass
class Tenant:
    """An agency with a widget and a published flow."""

    id: str
    widget_key: str
    flow_version_id: str


@pytest.fixture
def new_tenant(log: Log) -> Callable[..., Tenant]:
    def create(locale: str = "en") -> Tenant:
        tenant, flow, version = (str(uuid.uuid4()) for _ in range(3))
        key = f"wk_{uuid.uuid4().hex}"
        log.run(
            "INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (%s, %s, 'Agency', %s, 'retail')",
            tenant,
            tenant,
            locale,
        )
        log.run("INSERT INTO widget_key (tenant_id, key) VALUES (%s, %s)", tenant, key)
        log.run("INSERT INTO flow (tenant_id, id, slug, name) VALUES (%s, %s, 'main', 'Main')", tenant, flow)
        log.run(
            "INSERT INTO flow_version (tenant_id, id, flow_id, number, definition) VALUES (%s, %s, %s, 1, %s)",
            tenant,
            version,
            flow,
            Jsonb({}),
        )
        log.run("UPDATE flow SET published_version_id = %s WHERE tenant_id = %s", version, tenant)
        return Tenant(tenant, key, version)

    return create


@pytest.fixture
def tenant(new_tenant: Callable[..., Tenant]) -> Tenant:
    return new_tenant()


@pytest.fixture
def http(bot: Bot) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=bot.url, timeout=30) as client:
        yield client


@dataclass
class Visitor:
    """Somebody with the widget open."""

    http: httpx.Client
    conversation_id: str
    token: str
    greeting: list[dict[str, Any]]

    @property
    def path(self) -> str:
        return f"/webhooks/widget/conversations/{self.conversation_id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, body: Any, **headers: str) -> httpx.Response:
        return self.http.post(f"{self.path}/messages", json=body, headers={**self.headers, **headers})

    def say(self, text: str, id_: str | None = None) -> httpx.Response:
        return self.post({"id": id_ or str(uuid.uuid4()), "text": text})

    def tap(self, payload: str, id_: str | None = None) -> httpx.Response:
        return self.post({"id": id_ or str(uuid.uuid4()), "payload": payload})

    def transcript(self, **params: str) -> dict[str, Any]:
        response = self.http.get(f"{self.path}/messages", headers=self.headers, params=params)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture
def arrive(http: httpx.Client) -> Callable[..., Visitor]:
    def start(tenant: Tenant, **body: Any) -> Visitor:
        response = http.post("/webhooks/widget/conversations", json={"widget_key": tenant.widget_key, **body})
        assert response.status_code == 201, response.text
        started = response.json()
        return Visitor(http, started["conversation_id"], started["token"], started["messages"])

    return start


@pytest.fixture
def visitor(arrive: Callable[..., Visitor], tenant: Tenant) -> Visitor:
    return arrive(tenant)


@pytest.fixture
def service_headers() -> Callable[..., dict[str, str]]:
    def headers(tenant: Tenant, **changes: Any) -> dict[str, str]:
        now = int(time.time())
        claims = {"iss": "relay", "aud": "bot", "tid": tenant.id, "iat": now, "exp": now + 60, **changes}
        return {"Authorization": f"Bearer {jwt.encode(claims, SERVICE_SECRET, algorithm='HS256')}"}

    return headers
