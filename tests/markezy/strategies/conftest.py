"""Agencies with templates, qualified leads, and the worlds around the tasks: a mail server, a bot, a language model."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from markezy.kernel import task
from markezy.kernel.db import Database
from markezy.kernel.outbox import enqueue
from markezy.kernel.settings import Settings
from markezy.leads import api as leads
from markezy.strategies import api
from markezy.strategies import tasks as _tasks  # noqa: F401 - importing names the tasks
from markezy.strategies.enrichment import client
from markezy.strategies.versions import adding, releasing
from markezy.strategies.versions.model import Place
from pydantic import SecretStr
from sqlalchemy import text

from devstack.servers import free_port
from tests.markezy.bot import Bot
from tests.markezy.leads.conversations import Conversation
from tests.markezy.strategies.enrichment.language_model import LanguageModel, serving
from tests.markezy.strategies.leads_of_tests import lead


class Mailbox:
    """A mail server's side: what it took, and what it shall answer next."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answers: list[str] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(0)
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.raw.append(raw)
        self.taken.append(BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw))
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"  # type: ignore[attr-defined]
    yield box
    controller.stop()


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with serving() as served:
        yield served


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that waits for a language model a moment instead of most of a minute."""
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.3)


@dataclass
class Desk:
    """One qualified lead of one agency, and the tasks that work for them."""

    database: Database
    settings: Settings
    tenant_id: UUID
    lead_id: UUID
    conversation_id: UUID

    def run(self, name: str, **payload: str | int) -> bool:
        """Run a task for a new outbox row of its own, as a worker does."""
        with self.database.transaction(self.tenant_id) as connection:
            row_id = enqueue(connection, self.tenant_id, name, payload, "correlation-1")
        call = task.TaskCall(self.tenant_id, row_id, "correlation-1", self.settings, self.database)
        return task.run(name, call, payload)

    def written(self) -> UUID:
        """Write the strategy; its id."""
        self.run("strategies.generate", lead_id=str(self.lead_id))
        return self.strategy.id

    def checked(self) -> UUID:
        """Write and check the strategy; its id."""
        strategy_id = self.written()
        self.run("strategies.check", strategy_id=str(strategy_id))
        return strategy_id

    def made(self) -> UUID:
        """Write, check and render the strategy; its id."""
        strategy_id = self.checked()
        self.run("strategies.render", strategy_id=str(strategy_id))
        return strategy_id

    @property
    def strategies(self) -> list[api.StrategySummary]:
        """The newest first."""
        with self.database.transaction(self.tenant_id) as connection:
            return api.of_lead(connection, self.tenant_id, self.lead_id)

    @property
    def strategy(self) -> api.StrategySummary:
        (found,) = self.strategies
        return found

    def change(self, source: str, part: str = "fr") -> None:
        """The agency changes something of a part, for all its strategies to come."""
        place = Place.named("agency", "", part)
        with self.database.transaction(self.tenant_id) as connection:
            version = adding.add_version(connection, self.tenant_id, place, source, "staff:ada")
            releasing.publish(connection, self.tenant_id, place, version.id, "staff:ada")

    def events(self) -> list[str]:
        """What happened to the lead, by type."""
        return [type_ for (type_,) in self.rows("SELECT type FROM event WHERE stream_type = 'lead' ORDER BY version")]

    def rows(self, sql: str) -> list[Any]:
        with self.database.transaction(self.tenant_id) as connection:
            return list(connection.execute(text(sql)).tuples())

    def open_tasks(self) -> list[str]:
        """The work that is asked for and not done, by name."""
        return [name for (name,) in self.rows(
            "SELECT task FROM outbox WHERE completed_at IS NULL AND failed_at IS NULL ORDER BY task"
        )]  # fmt: skip

    def snapshot(self) -> list[Any]:
        """Everything a second run must not change, and the work it must not ask for again."""
        return [
            self.rows("SELECT id, status, content_hash FROM strategy"),
            self.rows("SELECT strategy_id, md5(body), created_at FROM strategy_document"),
            self.rows("SELECT id, channel, status, attempts, sent_at FROM delivery ORDER BY channel"),
            self.rows("SELECT type, version FROM event WHERE stream_type = 'lead' ORDER BY version"),
            self.open_tasks(),
        ]

    def failure(self) -> tuple[bool, str]:
        """Whether the newest outbox row is a dead letter, and why it failed."""
        return self.rows("SELECT failed_at IS NOT NULL, failure FROM outbox ORDER BY id DESC LIMIT 1")[0]


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(database: Database, make_tenant: Any, settings: Settings, mailbox: Mailbox, bot: Bot) -> OpenDesk:
    """An agency with its sector's layers and a lead who has just been qualified."""
    changed = {"smtp_url": SecretStr(mailbox.url), "bot_url_override": bot.url}  # type: ignore[attr-defined]
    reachable = settings.model_copy(update=changed)

    def make(sector: str = "ecommerce", locale: str = "fr", **given: Any) -> Desk:
        tenant_id = make_tenant(name="Atelier Nova", locale="fr", sector=sector)
        conversation = Conversation(database, tenant_id).start()
        with database.transaction(tenant_id) as connection:
            connection.execute(
                text("UPDATE tenant SET brand = CAST(:brand AS jsonb)"),
                {"brand": json.dumps({"color": "#a3361f", "email": "bonjour@nova.example"})},
            )
            api.adopt(connection, tenant_id, api.product_files())
            qualified = lead(locale=locale, lead_id=conversation.lead_id, conversation_id=conversation.id, **given)
            leads.record_qualified(connection, tenant_id, conversation.lead_id, qualified, "correlation-1")
            connection.execute(text("UPDATE outbox SET completed_at = now()"))
        return Desk(database, reachable, tenant_id, conversation.lead_id, conversation.id)

    return make


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk()
