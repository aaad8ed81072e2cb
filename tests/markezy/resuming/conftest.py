"""An agency with one lead in the middle of the questions, its log's reader, and a mail server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from markezy.kernel import task
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.projection import Projector
from markezy.kernel.settings import Settings
from markezy.leads import api as leads
from markezy.resuming import api, reminders
from markezy.resuming import tasks as _tasks  # noqa: F401 - importing names the tasks
from pydantic import SecretStr
from redis import Redis
from sqlalchemy import text

from devstack.servers import free_port
from tests.markezy.console.rows import add_flow_version
from tests.markezy.handover.mailbox import Mailbox
from tests.markezy.leads.conversations import Conversation
from tests.markezy.settling import project_all

PAGE = "https://shop.example/offers?utm=1#top"


@dataclass
class Case:
    """One agency, one lead."""

    database: Database
    settings: Settings
    projector: Projector
    relay_database: Database
    conversation: Conversation

    @property
    def tenant_id(self) -> UUID:
        return self.conversation.tenant_id

    def asks_for_a_link(self, email: str = "zoe@example.com") -> None:
        self.conversation.add("qualification.resume_link_requested", {"email": email}, "visitor")
        self.catch_up()

    def catch_up(self) -> None:
        project_all(self.projector, self.relay_database)

    def replay(self) -> None:
        self.rows("DELETE FROM projection_cursor WHERE projection = 'resuming' RETURNING 1")
        self.catch_up()

    def rest(self, hours: float) -> datetime:
        """The time when nothing has happened for so long."""
        self.catch_up()
        ((last,),) = self.rows("SELECT last_message_at FROM lead")
        moment: datetime = last
        return moment + timedelta(hours=hours)

    def remind(self, hours: float) -> int:
        at = self.rest(hours)
        with self.database.transaction(self.tenant_id) as connection:
            return reminders.remind(connection, self.tenant_id, at)

    def keep(self, remind: bool = True, hours: int = 20) -> None:
        with self.database.transaction(self.tenant_id) as connection:
            api.save_settings(connection, self.tenant_id, api.ResumingSettings(remind, hours))

    def work(self, name: str = "resuming.send") -> int:
        """Run the open tasks of this name as a worker does; how many."""
        waiting = self.rows(f"SELECT id, payload FROM outbox WHERE task = '{name}' AND completed_at IS NULL")
        for row_id, payload in waiting:
            call = task.TaskCall(self.tenant_id, row_id, "correlation-1", self.settings, self.database)
            task.run(name, call, payload)
        return len(waiting)

    def letters(self) -> list[Any]:
        """Kind, recipient, whether it was sent, and why not."""
        return self.rows(
            "SELECT kind, recipient, sent_at IS NOT NULL, failure FROM resume_letter ORDER BY created_at, id"
        )

    def rows(self, sql: str) -> list[Any]:
        with self.database.transaction(self.tenant_id) as connection:
            return list(connection.execute(text(sql)).tuples())


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    controller.stop()


@pytest.fixture
def make_case(
    database: Database,
    relay_database: Database,
    settings: Settings,
    make_tenant: Callable[..., UUID],
    mailbox: Mailbox,
    redis: Redis,
) -> Callable[..., Case]:
    reachable = settings.model_copy(update={"smtp_url": SecretStr(mailbox.url)})
    projections = {leads.PROJECTION_NAME: leads.projection(redis), api.PROJECTION_NAME: api.project}
    projector = Projector(relay_database, database, projections)

    def make(channel: str = "widget", locale: str = "en", website: str = "https://shop.example") -> Case:
        conversation = Conversation(database, make_tenant("Brightlane", locale))
        with database.transaction(conversation.tenant_id) as connection:
            conversation.flow_version_id = add_flow_version(connection, conversation.tenant_id)
            brand = '{"website": "' + website + '", "color": "#0b5d4b", "email": "hello@brightlane.example"}'
            connection.execute(
                text("UPDATE tenant SET brand = CAST(:brand AS jsonb) WHERE tenant_id = :tenant"),
                {"brand": brand, "tenant": conversation.tenant_id},
            )
            connection.execute(
                text(
                    "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
                    " VALUES (:tenant, :id, :lead, :channel, :locale, :flow, 1)"
                ),
                {
                    "tenant": conversation.tenant_id, "id": conversation.id, "lead": conversation.lead_id,
                    "flow": conversation.flow_version_id, "channel": channel, "locale": locale,
                },
            )  # fmt: skip
        conversation.start(channel, locale)
        conversation.add("qualification.question_asked", {"question": "goal", "ordinal": 1})
        conversation.ask("What do you want?").say("more sales").answer("goal", "sales", 1)
        case = Case(database, reachable, projector, relay_database, conversation)
        case.catch_up()
        return case

    return make


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case()


@pytest.fixture
def moment() -> datetime:
    return now()
