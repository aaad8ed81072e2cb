"""A real PostgreSQL and Redis (`python -m devstack.services`), a trained model and a stand-in for the action server."""

import json
import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from psycopg.rows import dict_row
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.model_training import train
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from uuid_utils import uuid7

from bot import remote_action
from bot.tracker_store import EventTrackerStore
from bot.turn import Turn, sender_id
from tests.sealed_rows import opened_data

ROOT = Path(__file__).parents[2]


def _with(url: str, user: str | None = None, database: str | None = None) -> str:
    parts = urlsplit(url)
    netloc = parts.netloc if user is None else f"{user}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit((parts.scheme, netloc, parts.path if database is None else f"/{database}", parts.query, ""))


@pytest.fixture(scope="session")
def owner_url() -> Iterator[str]:
    """A migrated database of this test session's own, as superuser."""
    server = os.environ["MARKEZY_TEST_POSTGRES_URL"]
    name = f"bot_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_with(server, database="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE markezy_template")
    yield _with(server, database=name)
    with psycopg.connect(_with(server, database="postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def database_url(owner_url: str) -> str:
    """The same database as the application sees it."""
    return _with(owner_url, user="markezy_app:test")


@pytest.fixture(scope="session")
def redis_url() -> str:
    return os.environ["REDIS_URL"]


@pytest.fixture
def owner(owner_url: str) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Looks at everything, whoever it belongs to."""
    with psycopg.connect(owner_url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@dataclass(frozen=True)
class Started:
    """A conversation as its channel leaves it to Rasa."""

    owner: psycopg.Connection[dict[str, Any]]
    tenant_id: str
    id: str

    @property
    def sender_id(self) -> str:
        return sender_id(self.tenant_id, self.id)

    def turn(self, channel: str = "widget") -> Turn:
        """A turn for a message that has just been accepted."""
        turn = Turn(self.tenant_id, self.id, channel, str(uuid7()), f"correlation-{uuid.uuid4().hex}")
        self.owner.execute(
            "INSERT INTO inbox (tenant_id, channel, message_id, conversation_id, body, correlation_id)"
            " VALUES (%s, %s, %s, %s, '', %s)",
            (self.tenant_id, channel, turn.message_id, self.id, turn.correlation_id),
        )
        return turn

    def row(self) -> dict[str, Any]:
        return self.owner.execute("SELECT * FROM conversation WHERE id = %s", (self.id,)).fetchone()

    def events(self) -> list[dict[str, Any]]:
        query = "SELECT * FROM event WHERE stream_id = %s ORDER BY version"
        return [opened_data(self._rows, row) for row in self.owner.execute(query, (self.id,)).fetchall()]

    def _rows(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        return self.owner.execute(statement, parameters).fetchall()

    def inbox(self, message_id: str) -> dict[str, Any]:
        return self.owner.execute("SELECT * FROM inbox WHERE message_id = %s", (message_id,)).fetchone()


@pytest.fixture
def tenant(owner: psycopg.Connection[dict[str, Any]]) -> Callable[[], str]:
    """Makes tenants with a published flow."""

    def make() -> str:
        id_ = str(uuid7())
        owner.execute(
            "INSERT INTO tenant (tenant_id, slug, name, locale, sector) VALUES (%s, %s, 'Agency', 'en', 'hotels')",
            (id_, id_),
        )
        owner.execute("INSERT INTO flow (tenant_id, id, slug, name) VALUES (%s, %s, 'main', 'Main')", (id_, id_))
        owner.execute(
            "INSERT INTO flow_version (tenant_id, id, flow_id, number, definition) VALUES (%s, %s, %s, 1, '{}')",
            (id_, id_, id_),
        )
        return id_

    return make


@pytest.fixture
def start(owner: psycopg.Connection[dict[str, Any]], tenant: Callable[[], str]) -> Callable[..., Started]:
    """Starts conversations, each in a tenant of its own unless one is named."""

    def make(tenant_id: str | None = None, locale: str = "en") -> Started:
        tenant_id = tenant_id or tenant()
        conversation = Started(owner, tenant_id, str(uuid7()))
        owner.execute(
            "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
            " VALUES (%s, %s, %s, 'widget', %s, %s, 1)",
            (tenant_id, conversation.id, str(uuid7()), locale, tenant_id),
        )
        owner.execute(
            "INSERT INTO event (tenant_id, stream_id, version, id, stream_type, type, data, actor, correlation_id,"
            " occurred_at) VALUES (%s, %s, 1, %s, 'conversation', 'conversation.started', %s, 'visitor', 'start', now())",
            (tenant_id, conversation.id, str(uuid7()), json.dumps({"locale": locale})),
        )
        return conversation

    return make


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.from_path(ROOT / "domain.yml")


@pytest_asyncio.fixture
async def store(database_url: str, redis_url: str, domain: Domain) -> AsyncIterator[EventTrackerStore]:
    store = EventTrackerStore(domain, None, host=database_url, redis_url=redis_url)
    yield store
    await store.close()


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The real domain, rules and policy, behind a classifier of a few words."""
    folder = Path(__file__).parent / "model"
    result = train(
        domain=str(ROOT / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "nlu.yml"), str(ROOT / "data" / "rules")],
        output=str(tmp_path_factory.mktemp("model")),
        force_training=True,
    )
    assert result.model is not None
    return result.model


@dataclass
class ActionServer:
    """Answers like the real one and remembers what it was asked."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 200

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        self.headers.append(dict(request.headers))
        if self.status != 200:
            return web.json_response({"error": "broken"}, status=self.status)
        done = (body["tracker"]["slots"]["qualification"] or {"answers": []})["answers"]
        value = body["tracker"]["latest_message"]["text"]
        ordinal = len(done) + 1
        return web.json_response(
            {
                "events": [
                    {
                        "event": "qualification",
                        "name": "answer_recorded",
                        "data": {"question": f"q{ordinal}", "label": "A question", "value": value, "display": value},
                    },
                    {"event": "qualification", "name": "question_asked", "data": {"question": f"q{ordinal + 1}"}},
                    {"event": "slot", "name": "qualification", "value": {"answers": [*done, value][-5:]}},
                    {"event": "followup", "name": "action_listen"},
                ],
                "responses": [
                    {
                        "text": f"Question {ordinal + 1}?",
                        "buttons": [
                            {"title": "Yes, please", "payload": '/answer{"question": "q", "value": true}'},
                            {"title": "No", "payload": '/answer{"question": "q", "value": false}'},
                        ],
                        "custom": {
                            "progress": {"done": ordinal, "of": 12},
                            "input": {"type": "choice", "question": "q"},
                        },
                    }
                ],
            }
        )


@pytest_asyncio.fixture
async def action_server() -> AsyncIterator[ActionServer]:
    double = ActionServer()
    application = web.Application()
    application.router.add_post("/webhook", double.answer)
    server = TestServer(application)
    await server.start_server()
    double.url = str(server.make_url("/webhook"))
    yield double
    await remote_action.close()
    await server.close()


@pytest.fixture
def agent(model_path: str, store: EventTrackerStore, action_server: ActionServer) -> Agent:
    return Agent.load(model_path, tracker_store=store, action_endpoint=EndpointConfig(action_server.url))


class Quiet(OutputChannel):
    """Replies are read from the log, so nothing is sent."""

    @classmethod
    def name(cls) -> str:
        return "widget"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        pass


@pytest.fixture
def said() -> Callable[..., UserMessage]:
    """Makes a visitor's message as a channel hands it over."""

    def make(conversation: Started, text: str, turn: Turn, **kwargs: Any) -> UserMessage:
        return UserMessage(
            text, Quiet(), conversation.sender_id, input_channel=turn.channel, message_id=turn.message_id, **kwargs
        )

    return make
