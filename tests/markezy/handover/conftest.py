"""An agency's team, a lead in a conversation, and the worlds around them: the bot, the mail server, the log's reader."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import requests
from aiosmtpd.controller import Controller
from markezy.accounts.api import User, add_user
from markezy.handover import api
from markezy.handover import tasks as _tasks  # noqa: F401 - importing names the tasks
from markezy.kernel import task
from markezy.kernel.db import Database
from markezy.kernel.projection import Projector
from markezy.kernel.settings import Settings
from markezy.leads import api as leads
from pydantic import SecretStr
from redis import Redis
from sqlalchemy import text

from devstack.servers import free_port
from tests.markezy.bot import Bot
from tests.markezy.console.rows import add_flow_version
from tests.markezy.handover.mailbox import Mailbox
from tests.markezy.leads.conversations import Conversation, staff_token
from tests.markezy.sealed import unsealed
from tests.markezy.settling import project_all

NOT_OPEN = {"mon": []}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    controller.stop()


@dataclass
class Office:
    """One agency with one lead."""

    database: Database
    settings: Settings
    projector: Projector
    relay_database: Database
    web_url: str
    conversation: Conversation

    @property
    def tenant_id(self) -> UUID:
        return self.conversation.tenant_id

    @property
    def lead_id(self) -> UUID:
        return self.conversation.lead_id

    def hire(self, name: str = "Ravi Menon", role: str = "agent") -> User:
        with self.database.transaction(self.tenant_id) as connection:
            email = f"{name.split(maxsplit=1)[0].lower()}@{self.tenant_id}.example"
            return add_user(
                connection, self.tenant_id, email=email, name=name, role=role, password="correct horse battery"
            )

    def keep(self, **wanted: Any) -> None:
        """Keep these settings."""
        with self.database.transaction(self.tenant_id) as connection:
            api.save_settings(connection, self.tenant_id, api.HandoverSettings(**{"timezone": "Europe/Paris"} | wanted))

    def happens(self, type_: str, **data: Any) -> None:
        """An event of the conversation, and what follows from it."""
        self.conversation.add(f"qualification.{type_}", data, "visitor")
        self.catch_up()

    def catch_up(self) -> None:
        project_all(self.projector, self.relay_database)

    def replay(self) -> None:
        """Play the whole log to the projection again."""
        self.rows("DELETE FROM projection_cursor WHERE projection = 'handovers' RETURNING 1")
        self.catch_up()

    def work(self, name: str) -> int:
        """Run the open tasks of this name, due or not, as workers do; how many."""
        waiting = self.rows(
            f"SELECT id, payload FROM outbox WHERE task = '{name}' AND completed_at IS NULL ORDER BY id"
        )
        for row_id, payload in waiting:
            self.run(name, row_id, payload)
        return len(waiting)

    def run(self, name: str, row_id: UUID, payload: dict[str, str]) -> None:
        call = task.TaskCall(self.tenant_id, row_id, "correlation-1", self.settings, self.database)
        task.run(name, call, payload)

    def open_tasks(self) -> list[str]:
        return [name for (name,) in self.rows(
            "SELECT task FROM outbox WHERE completed_at IS NULL AND failed_at IS NULL ORDER BY task"
        )]  # fmt: skip

    def handovers(self) -> list[tuple[str, str | None]]:
        """Status and message of each, oldest first."""
        messages = self.opened("handover", "message", "requested_at, id")
        return [
            (status, message)
            for (status,), message in zip(
                self.rows("SELECT status FROM handover ORDER BY requested_at, id"), messages, strict=True
            )
        ]

    def news(self) -> list[tuple[str, dict[str, str]]]:
        data = self.opened("handover_news", "data", "position")
        intents = self.rows("SELECT intent FROM handover_news ORDER BY position")
        return [(intent, told) for (intent,), told in zip(intents, data, strict=True)]

    def opened(self, table: str, column: str, order: str) -> list[Any]:
        """A sealed column of the tenant's rows."""
        with self.database.transaction(self.tenant_id) as connection:
            return unsealed(connection, self.tenant_id, table, column, order)

    def rows(self, sql: str) -> list[Any]:
        with self.database.transaction(self.tenant_id) as connection:
            return list(connection.execute(text(sql)).tuples())

    def call(self, method: str, path: str, user: User, body: Any = None, **query: str) -> requests.Response:
        """As this member of staff over the staff API."""
        token = staff_token(self.settings, user.tenant_id, user.role, user.id)
        return requests.request(
            method, f"{self.web_url}/api/v1{path}", params=query, json=body,
            headers={"Authorization": f"Bearer {token}"}, timeout=20,
        )  # fmt: skip

    def take(self, user: User) -> requests.Response:
        return self.call("POST", f"/leads/{self.lead_id}/handover/take", user)

    def release(self, user: User) -> requests.Response:
        return self.call("POST", f"/leads/{self.lead_id}/handover/release", user)

    def say(self, user: User, id_: UUID, words: str) -> requests.Response:
        return self.call("POST", f"/leads/{self.lead_id}/messages", user, {"id": str(id_), "text": words})


@pytest.fixture
def open_office(
    database: Database,
    relay_database: Database,
    settings: Settings,
    make_tenant: Callable[..., UUID],
    web_url: str,
    bot: Bot,
    mailbox: Mailbox,
    redis: Redis,
) -> Callable[..., Office]:
    reachable = settings.model_copy(update={"smtp_url": SecretStr(mailbox.url), "bot_url_override": bot.url})
    projections = {
        leads.PROJECTION_NAME: leads.projection(redis), api.PROJECTION_NAME: api.projection(redis),
    }  # fmt: skip
    projector = Projector(relay_database, database, projections)

    def make(locale: str = "en") -> Office:
        conversation = Conversation(database, make_tenant("Brightlane", locale))
        with database.transaction(conversation.tenant_id) as connection:
            conversation.flow_version_id = add_flow_version(connection, conversation.tenant_id)
            connection.execute(
                text(
                    "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
                    " VALUES (:tenant, :id, :lead, 'widget', 'en', :flow, 1)"
                ),
                {
                    "tenant": conversation.tenant_id, "id": conversation.id, "lead": conversation.lead_id,
                    "flow": conversation.flow_version_id,
                },
            )  # fmt: skip
        office = Office(database, reachable, projector, relay_database, web_url, conversation.start())
        office.catch_up()
        return office

    return make


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    return open_office()
